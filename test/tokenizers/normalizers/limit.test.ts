import { ConfigError } from "orrery-lm/base";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";

const FACTOR = 250;

function load(): Promise<Tokenizer> {
  const json = {
    version: "1.0",
    added_tokens: [],
    normalizer: { type: "Replace", pattern: { String: "a" }, content: "b".repeat(FACTOR) },
    model: {
      type: "WordLevel",
      vocab: { "[UNK]": 0, ["b".repeat(2 * FACTOR)]: 1 },
      unk_token: "[UNK]",
    },
  };
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

describe("a normalizer that makes texts much longer", async () => {
  const tokenizer = await load();

  test("is exact", () => {
    expect(Array.from(tokenizer.encode("aa"))).toEqual([1]);
  });

  // 5.6 · 10^8 units; a string has at most 2^29 - 24 in V8.
  test.each<[string, (text: string) => unknown]>([
    ["encode", (text) => tokenizer.encode(text)],
    ["count", (text) => tokenizer.count(text)],
    [
      "encode, with special tokens refused",
      (text) => tokenizer.encode(text, { specialTokens: "refuse" }),
    ],
    ["encodeFull", (text) => tokenizer.encodeFull(text)],
    ["explain", (text) => tokenizer.explain(text)],
  ])("%s says where a text would be longer than a string can be", async (_, run) => {
    const text = "a".repeat(2_240_000);
    let error: unknown;
    try {
      await run(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain("a text of 2240000 characters");
  });
});
