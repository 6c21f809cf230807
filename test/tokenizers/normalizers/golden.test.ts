import { Tokenizer } from "orrery-lm/tokenizers";
import { beforeAll, describe, expect, test } from "vitest";
import { golden } from "./golden.ts";

const match = { specialTokens: "match" } as const;

describe.each(golden.cases)("as the reference, trap $name", ({ normalizer, rows }) => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    const json = JSON.stringify({ ...golden.file, normalizer });
    tokenizer = await Tokenizer.load(new TextEncoder().encode(json));
  });

  test.each(rows)("$text", ({ text, tokens, offsets }) => {
    const full = tokenizer.encodeFull(text, undefined, { ...match, offsetUnit: "codepoint" });
    expect(full.tokens).toEqual(tokens);
    expect(full.offsets).toEqual(offsets);
    // Without offsets the normalizers take other ways.
    expect([...tokenizer.encode(text, match)]).toEqual([...full.ids]);
  });
});
