import { parseSentencePieceModel } from "orrery-lm/formats";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";
import { loadModel, sentencePieceCases, unpackModel } from "./sentencepiece-golden-models.ts";

describe.each(sentencePieceCases)("SentencePiece 0.2.2: $name", (one) => {
  it.each(one.rows)("encodes $text", async ({ text, ids, tokens, offsets, decoded }) => {
    const tokenizer = await loadModel(one);
    const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
    expect({
      ids: [...full.ids],
      fast: [...tokenizer.encode(text)],
      tokens: full.tokens,
      offsets: full.offsets,
      decoded: tokenizer.decode(ids),
    }).toEqual({ ids, fast: ids, tokens, offsets, decoded });
  });

  it("decodes any ids, in portions too", async () => {
    const tokenizer = await loadModel(one);
    for (const { ids, decoded } of one.decodes) {
      expect([ids, tokenizer.decode(ids)]).toEqual([ids, decoded]);
      const stream = tokenizer.decodeStream();
      const parts = ids.map((id) => stream.push([id]));
      expect([ids, parts.join("") + stream.end()]).toEqual([ids, decoded]);
    }
  });

  it("is saved as it was read", async () => {
    const saved = (await loadModel(one)).save("sentencepiece")["tokenizer.model"]!;
    expect(Buffer.compare(saved, unpackModel(one))).toBe(0);
  });
});

// "xy" is worse than "x" and "y" by 2^-10, which sums of 32 bits hold up to 2^14 only; of equal ones
// "xy" is found first. From -100000 on the sums start anew, so that the difference counts again.
it.each([
  [100, "x y"],
  [16_000, "x y"],
  [17_000, "xy"],
  [99_990, "xy"],
  [100_010, "x y"],
  [117_000, "xy"],
])("59 sums have 32 bits and start anew below -100000: after %d", async (count, expected) => {
  const pieces = [
    ["<unk>", 0, "UNKNOWN"],
    ["a", -1, "NORMAL"],
    ["x", -1, "NORMAL"],
    ["y", -1, "NORMAL"],
    ["xy", -2 - 2 ** -10, "NORMAL"],
  ] as const;
  const identity = parseSentencePieceModel(unpackModel(sentencePieceCases[0]!));
  const tokenizer = await Tokenizer.create({
    ...identity,
    normalizer: null,
    model: {
      type: "SentencePiece",
      algorithm: "unigram",
      byteFallback: false,
      treatWhitespaceAsSuffix: false,
      pieces: pieces.map(([piece, score, type]) => ({ piece, score, type })),
      file: new Uint8Array(0),
    },
  });
  const { tokens } = tokenizer.encodeFull(`${"a".repeat(count)}xy`);
  expect(tokens.slice(count).join(" ")).toBe(expected);
});
