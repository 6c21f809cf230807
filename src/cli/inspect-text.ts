/** A model explained in words, and as a picture of letters. */

import type { BlockKind, ModelDifference, ModelInspection } from "orrery-lm/models";
import type { DescribedValue, PartDescription } from "orrery-lm/nn";
import { textTable, wordTable } from "./text-table.ts";

/** All that is known, for the terminal. */
export function inspectionText(model: ModelInspection): string {
  return [
    `${model.modelType}: ${kindText(model)}`,
    diagram(model),
    `Parameters\n${parameterTable(model)}`,
    costText(model),
    listText("Assumed, as config.json does not say", model.assumptions),
    listText("Without effect", model.notes),
    `Its parts are examples for the questions ${model.questions.join(", ")}`,
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** A line for each difference. */
export function differenceText(
  names: readonly [string, string],
  found: readonly ModelDifference[],
): string {
  if (found.length === 0) return "no difference";
  return wordTable([["", ...names], ...found.map(({ path, a, b }) => [path, a ?? "-", b ?? "-"])]);
}

/** Lines from the bottom of a block to its top, as they are computed. */
export function blockLines({ block }: BlockKind): string[] {
  const order = [
    "attentionNorm",
    "attention",
    "attentionOutputNorm",
    "crossAttentionNorm",
    "crossAttention",
    "ffnNorm",
    "ffn",
    "ffnOutputNorm",
  ];
  return order.flatMap((name) => {
    const part = block.parts[name];
    return part ? [`${name}: ${partText(part)}`, ...insideLines(part)] : [];
  });
}

/** The title of a kind of block: which layers, and how they are joined. */
export function blockTitle({ stack, layers, block }: BlockKind): string {
  const residual = block.parts["residual"];
  const how = residual ? `${partText(residual)}: ${residual.formula ?? ""}` : "";
  return `${stack === "" ? "" : `${stack} `}layer${layers.length > 1 ? "s" : ""} ${ranges(layers)}, ${how}`;
}

/** A part in a line: its name and the choices that it was made with. */
export function partText({ name, options }: PartDescription): string {
  const choices = Object.entries(options)
    .filter(([key, value]) => value !== false && !isSize(key))
    .map(([key, value]) => (value === true ? key : `${key} ${valueText(value)}`));
  return choices.length > 0 ? `${name} (${choices.join(", ")})` : name;
}

/** What is outside the blocks, by the order of the computation: before, and behind. */
export function frameLines({ description }: ModelInspection): [before: string[], behind: string[]] {
  const stacks = ["encoder", "decoder"].flatMap((side) => {
    const stack = description.parts[side];
    return stack ? [[`${side}.`, stack] as const] : [];
  });
  const named = (names: readonly string[]): string[] =>
    [["", description] as const, ...stacks].flatMap(([prefix, { parts }]) =>
      names.flatMap((name) => {
        const part = parts[name];
        return part ? [`${prefix}${name}: ${partText(part)}`] : [];
      }),
    );
  return [named(["positions", "embeddingNorm"]), named(["finalNorm", "head"])];
}

/** Bytes in a unit that people read. */
export function bytesText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toPrecision(4)} ${units[power]!}`;
}

/** What a token costs, in lines. */
export function costText({
  work,
  kept,
  weightBytes,
  parameters,
  maxPositions,
}: ModelInspection): string {
  const operations = (count: number): string => `${(count / 1e6).toPrecision(4)} M`;
  const rows = [
    [
      `operations per token, in a text of ${work.length}`,
      `${operations(work.perToken)} (${operations(work.matrices)} in matrices, ${operations(work.attention)} in attention)`,
    ],
    ...(parameters.active < parameters.total
      ? [["parameters that a token meets", Math.round(parameters.active).toLocaleString("en")]]
      : []),
    ...(kept
      ? [
          ["kept of a token, float16", bytesText(kept.bytesPerToken)],
          [`kept of a text of ${kept.length}, float16`, bytesText(kept.bytesAtLength)],
        ]
      : []),
    ...Object.entries(weightBytes).map(([dtype, bytes]) => [
      `weights in ${dtype}`,
      bytesText(bytes),
    ]),
    ["positions", maxPositions === undefined ? "any number" : String(maxPositions)],
  ];
  return wordTable(rows);
}

function kindText({ kind, description, blocks, parameters }: ModelInspection): string {
  const layers = blocks.reduce((sum, block) => sum + block.layers.length, 0);
  const size = description.options["hiddenSize"];
  const width = size === undefined ? "" : `, ${String(size)} channels`;
  return `${kind} with ${layers} layers${width}, ${parameters.total.toLocaleString("en")} parameters`;
}

function diagram(model: ModelInspection): string {
  const [before, behind] = frameLines(model);
  const { vocabSize } = model.description.options;
  return [
    `token ids, of ${String(vocabSize)}`,
    "  │",
    ...["embedding", ...before].map((line) => `  ├─ ${line}`),
    ...model.blocks.flatMap((kind) => [
      "  │",
      `  ╞═ ${blockTitle(kind)}`,
      ...blockLines(kind).map((line) => `  │    ${line}`),
    ]),
    "  │",
    ...behind.map((line) => `  ├─ ${line}`),
    "  ▼",
    "logits",
  ].join("\n");
}

function insideLines(part: PartDescription): string[] {
  return Object.entries(part.parts).flatMap(([name, inner]) => [
    `  ${name}: ${partText(inner)}`,
    ...insideLines(inner).map((line) => `  ${line}`),
  ]);
}

function parameterTable({ parameters: { byPart, total } }: ModelInspection): string {
  const share = (count: number): string => `${((100 * count) / total).toFixed(1)} %`;
  return textTable(
    Object.entries({ ...byPart, total }).map(([part, count]) => [
      part,
      count.toLocaleString("en"),
      share(count),
    ]),
  );
}

function listText(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Sizes that all parts of a model share are told once. */
function isSize(key: string): boolean {
  return key === "hiddenSize" || key === "size" || key === "vocabSize";
}

function valueText(value: DescribedValue): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value);
}

/** Numbers in their order as 0-3, 5; every second one as 0, 2 … 30. */
function ranges(numbers: readonly number[]): string {
  const step = (numbers[1] ?? 0) - (numbers[0] ?? 0);
  const isEven =
    numbers.length > 3 && numbers.every((n, i) => i === 0 || n - numbers[i - 1]! === step);
  if (isEven && step > 1) return `${numbers[0]!}, ${numbers[1]!} … ${numbers.at(-1)!}`;
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last && n === last[1] + 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(", ");
}
