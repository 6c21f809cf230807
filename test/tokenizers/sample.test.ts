import { readFileSync } from "node:fs";
import { ConfigError } from "orrery-lm/base";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { golden } from "./golden.ts";

/** See goldens/generate/character-bpe.py. */
const {
  dropout,
}: {
  dropout: {
    readonly model: Readonly<Record<string, unknown>>;
    readonly text: string;
    /** How often the reference draws each encoding: ids joined with blanks, and the share. */
    readonly shares: Readonly<Record<string, number>>;
  };
} = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/character-bpe.json", import.meta.url), "utf8"),
);

function load(model: object): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify({ decoder: null, model })));
}

const bytes = await Tokenizer.load(new TextEncoder().encode(golden.written));
const characters = await load(dropout.model);

test("27 dropout draws as tokenizers 0.23.2 does", () => {
  const draws = 20_000;
  const counts = new Map<string, number>();
  for (let seed = 0; seed < draws; seed++) {
    const key = characters.sample(dropout.text, { seed }).join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, share] of Object.entries(dropout.shares)) {
    const deviation = Math.sqrt(share * (1 - share) * draws);
    const distance = Math.abs((counts.get(key) ?? 0) - share * draws);
    expect(distance, key).toBeLessThan(3 * deviation);
  }
});

describe.each([
  ["bytes", bytes, "The planet turns, the planet turns", "planets 行星 🪐"],
  ["characters", characters, "abcdabcdabcd", "abcabcd"],
])("sample of BPE over %s", (_name, tokenizer, text, other) => {
  test("equal seeds draw equally, others otherwise", () => {
    const draw = (seed: number): string => tokenizer.sample(text, { seed, dropout: 0.5 }).join(" ");
    expect(draw(7)).toBe(draw(7));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => draw(seed))).size).toBeGreaterThan(5);
  });

  test("what it draws decodes to the text, in at least as many tokens", () => {
    for (const part of [text, other]) {
      for (let seed = 0; seed < 20; seed++) {
        const ids = tokenizer.sample(part, { seed, dropout: 0.3 });
        expect(tokenizer.decode(ids).replaceAll(" ", "")).toBe(part.replaceAll(" ", ""));
        expect(ids.length).toBeGreaterThanOrEqual(1);
      }
    }
  });

  test("27 without dropout it is encode, with all of it nothing merges", () => {
    expect(tokenizer.sample(text, { seed: 1, dropout: 0 })).toEqual(tokenizer.encode(text));
    const nothing = tokenizer.sample(text, { seed: 1, dropout: 1 });
    expect(nothing.length).toBe(new TextEncoder().encode(text).length);
  });

  test("27 encode never draws", () => {
    const all = Array.from({ length: 20 }, () => tokenizer.encode(text).join(" "));
    expect(new Set(all).size).toBe(1);
  });

  test.each([-0.1, 1.1, Number.NaN])("refuses a dropout of %d", (wrong) => {
    const draw = (): unknown => tokenizer.sample(text, { seed: 1, dropout: wrong });
    expect(draw).toThrow(ConfigError);
    expect(draw).toThrow("expected 0 to 1");
  });
});

test("27 dropout does not look at whole pieces, as in the reference", async () => {
  const model = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: [], ignore_merges: true };
  const tokenizer = await load(model);
  expect([...tokenizer.encode("ab")]).toEqual([2]);
  expect([...tokenizer.sample("ab", { seed: 1, dropout: 0 })]).toEqual([2]);
  expect([...tokenizer.sample("ab", { seed: 1, dropout: 1e-9 })]).toEqual([0, 1]);
});

test("refuses a model that knows one way only", async () => {
  const model = { type: "WordLevel", unk_token: "a", vocab: { a: 0 } };
  const tokenizer = await load(model);
  expect(() => tokenizer.sample("a", { seed: 1 })).toThrow(ConfigError);
  expect(() => tokenizer.sample("a", { seed: 1 })).toThrow("in one way only");
});
