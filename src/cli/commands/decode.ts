import { ConfigError } from "orrery-lm/base";
import { defineCommand } from "../command.ts";
import { excerpt, type JsonLine, readField, readJsonLine } from "../json-lines.ts";
import { readLines, readText } from "../read-text.ts";
import { openTokenizer, tokenizerRuleOptions } from "../open-tokenizer.ts";
import { jsonOption, tokenizerOption } from "../shared-options.ts";
import { write } from "../terminal.ts";

/** Turns ids into text. */
export default defineCommand({
  description: [
    "Turns token ids, with blanks or line breaks between them, into the text that they stand for,",
    "with nothing added. With --jsonl each line is a JSON object: ids, and if wanted",
    "skipSpecialTokens; each gives a line with an object that has the text.",
  ].join("\n"),
  operands: { usage: "[FILE|-]", min: 0, max: 1 },
  options: {
    ...tokenizerOption,
    ...tokenizerRuleOptions,
    jsonl: { type: "flag", help: "read and write a JSON object a line" },
    "skip-special-tokens": { type: "flag", help: "leave out special tokens" },
    ...jsonOption,
  },
  examples: [
    "orrery decode --tokenizer tokenizer.json ids.txt > book.txt",
    "echo 44 12 9 | orrery decode --tokenizer tokenizer.json",
  ],
  run: async ({ values, operands, terminal }) => {
    const { stdout, stderr } = terminal;
    const tokenizer = await openTokenizer(values.tokenizer, values);
    const [file = "-"] = operands;
    const skipSpecialTokens = values["skip-special-tokens"];
    const unknown = new Set<number>();
    const note = (ids: readonly number[]): void => {
      for (const id of ids) if (tokenizer.idToToken(id) === undefined) unknown.add(id);
    };
    if (values.jsonl) {
      for await (const line of readLines(file, terminal)) {
        const object = readJsonLine(line);
        const skips = readField(object, "skipSpecialTokens", "boolean") ?? skipSpecialTokens;
        const ids = readIds(object);
        note(ids);
        const text = tokenizer.decode(ids, { skipSpecialTokens: skips });
        await write(stdout, `${JSON.stringify({ text })}\n`);
      }
    } else {
      const ids = parseIds(await readText([file], terminal, { isLossy: false }));
      note(ids);
      const text = tokenizer.decode(ids, { skipSpecialTokens });
      const end = stdout.isTTY === true && !text.endsWith("\n") ? "\n" : "";
      await write(stdout, values.json ? `${JSON.stringify({ text })}\n` : text + end);
    }
    if (unknown.size > 0) {
      const some = [...unknown].slice(0, 3).join(", ");
      const more = unknown.size > 3 ? ", …" : "";
      await write(
        stderr,
        `left out: ${some}${more}; the tokenizer has no such ids (it has ${tokenizer.vocabSize})\n`,
      );
    }
    return 0;
  },
});

function parseIds(text: string): number[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.map((word, i) => {
    if (isId(Number(word)) && /^\d+$/.test(word)) return Number(word);
    throw new ConfigError(
      `id ${i + 1}: expected a whole number, got ${excerpt(word)}; to decode JSON, add --jsonl`,
    );
  });
}

function readIds({ where, value }: JsonLine): number[] {
  const { ids } = value;
  const isList = Array.isArray(ids) && ids.every(isId);
  if (isList) return ids;
  throw new ConfigError(`${where}: ids: expected a list of whole numbers, got ${excerpt(ids)}`);
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}
