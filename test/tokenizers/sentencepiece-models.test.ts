import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";

/** See goldens/generate/sentencepiece-models.py. */
interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly model: string;
    readonly rows: readonly {
      readonly text: string;
      readonly ids: readonly number[];
      readonly tokens: readonly string[];
      readonly offsets: readonly (readonly [number, number])[];
      readonly decoded: string;
    }[];
    readonly decodes: readonly { readonly ids: readonly number[]; readonly decoded: string }[];
    readonly nbest: readonly {
      readonly text: string;
      readonly best: readonly (readonly [ids: readonly number[], score: number])[];
    }[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(
    new URL("../../goldens/tokenizers/sentencepiece-models.json", import.meta.url),
    "utf8",
  ),
);

describe.each(golden.cases)("SentencePiece 0.2.2: $name", ({ model, rows, decodes }) => {
  const load = (): Promise<Tokenizer> =>
    Tokenizer.load(new Uint8Array(gunzipSync(Buffer.from(model, "base64"))));

  it.each(rows)("encodes $text", async ({ text, ids, tokens, offsets, decoded }) => {
    const tokenizer = await load();
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
    const tokenizer = await load();
    for (const { ids, decoded } of decodes) {
      expect([ids, tokenizer.decode(ids)]).toEqual([ids, decoded]);
      const stream = tokenizer.decodeStream();
      const parts = ids.map((id) => stream.push([id]));
      expect([ids, parts.join("") + stream.end()]).toEqual([ids, decoded]);
    }
  });

  it("is saved as it was read", async () => {
    const saved = (await load()).save("sentencepiece")["tokenizer.model"]!;
    expect(Buffer.compare(saved, gunzipSync(Buffer.from(model, "base64")))).toBe(0);
  });
});
