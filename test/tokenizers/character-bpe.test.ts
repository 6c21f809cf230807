import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { expect, test } from "vitest";

/** See goldens/generate/character-bpe.py. */
interface Golden {
  readonly texts: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly split: boolean;
    readonly model: Readonly<Record<string, unknown>>;
    /** Ids; starts and ends in code points, or null where they are not worth imitating. */
    readonly answers: readonly (readonly [
      ids: readonly number[],
      offsets: readonly number[] | null,
    ])[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/character-bpe.json", import.meta.url), "utf8"),
);

function load(model: unknown, split = false): Promise<Tokenizer> {
  const file = {
    added_tokens: [],
    pre_tokenizer: split ? { type: "WhitespaceSplit" } : null,
    decoder: null,
    model,
  };
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
}

test.each(golden.cases)("$name, as tokenizers 0.23.2", async ({ model, split, answers }) => {
  const tokenizer = await load(model, split);
  for (const [i, [ids, offsets]] of answers.entries()) {
    const text = golden.texts[i]!;
    const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
    expect([text, ...tokenizer.encode(text)]).toEqual([text, ...ids]);
    expect([text, ...full.ids]).toEqual([text, ...ids]);
    const places = full.offsets.flat();
    expect([text, ...places]).toEqual([text, ...(offsets ?? places)]);
    for (const [start, end] of full.offsets) {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(Array.from(text).length);
    }
  }
});

// The reference refuses to encode such texts.
test("24 an unknown token that is no token: what is unknown vanishes", async () => {
  const vocab = { a: 0, b: 1, ab: 2 };
  const tokenizer = await load({ type: "BPE", vocab, merges: [["a", "b"]], unk_token: "<unk>" });
  expect([...tokenizer.encode("xabx")]).toEqual([2]);
});

test("33 a million characters without a cut take no quadratic time", async () => {
  const letters = ["a", "b", "中", "▁"];
  const merges = [
    ["a", "a"],
    ["aa", "aa"],
    ["a", "b"],
    ["中", "中"],
    ["▁", "▁"],
  ];
  const tokens = [...letters, ...merges.map((pair) => pair.join(""))];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const tokenizer = await load({ type: "BPE", vocab, merges });
  for (const text of ["a", "ab", "中", "▁", "aab▁"]) {
    const count = tokenizer.count(text.repeat(1_000_000 / text.length));
    expect(count).toBeLessThanOrEqual(750_000);
    expect(count).toBeGreaterThan(100_000);
  }
});
