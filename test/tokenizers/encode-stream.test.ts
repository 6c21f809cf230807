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
});
