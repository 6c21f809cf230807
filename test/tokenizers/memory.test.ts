import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Tokenizer } from "orrery-lm/tokenizers";
import { expect, test } from "vitest";
import { load } from "./traps/trap.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** The bytes of all arrays that are in use. */
function arrayBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

const wide = "\u0416"; // no ASCII, so that nothing is cut
const letters = { a: 0, b: 1, ab: 2, [wide]: 3 };
const bpe = { type: "BPE", vocab: letters, merges: ["a b"], unk_token: "a" };
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };
const ranks = Array.from(
  { length: 256 },
  (_, byte) => `${btoa(String.fromCharCode(byte))} ${byte}`,
);

test.each<[string, () => Promise<Tokenizer>]>([
  ["BPE over characters", () => load({ model: bpe })],
  ["BPE that cannot be cut", () => load({ model: { ...bpe, ignore_merges: true } })],
  ["byte-level BPE", () => load({ pre_tokenizer: { ...byteLevel, use_regex: true }, model: bpe })],
  [
    "byte-level BPE of one piece",
    () => load({ pre_tokenizer: { ...byteLevel, use_regex: false }, model: bpe }),
  ],
  [
    "ranks",
    () =>
      Tokenizer.load(new TextEncoder().encode(`${ranks.join("\n")}\n`), {
        pattern: "gpt2",
        specialTokens: {},
      }),
  ],
])("%s gives the room of a long text back", async (_, make) => {
  const tokenizer = await make();
  const encode = (text: string): number =>
    tokenizer.encode(text).length + tokenizer.encodeFull(text).ids.length;
  encode("ab".repeat(40_000) + "a ".repeat(30_000)); // makes the tables that are made once
  encode("ab ab");
  const before = arrayBytes();
  expect(encode("ab".repeat(200_000)) + encode("a ".repeat(150_000))).toBeGreaterThan(250_000);
  encode("ba bab"); // words that it does not remember
  expect(arrayBytes() - before).toBeLessThan(1e6);
});
