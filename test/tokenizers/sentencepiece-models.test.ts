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
