import { Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { golden, loadWith } from "./golden.ts";

const asReference = { addSpecialTokens: false, specialTokens: "match" } as const;

describe.each(golden.cases)("as the reference, trap $name", async ({ changes, rows }) => {
  const tokenizer = await loadWith(changes);

  test.each(rows)("$text", ({ text, ids, tokens, offsets, decoded, decodedSkip }) => {
    expect([...tokenizer.encode(text, asReference)]).toEqual(ids);
    const full = tokenizer.encodeFull(text, undefined, { ...asReference, offsetUnit: "codepoint" });
    expect([...full.ids]).toEqual(ids);
    expect(full.tokens).toEqual(tokens);
    expect(full.offsets).toEqual(offsets);
    expect(tokenizer.decode(ids)).toBe(decoded);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(decodedSkip);
  });
});

describe(`as the reference, trap ${golden.asText.name}`, async () => {
  const tokenizer = await loadWith(golden.asText.changes);

  test.each(golden.asText.rows)("$text", ({ text, ids }) => {
    expect([...tokenizer.encode(text)]).toEqual(ids);
  });
});

test.each(golden.decodes)("as the reference, trap 57 bytes that are not UTF-8: $bytes", (row) => {
  const tokenizer = new TextEncoder().encode(golden.written);
  return Tokenizer.load(tokenizer).then((loaded) => {
    expect(loaded.decode(row.ids)).toBe(row.decoded);
  });
});

describe("training as the reference", () => {
  const { lines, ...options } = golden.training;

  test("gives the same file, byte for byte", async () => {
    const tokenizer = await trainTokenizer(lines, options);
    const file = tokenizer.save("tokenizer.json")["tokenizer.json"];
    expect(new TextDecoder().decode(file)).toBe(golden.written);
  });

  test("gives the same from lines that come one by one, or cut out of a text", async () => {
    async function* arriving(): AsyncGenerator<string> {
      for (const line of lines) yield await Promise.resolve(line);
    }
    const expected = (await trainTokenizer(lines, options)).save("tokenizer.json");
    const fromStream = await trainTokenizer(arriving(), options);
    const fromText = await trainTokenizer(splitLines(lines.join("")), options);
    expect(fromStream.save("tokenizer.json")).toEqual(expected);
    expect(fromText.save("tokenizer.json")).toEqual(expected);
  });
});
