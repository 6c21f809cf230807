import fc from "fast-check";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { golden } from "./golden.ts";

// `encode` normalizes word by word and remembers the words where it may; `encodeFull` never does.
// The vocabulary has all characters of the golden, at the start of a word and inside.

const characters = [
  ...new Set(golden.cases.flatMap(({ rows }) => rows.flatMap(({ text }) => Array.from(text)))),
];
const tokens = [...new Set(["[UNK]", ...characters, ...characters.map((c) => `##${c}`)])];

/** Blanks and marks more often than anything else; and U+0600, which a blank may belong to. */
const texts = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u200b") },
      {
        weight: 3,
        arbitrary: fc.constantFrom("a", "ab", "b a", "\u0301", "\u0323", "\u0600", "."),
      },
      { weight: 4, arbitrary: fc.constantFrom(...characters) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""));

function replace(string: string, content: string): object {
  return { type: "Replace", pattern: { String: string }, content };
}

function sequence(...normalizers: readonly object[]): object {
  return { type: "Sequence", normalizers };
}

describe("encode normalizes as encodeFull does", () => {
  test.each<object>([
    ...golden.digests.flatMap(({ changes }) => (changes.normalizer as object | undefined) ?? []),
    { type: "ByteLevel" },
    { type: "Prepend", prepend: "a" },
    { type: "Strip", strip_left: true, strip_right: true },
    replace("a", "b"),
    replace("a", " "),
    replace("", "a"),
    replace("b a", "a"),
    replace("\n", "a"),
    sequence({ type: "Nmt" }, replace("a", " a "), { type: "NFKC" }, { type: "Lowercase" }),
    sequence({ type: "ByteLevel" }, { type: "NFD" }),
    sequence(replace("a", "b"), replace("b", "\u0301"), { type: "NFC" }),
  ])("%j", async (normalizer) => {
    const file = {
      ...golden.file,
      added_tokens: [],
      normalizer,
      pre_tokenizer: { type: "WhitespaceSplit" },
      model: {
        type: "WordPiece",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        unk_token: "[UNK]",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
      },
    };
    const tokenizer = await Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
    fc.assert(
      fc.property(texts, (text) => {
        expect([...tokenizer.encode(text)]).toEqual([...tokenizer.encodeFull(text).ids]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
