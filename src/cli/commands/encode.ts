import { ConfigError } from "orrery-lm/base";
import { type EncodeFullOptions, SpecialTokenError, type Tokenizer } from "orrery-lm/tokenizers";
import { defineCommand } from "../command.ts";
import { type JsonLine, readChoice, readField, readJsonLine } from "../json-lines.ts";
import { readLines, readText } from "../read-text.ts";
import { openTokenizer, tokenizerRuleOptions } from "../open-tokenizer.ts";
import { jsonOption, lossyOption, tokenizerOption } from "../shared-options.ts";
import { write } from "../terminal.ts";

const specialTokensChoices = ["text", "match", "refuse"] as const;
const offsetUnits = ["utf16", "codepoint", "byte"] as const;

/** Turns text into ids. */
export default defineCommand({
  description: [
    "Turns a text into token ids: one line of numbers with blanks between them.",
    "With --jsonl each line is a JSON object: text, and if wanted pair, addSpecialTokens,",
    "specialTokens, offsetUnit; each gives a line with an object that has the ids.",
  ].join("\n"),
  operands: { usage: "[FILE|-]", min: 0, max: 1 },
  options: {
    ...tokenizerOption,
    ...tokenizerRuleOptions,
    jsonl: { type: "flag", help: "read and write a JSON object a line" },
    full: { type: "flag", help: "also tokens, offsets, type ids and masks, as JSON" },
    "special-tokens": {
      type: "choice",
      choices: specialTokensChoices,
      help: "what special tokens in the text mean: plain text, tokens, or an error [text]",
    },
    "no-special-tokens": {
      type: "flag",
      help: "leave out the tokens that the tokenizer adds, such as a start token",
    },
    ...lossyOption,
    ...jsonOption,
  },
  examples: [
    "orrery encode --tokenizer tokenizer.json book.txt > ids.txt",
    `echo '{"text":"Hello"}' | orrery encode --tokenizer tokenizer.json --jsonl --full`,
  ],
  run: async ({ values, operands, terminal }) => {
    const { full, jsonl, json } = values;
    const { stdout } = terminal;
    const tokenizer = await openTokenizer(values.tokenizer, values);
    const options: EncodeFullOptions = {
      addSpecialTokens: !values["no-special-tokens"],
      specialTokens: values["special-tokens"] ?? "text",
    };
    const [file = "-"] = operands;
    if (jsonl) {
      for await (const line of readLines(file, terminal)) {
        const asked = readJsonLine(line);
        const fields = encodeObject(tokenizer, asked, { full, options });
        await write(stdout, `${JSON.stringify(fields)}\n`);
      }
      return 0;
    }
    const text = await readText([file], terminal, { isLossy: values.lossy, keepsMark: true });
    const fields = named(file, () => encodeText(tokenizer, { text }, { full, options }));
    const isJson = json || full;
    await write(stdout, isJson ? `${JSON.stringify(fields)}\n` : `${fields.ids.join(" ")}\n`);
    return 0;
  },
});

interface Task {
  readonly text: string;
  readonly pair?: string;
}

interface Wanted {
  readonly full: boolean;
  readonly options: EncodeFullOptions;
}

function encodeObject(tokenizer: Tokenizer, line: JsonLine, { full, options }: Wanted): object {
  const text = readField(line, "text", "string");
  if (text === undefined) throw new ConfigError(`${line.where}: expected an object with a text`);
  const pair = readField(line, "pair", "string");
  const own = {
    addSpecialTokens: readField(line, "addSpecialTokens", "boolean"),
    specialTokens: readChoice(line, "specialTokens", specialTokensChoices),
    offsetUnit: readChoice(line, "offsetUnit", offsetUnits),
  };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const task = pair === undefined ? { text } : { text, pair };
  const wanted = { full, options: { ...options, ...given } };
  return named(line.where, () => encodeText(tokenizer, task, wanted));
}

function encodeText(
  tokenizer: Tokenizer,
  { text, pair }: Task,
  { full, options }: Wanted,
): { ids: number[] } {
  if (!full && pair === undefined) return { ids: [...tokenizer.encode(text, options)] };
  const { ids, ...rest } = tokenizer.encodeFull(text, pair, options);
  if (!full) return { ids: [...ids] };
  const { tokens, offsets, typeIds, attentionMask, specialTokensMask } = rest;
  return Object.assign(
    { ids: [...ids] },
    {
      tokens,
      offsets,
      typeIds: [...typeIds],
      attentionMask: [...attentionMask],
      specialTokensMask: [...specialTokensMask],
    },
  );
}

/** Says where the text is from that has a special token and must not. */
function named<Result>(where: string, encode: () => Result): Result {
  try {
    return encode();
  } catch (cause) {
    if (!(cause instanceof SpecialTokenError)) throw cause;
    const name = where === "-" ? "standard input" : where;
    throw new ConfigError(`${name}: ${cause.message}`, { cause });
  }
}
