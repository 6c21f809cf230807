import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { loadWith } from "../golden.ts";
import { golden } from "./golden.ts";

// A byte-level tokenizer decodes what its normalizer made of a text.
describe.each(golden.digests)(
  "$changes goes by the reference's Unicode, not the engine's",
  (row) => {
    test.each([
      ["code points one by one", () => codePoints(row.separator), row.every],
      ["marks at random", randomTexts, row.random],
    ])("%s", async (_name, texts, expected) => {
      const tokenizer = await loadWith(row.changes);
      const hash = createHash("sha256");
      for (const text of texts()) hash.update(tokenizer.decode(tokenizer.encode(text)));
      expect(hash.digest("hex")).toBe(expected);
    });
  },
);

function* codePoints(separator: string): Generator<string> {
  for (let start = 0; start < 0x110000; start += 0x800) {
    const isSampled = start >= 0x34000 && start % 0x10000 >= 0x1000;
    if (isSampled || start === 0xd800) continue;
    const characters = Array.from({ length: 0x800 }, (_, i) => String.fromCodePoint(start + i));
    yield characters.join(separator);
  }
}

// The same as in the script that made the digests.
function* randomTexts(): Generator<string> {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  for (let i = 0; i < 500; i++) {
    let text = "";
    for (let j = 0; j < 200; j++) {
      const [first, last] = golden.blocks[next() % golden.blocks.length]!;
      text += String.fromCodePoint(first + (next() % (last - first + 1)));
    }
    yield text;
  }
}
