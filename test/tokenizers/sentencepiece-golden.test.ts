import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { type GoldenAnswer, ours, readLines, theirs } from "./golden-answers.ts";

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";

describe.skipIf(isAbsent).each([
  ["albert-base-v1", "albert-base-v1/spiece.model", 804],
  ["mistral-v1", "mistral-v1/tokenizer.model", 796],
  ["test_sentencepiece", "test_sentencepiece/test_sentencepiece.model", 790],
])(`%s${note}`, (name, path, count) => {
  test("answers as sentencepiece 0.2.2 does, to every row", async () => {
    const tokenizer = await Tokenizer.load(sharedData(`tokenizers/${path}`)!);
    const rows = readLines<GoldenAnswer>(`golden/${name}.sentencepiece.jsonl.gz`);
    expect(rows.length).toBe(count);
    for (const row of rows) {
      expect({ text: row.text, ...ours(tokenizer, row) }).toEqual({
        text: row.text,
        ...theirs(row),
      });
    }
  });

  test("is saved byte for byte", async () => {
    const file = new Uint8Array(readFileSync(sharedData(`tokenizers/${path}`)!));
    const tokenizer = await Tokenizer.load(file);
    const saved = tokenizer.save("sentencepiece")["tokenizer.model"]!;
    expect(Buffer.compare(saved, file)).toBe(0);
  });
});
