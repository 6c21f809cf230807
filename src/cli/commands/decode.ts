import { ConfigError } from "orrery-lm/base";
import type { Tokenizer } from "orrery-lm/tokenizers";
import { UsageError, defineCommand } from "../command.ts";
import { readJsonLines, writeJsonLine } from "../json-lines.ts";
import { readText } from "../read-text.ts";
import { tokenizerOf, tokenizerOption } from "../tokenizer-option.ts";

const isId = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32;

function readIds(text: string): Uint32Array {
  const words = text.split(/[\s,[\]]+/).filter(Boolean);
  const wrong = words.findIndex((word) => !/^\d+$/.test(word) || !isId(Number(word)));
  if (wrong >= 0)
    throw new ConfigError(
      `expected ids as whole numbers, got ${JSON.stringify(words[wrong])} in place ${wrong + 1}`,
    );
  return Uint32Array.from(words, Number);
}

async function decodeLines(
  tokenizer: Tokenizer,
  path: string | undefined,
  skip: boolean,
): Promise<void> {
  for await (const { line, value } of readJsonLines(path)) {
    const { ids, skipSpecialTokens = skip } = value;
    if (!Array.isArray(ids) || !ids.every(isId))
      throw new ConfigError(
        `line ${line}: expected "ids" to be a list of ids, got ${JSON.stringify(ids)?.slice(0, 60)}`,
      );
    if (typeof skipSpecialTokens !== "boolean")
      throw new ConfigError(`line ${line}: expected "skipSpecialTokens" to be true or false`);
    writeJsonLine({ text: tokenizer.decode(Uint32Array.from(ids), { skipSpecialTokens }) });
  }
}

/** `orrery decode` */
export default defineCommand({
  usage: "decode --tokenizer PATH [FILE]",
  summary: "Turn ids into text: those in a file, or from standard input.",
  options: {
    ...tokenizerOption,
    jsonl: {
      type: "boolean",
      default: false,
      help: 'read {"ids", "skipSpecialTokens"?} a line, write {"text"} a line',
    },
    json: { type: "boolean", default: false, help: "write one JSON object" },
    "skip-special": { type: "boolean", default: false, help: "leave out special tokens" },
  },
  example: "echo 20 94 12 | orrery decode --tokenizer tokenizer.json",

  async run({ tokenizer: path, jsonl, json, ...values }, [file, ...rest]) {
    if (rest.length > 0) throw new UsageError(`expected one file, got ${rest.length + 1}`);
    const tokenizer = await tokenizerOf(path);
    const skipSpecialTokens = values["skip-special"];
    if (jsonl) {
      await decodeLines(tokenizer, file, skipSpecialTokens);
      return;
    }
    const text = tokenizer.decode(readIds(await readText(file, false)), { skipSpecialTokens });
    if (json) writeJsonLine({ text });
    else process.stdout.write(process.stdout.isTTY && !text.endsWith("\n") ? `${text}\n` : text);
  },
});
