import { readFileSync } from "node:fs";
import { Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { type GoldenAnswer, ours, readLines, theirs, unzip } from "./golden-answers.ts";

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";
const match = { specialTokens: "match" } as const;

describe.skipIf(isAbsent).each([
  ["gpt2", 783],
  ["phi-2", 783],
  ["mistral-v1", 800],
  ["t5-small", 835],
])(`%s${note}`, (name, count) => {
  test("answers as tokenizers 0.23.2 does, to every row", async () => {
    const tokenizer = await Tokenizer.load(sharedData(`tokenizers/${name}`)!);
    const rows = readLines<GoldenAnswer>(`golden/${name}.tokenizers.jsonl.gz`);
    expect(rows.length).toBe(count);
    for (const row of rows) {
      expect({ text: row.text, ...ours(tokenizer, row) }).toEqual({
        text: row.text,
        ...theirs(row),
      });
    }
  });
});

test.skipIf(isAbsent)(`gpt2 answers published vectors${note}`, async () => {
  const tokenizer = await Tokenizer.load(sharedData("tokenizers/gpt2/tokenizer.json")!);
  const rows = readLines<{ text: string; ids: number[]; add_special_tokens?: boolean }>(
    "vectors/gpt2.jsonl.gz",
  );
  expect(rows.length).toBe(233);
  for (const { text, ids, add_special_tokens: addSpecialTokens = false } of rows) {
    expect([text, ...tokenizer.encode(text, { ...match, addSpecialTokens })]).toEqual([
      text,
      ...ids,
    ]);
  }
});

describe.skipIf(isAbsent).each(["en", "zh", "multi"])(
  `training on corpora/%s.txt${note}`,
  (name) => {
    test("learns what tokenizers 0.23.2 learns, merge for merge", async () => {
      const text = readFileSync(sharedData(`corpora/${name}.txt`)!, "utf8");
      const golden = readJson(`trained/bpe-bytelevel-${name}-8000.json.gz`);
      const tokenizer = await trainTokenizer(splitLines(text), {
        vocabSize: 8000,
        minFrequency: 1,
      });
      const file = tokenizer.save("tokenizer.json")["tokenizer.json"];
      const { model } = JSON.parse(new TextDecoder().decode(file));
      expect(model.merges).toEqual(golden.merges);
      expect(model.vocab).toEqual(golden.vocab);
    });
  },
);

function readJson(path: string): { vocab: unknown; merges: unknown } {
  return JSON.parse(unzip(path));
}
