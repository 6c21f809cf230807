import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { expect, test } from "vitest";

/** See goldens/generate/bpe-pipelines.py. */
const golden: {
  tokenizers: readonly {
    readonly name: string;
    readonly file: unknown;
    readonly rows: readonly {
      readonly text: string;
      readonly ids: readonly number[];
      readonly tokens: readonly string[];
      /** Starts and ends in code points. */
      readonly offsets: readonly number[];
      readonly decoded: string;
    }[];
  }[];
} = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/bpe-pipelines.json", import.meta.url), "utf8"),
);

test.each(golden.tokenizers)("25 $name answers as tokenizers 0.23.2", async ({ file, rows }) => {
  const tokenizer = await Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
  for (const { text, ids, tokens, offsets, decoded } of rows) {
    const match = { specialTokens: "match" } as const;
    const full = tokenizer.encodeFull(text, undefined, { ...match, offsetUnit: "codepoint" });
    expect({
      text,
      ids: [...tokenizer.encode(text, match)],
      fullIds: [...full.ids],
      tokens: full.tokens,
      offsets: full.offsets.flat(),
      decoded: tokenizer.decode(ids),
    }).toEqual({ text, ids, fullIds: ids, tokens, offsets, decoded });
  }
});
