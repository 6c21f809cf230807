import { ConfigError } from "orrery-lm/base";
import type { SpecialTokens, Tokenizer } from "orrery-lm/tokenizers";
import { UsageError, defineCommand } from "../command.ts";
import { readJsonLines, writeJsonLine } from "../json-lines.ts";
import { readText } from "../read-text.ts";
import { tokenizerOf, tokenizerOption } from "../tokenizer-option.ts";

const specialTokensNames = ["text", "match", "refuse"] as const;

interface Settings {
  addSpecialTokens: boolean;
  specialTokens: SpecialTokens;
}

function specialTokensOf(where: string, value: unknown): SpecialTokens {
  const name = specialTokensNames.find((candidate) => candidate === value);
  if (name === undefined) {
    throw new ConfigError(
      `${where}: expected ${specialTokensNames.join(", ")}, got ${JSON.stringify(value)}`,
    );
  }
  return name;
}

/** All fields of an encoding, or its ids alone, as plain JSON. */
function encodeOne(
  tokenizer: Tokenizer,
  { text, pair }: { text: string; pair?: string | undefined },
  settings: Settings,
  isFull: boolean,
): Record<string, unknown> {
  if (!isFull && pair === undefined) return { ids: [...tokenizer.encode(text, settings)] };
  const { ids, ...rest } = tokenizer.encodeFull(text, pair, settings);
  if (!isFull) return { ids: [...ids] };
  const plain = Object.entries(rest).map(([key, value]) => [
    key,
    ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value,
  ]);
  return { ids: [...ids], ...(Object.fromEntries(plain) as Record<string, unknown>) };
}

async function encodeLines(
  tokenizer: Tokenizer,
  path: string | undefined,
  settings: Settings,
  isFull: boolean,
): Promise<void> {
  for await (const { line, value } of readJsonLines(path)) {
    const {
      text,
      pair,
      addSpecialTokens = settings.addSpecialTokens,
      specialTokens = settings.specialTokens,
    } = value;
    if (typeof text !== "string")
      throw new ConfigError(
        `line ${line}: expected "text" to be a string, got ${JSON.stringify(text)}`,
      );
    if (pair !== undefined && typeof pair !== "string")
      throw new ConfigError(`line ${line}: expected "pair" to be a string`);
    if (typeof addSpecialTokens !== "boolean")
      throw new ConfigError(`line ${line}: expected "addSpecialTokens" to be true or false`);
    const own = {
      addSpecialTokens,
      specialTokens: specialTokensOf(`line ${line}: specialTokens`, specialTokens),
    };
    writeJsonLine(encodeOne(tokenizer, { text, pair }, own, isFull));
  }
}

/** `orrery encode` */
export default defineCommand({
  usage: "encode --tokenizer PATH [FILE]",
  summary: "Turn text into ids: a file's, or standard input's.",
  options: {
    ...tokenizerOption,
    jsonl: {
      type: "boolean",
      default: false,
      help: 'read {"text", "pair"?, "addSpecialTokens"?, "specialTokens"?} a line, write {"ids"} a line',
    },
    full: {
      type: "boolean",
      default: false,
      help: "write tokens, offsets, types and masks too (JSON)",
    },
    json: { type: "boolean", default: false, help: "write one JSON object" },
    "special-tokens": {
      type: "string",
      value: "HOW",
      default: "text",
      help: "special tokens in the text: text, match or refuse",
    },
    "no-special": {
      type: "boolean",
      default: false,
      help: "add no special tokens around the text",
    },
    lossy: { type: "boolean", default: false, help: "replace bytes that are not UTF-8" },
  },
  example: "echo 'To be, or not to be' | orrery encode --tokenizer tokenizer.json",

  async run({ tokenizer: path, jsonl, full, json, lossy, ...values }, [file, ...rest]) {
    if (rest.length > 0) throw new UsageError(`expected one file, got ${rest.length + 1}`);
    const tokenizer = await tokenizerOf(path);
    const settings = {
      addSpecialTokens: !values["no-special"],
      specialTokens: specialTokensOf("--special-tokens", values["special-tokens"]),
    };
    if (jsonl) {
      await encodeLines(tokenizer, file, settings, full);
      return;
    }
    const text = await readText(file, lossy);
    if (json || full) writeJsonLine(encodeOne(tokenizer, { text }, settings, full));
    else process.stdout.write(`${tokenizer.encode(text, settings).join(" ")}\n`);
  },
});
