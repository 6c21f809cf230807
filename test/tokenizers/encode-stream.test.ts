import { ConfigError } from "orrery-lm/base";
import { describe, expect, test } from "vitest";
import type { Tokenizer } from "orrery-lm/tokenizers";
import { addedToken, load, splitAt } from "./traps/trap.ts";

const bytes = ["a", "b", "c", "1", "Ġ", "Ġb", "aĠb"];
const byteBpe = {
  type: "BPE",
  vocab: Object.fromEntries(bytes.map((token, id) => [token, id])),
  merges: ["Ġ b", "a Ġb"],
};
const byteLevel = {
  type: "ByteLevel",
  add_prefix_space: false,
  trim_offsets: false,
  use_regex: false,
};

/** The ids that a stream gives for these portions. */
function streamed(tokenizer: Tokenizer, portions: Iterable<string>): number[] {
  const stream = tokenizer.encodeStream();
  const ids = Array.from(portions, (portion) => [...stream.push(portion)]).flat();
  return [...ids, ...stream.end()];
}

describe("encodeStream gives what encode gives", () => {
  test.each([
    ["Digits", { type: "Digits", individual_digits: true }],
    ["Digits in runs", { type: "Digits", individual_digits: false }],
    ["a Split at numbers", splitAt(String.raw`\p{N}`)],
  ])("where only %s cuts", async (_, step) => {
    const tokenizer = await load({
      pre_tokenizer: { type: "Sequence", pretokenizers: [step, byteLevel] },
      model: byteBpe,
    });
    const text = "cca bcccc1cc";
    expect(streamed(tokenizer, text)).toEqual([...tokenizer.encode(text)]);
  });

  // What the first portion settles would be encoded without what the second needs to see.
  const single = { single_word: true };
  const words = { pre_tokenizer: { type: "WhitespaceSplit" } };
  const lines = { pre_tokenizer: { ...byteLevel, use_regex: true } };
  const blanks = { type: "Metaspace", replacement: "_", prepend_scheme: "always", split: true };
  test.each([
    ["a token forbidden by the word before", words, [" b", single], ["a b a ", "a a"]],
    ["a token forbidden by the word behind", lines, ["a\n", single], ["a\nbbbb", "b"]],
    [
      "a token that takes blanks along",
      { pre_tokenizer: blanks },
      ["<x>", { lstrip: true }],
      ["a\u2003        ", " <x> a"],
    ],
  ] as const)("with %s", async (_, steps, [content, flags], portions) => {
    const vocab = { "?": 0, _: 1, a: 2, b: 3, "\u2003": 4, Ċ: 5 };
    const model = { type: "BPE", vocab, merges: [], unk_token: "?" };
    const tokenizer = await load({
      ...steps,
      added_tokens: [addedToken(9, content, flags)],
      model,
    });
    expect(streamed(tokenizer, portions)).toEqual([...tokenizer.encode(portions.join(""))]);
    expect(streamed(tokenizer, portions.join(""))).toEqual([
      ...tokenizer.encode(portions.join("")),
    ]);
  });
});

test("a stream ends once", async () => {
  const template = [
    { Sequence: { id: "A", type_id: 0 } },
    { SpecialToken: { id: "b", type_id: 0 } },
  ];
  const special_tokens = { b: { id: "b", ids: [1], tokens: ["b"] } };
  const post_processor = {
    type: "TemplateProcessing",
    single: template,
    pair: [...template, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens,
  };
  const tokenizer = await load({ post_processor, model: byteBpe });
  const stream = tokenizer.encodeStream();
  stream.push("a");
  expect([...stream.end()]).toEqual([0, 1]);
  expect([...stream.end()]).toEqual([]);
  expect(() => stream.push("a")).toThrow(
    new ConfigError("EncodeStream.push: the text has ended; begin another stream"),
  );
});
