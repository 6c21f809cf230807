import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";

interface Encoded {
  readonly text: string;
  readonly pair?: string;
  readonly addSpecialTokens: boolean;
  readonly ids: readonly number[];
  readonly offsets: readonly (readonly [number, number])[];
  readonly tokens?: readonly string[];
  readonly typeIds?: readonly number[];
  readonly specialTokensMask?: readonly number[];
  readonly sequenceIds?: readonly number[];
  /** What the reference answers where it is not followed. */
  readonly knownDivergence?: { readonly sequenceIds: readonly number[] };
}

interface Case {
  readonly name: string;
  readonly file: object;
  readonly rows: readonly Encoded[];
}

/** See goldens/generate/components.py. */
const golden: {
  readonly encodes: readonly Case[];
  readonly processed: readonly Case[];
  readonly decoded: readonly {
    readonly name: string;
    readonly decoder: object | null;
    readonly rows: readonly { readonly tokens: readonly string[]; readonly decoded: string }[];
  }[];
} = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/components.json", import.meta.url), "utf8"),
);

function load(file: object): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
}

test.each(golden.encodes)("pre-tokenizer as the reference, trap $name", async ({ file, rows }) => {
  const tokenizer = await load(file);
  for (const { text, ids, offsets } of rows) {
    expect([...tokenizer.encode(text)], text).toEqual(ids);
    const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
    expect([...full.ids], text).toEqual(ids);
    expect(full.offsets, text).toEqual(offsets);
  }
});

test.each(golden.processed)("post-processor as the reference, trap $name", async (one) => {
  const tokenizer = await load(one.file);
  for (const row of one.rows) {
    const { text, pair, addSpecialTokens, ids, knownDivergence, ...expected } = row;
    const full = tokenizer.encodeFull(text, pair, { addSpecialTokens, offsetUnit: "codepoint" });
    const { tokens, offsets } = full;
    expect([...full.ids]).toEqual(ids);
    expect({
      tokens,
      offsets,
      typeIds: [...full.typeIds],
      specialTokensMask: [...full.specialTokensMask],
      ...(!knownDivergence && { sequenceIds: [...full.sequenceIds] }),
    }).toEqual(expected);
    expect([...full.sequenceIds]).not.toEqual(knownDivergence?.sequenceIds);
  }
});

test.each(golden.processed)("ids alone are the same, trap $name", async ({ file, rows }) => {
  const tokenizer = await load(file);
  for (const { text, addSpecialTokens, ids } of rows.filter(({ pair }) => pair === undefined)) {
    expect([...tokenizer.encode(text, { addSpecialTokens })]).toEqual(ids);
  }
});

describe.each(golden.decoded)("traps 54, 56–58, decoder as the reference: $name", (one) => {
  test.each(one.rows)("$tokens", async ({ tokens, decoded }) => {
    const vocab = Object.fromEntries(["?", ...new Set(tokens)].map((token, id) => [token, id]));
    const model = { type: "WordLevel", vocab, unk_token: "?" };
    const tokenizer = await load({ model, added_tokens: [], decoder: one.decoder });
    const ids = tokens.map((token) => tokenizer.tokenToId(token)!);
    expect(tokenizer.decode(ids)).toBe(decoded);
    for (let cut = 0; cut <= ids.length; cut++) {
      const stream = tokenizer.decodeStream();
      const parts = [stream.push(ids.slice(0, cut)), stream.push(ids.slice(cut)), stream.end()];
      expect(parts.join("")).toBe(decoded);
    }
    const stream = tokenizer.decodeStream();
    expect(ids.map((id) => stream.push([id])).join("") + stream.end()).toBe(decoded);
  });
});
