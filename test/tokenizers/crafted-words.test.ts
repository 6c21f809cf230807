import { expect, test } from "vitest";
import { load } from "./traps/trap.ts";

const FACTOR = 0x9e3779b1;

/** The number whose product with `value` is 1, in 32 bits. */
function inverse(value: number): number {
  let found = value;
  for (let i = 0; i < 5; i++) found = Math.imul(found, 2 - Math.imul(value, found));
  return found;
}

/** One step of the hash with which pieces are remembered. */
function step(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, FACTOR);
  return product ^ (product >>> 15);
}

/** What `step` made `hash` of. */
function stepBack(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15) ^ (hash >>> 30), inverse(FACTOR));
}

/** Words of 11 visible characters that, behind a blank, all want the same slot of a hash table. */
function craftWords(count: number): string[] {
  const words: string[] = [];
  const view = new DataView(new ArrayBuffer(12));
  const bytes = new Uint8Array(view.buffer);
  for (let prefix = 0; words.length < count; prefix++) {
    bytes.set(new TextEncoder().encode(` ${String(prefix).padStart(7, "0")}`));
    const before = step(step(0, view.getInt32(0, true)), view.getInt32(4, true));
    // All hashes whose 18 bits from the 6th on are zeros.
    for (let high = 0; high < 1 << 9; high++) {
      for (let low = 0; low < 1 << 5; low++) {
        const word = stepBack((high << 23) | low) ^ before;
        if ((word & 0x80808080) !== 0) continue;
        view.setInt32(8, word, true);
        if (bytes.subarray(8).every((byte) => byte > 0x20 && byte < 0x7f)) {
          words.push(new TextDecoder().decode(bytes).slice(1));
        }
      }
    }
  }
  return words.slice(0, count);
}

test("words that were made to collide take no quadratic time", async () => {
  const tokenizer = await load({
    pre_tokenizer: { type: "WhitespaceSplit" },
    model: { type: "WordLevel", vocab: { "?": 0, a: 1 }, unk_token: "?" },
  });
  const words = craftWords(120_000);
  expect(new Set(words).size).toBe(120_000);
  expect(tokenizer.encode(`a ${words.join(" ")} a`)).toHaveLength(120_002);
  expect([...tokenizer.encode(`a ${words.at(-1)} a`)]).toEqual([1, 0, 1]);
}, 30_000);
