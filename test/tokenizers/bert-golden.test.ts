import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { type GoldenAnswer, ours, readLines, theirs } from "./golden-answers.ts";

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";
const FOLDER = "tokenizers/bert-base-uncased";

describe.skipIf(isAbsent).each([
  ["tokenizer.json", "tokenizers"],
  ["vocab.txt", "tokenizers-bert"],
])(`%s of bert-base-uncased${note}`, (file, reference) => {
  test("answers as tokenizers 0.23.2 does, to every row", async () => {
    const tokenizer = await Tokenizer.load(sharedData(`${FOLDER}/${file}`)!);
    const rows = readLines<GoldenAnswer>(`golden/bert-base-uncased.${reference}.jsonl.gz`);
    expect(rows.length).toBe(814);
    for (const row of rows) {
      expect({ text: row.text, ...ours(tokenizer, row) }).toEqual({
        text: row.text,
        ...theirs(row),
      });
    }
  });
});

test.skipIf(isAbsent)(`bert-base-uncased answers published vectors${note}`, async () => {
  const tokenizer = await Tokenizer.load(readFileSync(sharedData(`${FOLDER}/vocab.txt`)!));
  const rows = readLines<{ text: string; ids: number[]; add_special_tokens?: boolean }>(
    "vectors/bert-base-uncased.jsonl.gz",
  );
  expect(rows.length).toBe(2098);
  for (const { text, ids, add_special_tokens: addSpecialTokens = false } of rows) {
    const actual = tokenizer.encode(text, { specialTokens: "match", addSpecialTokens });
    expect([text, ...actual]).toEqual([text, ...ids]);
  }
});
