import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it, test } from "vitest";

/** See goldens/generate/unigram.py. */
const golden: {
  readonly cases: readonly {
    readonly name: string;
    readonly json: object;
    readonly rows: readonly {
      readonly text: string;
      readonly ids: readonly number[];
      readonly tokens: readonly string[];
      readonly offsets: readonly (readonly [number, number])[];
    }[];
  }[];
} = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/unigram.json", import.meta.url), "utf8"),
);

function load(json: object): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

describe.each(golden.cases)("tokenizers 0.23.2: $name", ({ json, rows }) => {
  it.each(rows)("encodes $text", async ({ text, ids, tokens, offsets }) => {
    const tokenizer = await load(json);
    const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
    expect({
      ids: [...full.ids],
      fast: [...tokenizer.encode(text)],
      tokens: full.tokens,
      offsets: full.offsets,
    }).toEqual({ ids, fast: ids, tokens, offsets });
  });
});

test("without an unknown token, unknown characters vanish, and no place moves", async () => {
  const vocab = [
    ["a", -1],
    ["b", -2],
  ];
  const tokenizer = await load({ model: { type: "Unigram", unk_id: null, vocab } });
  const full = tokenizer.encodeFull("a☃b☃");
  expect([...full.ids]).toEqual([0, 1]);
  expect(full.offsets).toEqual([
    [0, 1],
    [1, 3],
  ]);
});

// A sum of 32 bits would take "ab" from -2^24 on, where 1/4 is lost.
test("59 scores of tokenizer.json have 64 bits, however long the text", async () => {
  const vocab = [
    ["<unk>", 0],
    ["x", -16_777_216],
    ["a", -1],
    ["b", -1],
    ["ab", -2.25],
  ];
  const tokenizer = await load({ model: { type: "Unigram", unk_id: 0, vocab } });
  expect([...tokenizer.encode("xab")]).toEqual([1, 2, 3]);
});
