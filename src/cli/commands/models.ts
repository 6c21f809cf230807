import {
  openRegistry,
  registryTrend,
  type Registry,
  type RegistryField,
  type RegistryQuery,
  type RegistryRow,
} from "orrery-lm/models";
import { defineCommand } from "../command.ts";
import { modelCard, modelTable, trendText } from "../registry-text.ts";
import { jsonOption } from "../shared-options.ts";
import { write } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Says which published model is built how. */
export default defineCommand({
  description: [
    "Says which published models are built how, and how that is known: position encoding, norm,",
    "feed-forward network, attention, tokenizer. A word fits a value that has it: rope fits rope+nope.",
    "Grades: A released files or official code seen, B defaults and code of transformers,",
    "C secondary sources, D memory. With a name it tells all of one model, with its sources.",
  ].join("\n"),
  operands: { usage: "[NAME]", min: 0, max: 1 },
  options: {
    position: {
      type: "text",
      value: "WORD",
      help: "rope, alibi, learned, sinusoidal, t5-bias, nope, …",
    },
    "rope-layout": {
      type: "choice",
      choices: ["half", "interleaved"],
      help: "which channels RoPE turns together",
    },
    norm: { type: "text", value: "WORD", help: "layernorm, rmsnorm" },
    placement: {
      type: "text",
      value: "WORD",
      help: "where norms stand: pre, post, sandwich, branch, deepnorm",
    },
    ffn: { type: "text", value: "WORD", help: "plain, swiglu, geglu" },
    activation: {
      type: "text",
      value: "WORD",
      help: "as config.json calls it: relu, relu2, silu, gelu, …",
    },
    gelu: { type: "choice", choices: ["erf", "tanh", "quick"], help: "which form of GELU" },
    attention: { type: "text", value: "WORD", help: "mha, gqa, mqa, mla" },
    moe: { type: "flag", help: "only mixtures of experts" },
    parallel: { type: "flag", help: "only those whose attention and FFN read the same" },
    tokenizer: {
      type: "text",
      value: "WORD",
      help: "BPE, WordPiece, Unigram, SentencePiece, byte-level",
    },
    architecture: { type: "text", value: "WORD", help: "decoder, encoder, encoder-decoder" },
    family: { type: "text", value: "WORD", help: "a family's name or model_type" },
    year: { type: "text", value: "YEAR", help: "a year, or years as 2023-2025" },
    grade: { type: "text", value: "GRADES", help: "only rows of these grades, such as AB" },
    trend: {
      type: "text",
      value: "FIELD",
      help: "count the values of a field year by year, such as position",
    },
    ...jsonOption,
  },
  examples: [
    "orrery models --position alibi",
    "orrery models --norm rmsnorm --placement sandwich --json",
    "orrery models --trend norm --architecture decoder",
    "orrery models gpt-neox-20b",
  ],
  run: async ({ values, operands: [id], terminal }) => {
    const registry = await openRegistry();
    const asked: RegistryQuery = {
      position: values.position,
      ropeLayout: values["rope-layout"],
      norm: values.norm,
      normPlacement: values.placement,
      ffn: values.ffn,
      activation: values.activation,
      geluForm: values.gelu,
      attention: values.attention,
      tokenizerAlgorithm: values.tokenizer,
    };
    checkWords(registry, asked);
    const isAsked = modelFilter(values);
    const query = {
      ...asked,
      moe: values.moe || undefined,
      parallelBlock: values.parallel || undefined,
    };
    const rows = registry
      .find(query)
      .filter((row) => isAsked(row) && (id === undefined || row === registry.get(id)));
    await write(terminal.stdout, `${answer(registry, rows, { ...values, id })}\n`);
    return 0;
  },
});

interface Form {
  readonly id: string | undefined;
  readonly json: boolean;
  readonly trend: string | undefined;
}

function answer(
  registry: Registry,
  rows: readonly RegistryRow[],
  { id, json, trend }: Form,
): string {
  if (trend !== undefined) {
    const fields = Object.keys(registry.rows[0]!);
    if (!fields.includes(trend)) {
      throw new UsageError(
        `--trend: expected one of ${fields.join(", ")}, got ${JSON.stringify(trend)}`,
      );
    }
    const counts = registryTrend(rows, trend as RegistryField);
    return json ? JSON.stringify(counts) : trendText(counts);
  }
  if (json) return JSON.stringify(rows);
  if (id !== undefined) return rows.map(modelCard).join("\n\n");
  return `${modelTable(rows)}\n\n${rows.length} of ${registry.rows.length} models`;
}

/** A word that fits no model at all is a slip, not a question without an answer. */
function checkWords(registry: Registry, asked: RegistryQuery): void {
  for (const [field, word] of Object.entries(asked)) {
    if (word === undefined || registry.find({ [field]: word }).length > 0) continue;
    const known = [
      ...new Set(registry.rows.map((row) => JSON.stringify(row[field as RegistryField]))),
    ];
    throw new UsageError(
      `no model has ${field} ${JSON.stringify(word)}: expected a word of ${known.join(", ")}`,
    );
  }
}

function modelFilter(values: {
  readonly year: string | undefined;
  readonly family: string | undefined;
  readonly architecture: string | undefined;
  readonly grade: string | undefined;
}): (row: RegistryRow) => boolean {
  const { year, family, architecture, grade } = values;
  const years = /^(\d{4})(?:-(\d{4}))?$/.exec(year ?? "0000-9999");
  if (!years)
    throw new UsageError(`--year: expected 2024 or 2023-2025, got ${JSON.stringify(year)}`);
  if (grade !== undefined && !/^[A-D]+$/i.test(grade))
    throw new UsageError(`--grade: expected letters from A to D, got ${JSON.stringify(grade)}`);
  const [first, last] = [Number(years[1]), Number(years[2] ?? years[1])];
  const isCalled = (row: RegistryRow): boolean =>
    [row.family, row.hfModelType, row.id].some(
      (name) => name?.toLowerCase() === family?.toLowerCase(),
    );
  return (row) =>
    row.year >= first &&
    row.year <= last &&
    (family === undefined || isCalled(row)) &&
    (architecture === undefined || row.architecture === architecture) &&
    (grade === undefined || grade.toUpperCase().includes(row.verification));
}
