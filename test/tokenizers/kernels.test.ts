import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { nastyStrings } from "../nasty-strings.ts";
import { sharedData } from "../shared-data.ts";

// `encode` takes the fast ways: scanners for known patterns, words and parts of words that it
// remembers, cuts where no token can reach across. `encodeFull` takes none of them.

const ranks: string = readGolden("tiktoken-ranks").ranks;
const sentencePieces: readonly { readonly name: string; readonly model: string }[] =
  readGolden("sentencepiece-models").cases;

const blanks = { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false };
const llama = {
  added_tokens: [],
  post_processor: null,
  decoder: null,
  model: {
    type: "BPE",
    unk_token: "?",
    fuse_unk: true,
    ...bpeOf("▁ b", "a b", "▁ a", "▁a b", "▁ ▁", "▁▁ ▁", "b a", "行 星"),
  },
};
const bytes = JSON.parse(readGolden("byte-level-bpe").written);
const bert = { ...readGolden("bert").written, post_processor: null };

const sources: readonly (readonly [name: string, load: () => Promise<Tokenizer>])[] = [
  ...["gpt2", "cl100k", "o200k", "qwen2", "tekken", "starcoder", "deepseek-v3"].map(
    (pattern) =>
      [
        `ranks, ${pattern}`,
        () => Tokenizer.load(new TextEncoder().encode(ranks), { pattern, specialTokens: {} }),
      ] as const,
  ),
  ...sentencePieces.map(
    ({ name, model }) =>
      [
        `SentencePiece, ${name}`,
        () => Tokenizer.load(new Uint8Array(gunzipSync(Buffer.from(model, "base64")))),
      ] as const,
  ),
  ...["NFC", "NFKD"].map(
    (type) => [`bytes behind ${type}`, () => loadJson({ ...bytes, normalizer: { type } })] as const,
  ),
  ...[true, false].map(
    (isIndividual) =>
      [
        `bytes behind Digits, ${isIndividual}`,
        () =>
          loadJson({
            ...bytes,
            pre_tokenizer: {
              type: "Sequence",
              pretokenizers: [
                { type: "Digits", individual_digits: isIndividual },
                bytes.pre_tokenizer,
              ],
            },
          }),
      ] as const,
  ),
  ["BERT", () => loadJson(bert)],
  ["Metaspace", () => loadJson({ ...llama, normalizer: null, pre_tokenizer: blanks })],
  [
    "Metaspace, always, split",
    () =>
      loadJson({
        ...llama,
        normalizer: null,
        pre_tokenizer: { ...blanks, prepend_scheme: "always", split: true },
      }),
  ],
  [
    "Prepend and Replace",
    () =>
      loadJson({
        ...llama,
        normalizer: {
          type: "Sequence",
          normalizers: [
            { type: "Prepend", prepend: "▁" },
            { type: "Replace", pattern: { String: " " }, content: "▁" },
          ],
        },
        pre_tokenizer: null,
      }),
  ],
  [
    "a token that goes on behind a blank",
    () =>
      loadJson({
        ...llama,
        normalizer: null,
        pre_tokenizer: blanks,
        model: { ...llama.model, ...bpeOf("▁ b", "a ▁", "a▁ b", "▁ ▁") },
      }),
  ],
  [
    "no token for the blank",
    () =>
      loadJson({
        ...llama,
        normalizer: null,
        pre_tokenizer: blanks,
        model: { ...llama.model, vocab: { "?": 0, a: 1, b: 2, ab: 3 }, merges: [["a", "b"]] },
      }),
  ],
  ...[
    "gpt2/tokenizer.json",
    "phi-2/tokenizer.json",
    "bert-base-uncased/tokenizer.json",
    "mistral-v1/tokenizer.json",
    "mistral-v1/tokenizer.model",
    "t5-small/tokenizer.json",
    "albert-base-v1/spiece.model",
    "test_sentencepiece/test_sentencepiece.model",
  ].flatMap((file) => {
    const path = sharedData(`tokenizers/${file}`);
    return path === undefined ? [] : [[file, () => Tokenizer.load(path)] as const];
  }),
];

const parts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(" ", " ", "  ", "\n", "\t", "\r\n", "▁", "\u3000") },
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "ab", "the", "planet", "Turn", "It's") },
  { weight: 3, arbitrary: fc.constantFrom("行星", "转动", "한국", "планета", "कि", "ก็", "é") },
  { weight: 2, arbitrary: fc.constantFrom("\u0301", "\u0600", "\u200b", "\u00ad", "\ufeff", "\0") },
  { weight: 2, arbitrary: fc.constantFrom("1", "234", "!", "...", "(", "🪐", "👩‍🚀", "ﬁ", "\ud800") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);
const texts = fc.array(parts, { maxLength: 40 }).map((all) => all.join(""));

describe.each(sources)("%s", async (_, load) => {
  const tokenizer = await load();

  test("encode gives the ids of encodeFull", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(differenceOf(tokenizer, text)).toBeUndefined();
      }),
      { seed: 20_261_124, numRuns: 250 },
    );
  });

  test.each(nastyStrings.filter(([, text]) => text.length < 1000))("of %s", (_name, text) => {
    expect(differenceOf(tokenizer, text)).toBeUndefined();
  });

  // So long that it pays to look where stretches without blanks can be cut.
  test("of long texts without blanks", () => {
    const stretch = "行星转动小小的黄铜行星也跟着转动地球绕着太阳转ดาวเคราะห์หมุน惑星は回る🪐🪐";
    const characters = Array.from(stretch);
    const text = Array.from({ length: 8000 }, (_each, i) => characters[(i * i) % 61] ?? "中");
    for (const part of [text, text.toReversed()]) {
      const joined = part.join("");
      expect(differenceOf(tokenizer, joined)).toBeUndefined();
    }
  });
});

test("nothing is cut where a token has parts of two characters", async () => {
  // 9C EC: the end of "제" and the start of "을".
  const file = `${Array.from({ length: 256 }, (_, i) => `${btoa(String.fromCharCode(i))} ${i}`).join("\n")}\nnOw= 256\n`;
  const options = { pattern: "gpt2", specialTokens: {} };
  const tokenizer = await Tokenizer.load(new TextEncoder().encode(file), options);
  const text = "제을".repeat(9000);
  expect(tokenizer.count(text)).toBe(45_000);
  expect(differenceOf(tokenizer, text)).toBeUndefined();
});

test("a long row of symbols merges in the order of ranks, leftmost first", async () => {
  const merges = ["b a", "a a", "ba ba", "a b", "aa ba", "ab b", "b b", "baba a", "aa aa", "bb ab"];
  const tokenizer = await loadJson({
    ...llama,
    normalizer: null,
    pre_tokenizer: null,
    model: { ...llama.model, ...bpeOf(...merges) },
  });
  const random = fc.sample(fc.constantFrom("a", "b"), { numRuns: 2500, seed: 3 });
  const tokens = tokenizer.encodeFull(random.join("")).tokens;
  expect(tokens).toEqual(mergeNaively(random, merges));
});

function mergeNaively(symbols: readonly string[], merges: readonly string[]): string[] {
  const row = [...symbols];
  for (;;) {
    const ranks = row.map((left, i) => merges.indexOf(`${left} ${row[i + 1]}`));
    const best = Math.min(...ranks.filter((rank) => rank >= 0));
    if (best === Infinity) return row;
    const place = ranks.indexOf(best);
    row.splice(place, 2, row[place]! + row[place + 1]!);
  }
}

test("what is remembered is bounded, and forgetting changes nothing", async () => {
  const tokenizer = await sources[0]![1]();
  const words = Array.from({ length: 150_000 }, (_, i) =>
    i.toString(26).replaceAll(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)]!),
  );
  const text = words.join(" ");
  const count = tokenizer.count(text);
  expect(differenceOf(tokenizer, text)).toBeUndefined();
  expect(tokenizer.count(text)).toBe(count);
});

/** The first place where `encode` and `encodeFull` differ, and both answers from there. */
function differenceOf(tokenizer: Tokenizer, text: string): object | undefined {
  const fast = tokenizer.encode(text);
  const readable = tokenizer.encodeFull(text).ids;
  const place = fast.findIndex((id, i) => id !== readable[i]);
  if (place < 0 && fast.length === readable.length) return undefined;
  const from = place < 0 ? Math.min(fast.length, readable.length) : place;
  return { text, from, fast: fast.slice(from, from + 9), readable: readable.slice(from, from + 9) };
}

// oxlint-disable-next-line typescript/no-explicit-any -- the shapes are those of the generators
function readGolden(name: string): any {
  return JSON.parse(
    readFileSync(new URL(`../../goldens/tokenizers/${name}.json`, import.meta.url), "utf8"),
  );
}

function loadJson(file: object): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
}

/** A vocabulary of the parts and results of merges. */
function bpeOf(...merges: readonly string[]): object {
  const tokens = new Set(["?", "▁", "a", "b", "行", "星"]);
  for (const merge of merges) tokens.add(merge.replace(" ", ""));
  return {
    vocab: Object.fromEntries([...tokens].map((token, id) => [token, id])),
    merges: merges.map((merge) => merge.split(" ")),
  };
}
