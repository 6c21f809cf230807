import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";
import { loadJson, loadRanks, piecesOf } from "./tokenizers.ts";

const bpe = {
  type: "BPE",
  unk_token: "?",
  vocab: { "?": 0, a: 1, b: 2, c: 3, ab: 4, abc: 5, bc: 6, "<0xC3>": 7, "<0xA9>": 8 },
  merges: [
    ["b", "c"],
    ["a", "b"],
    ["ab", "c"],
  ],
};
const merge = (left: string, right: string, rest: object): object => ({
  left,
  right,
  result: left + right,
  score: null,
  ...rest,
});

describe("the steps of the model", () => {
  it.each<[name: string, model: object, text: string, steps: object]>([
    [
      "merges in the order of their ranks",
      bpe,
      "abxbc",
      {
        type: "merges",
        symbols: [
          { text: "a", id: 1 },
          { text: "b", id: 2 },
          { text: "x", id: 0 },
          { text: "b", id: 2 },
          { text: "c", id: 3 },
        ],
        merges: [
          merge("b", "c", { id: 6, at: 3, rank: 0 }),
          merge("a", "b", { id: 4, at: 0, rank: 1 }),
        ],
        takenApart: [],
      },
    ],
    [
      "bytes of a character",
      { ...bpe, byte_fallback: true },
      "éa",
      {
        type: "merges",
        symbols: [
          { text: "<0xC3>", id: 7 },
          { text: "<0xA9>", id: 8 },
          { text: "a", id: 1 },
        ],
        merges: [],
        takenApart: [],
      },
    ],
    ["20 a whole token", { ...bpe, ignore_merges: true }, "abc", { type: "wholeToken" }],
    [
      "longest matches",
      {
        type: "WordPiece",
        unk_token: "?",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 9,
        vocab: { "?": 0, ab: 1, a: 2, "##c": 3 },
      },
      "abc",
      {
        type: "longestMatches",
        matches: [
          { text: "ab", id: 1 },
          { text: "##c", id: 3 },
        ],
        failure: null,
      },
    ],
    [
      "a rest that no token begins",
      {
        type: "WordPiece",
        unk_token: "?",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 9,
        vocab: { "?": 0, ab: 1, a: 2, "##c": 3 },
      },
      "abx",
      {
        type: "longestMatches",
        matches: [{ text: "ab", id: 1 }],
        failure: { reason: "noToken", rest: "x" },
      },
    ],
    [
      "a word that is too long",
      {
        type: "WordPiece",
        unk_token: "?",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 2,
        vocab: { "?": 0, a: 2 },
      },
      "aaa",
      {
        type: "longestMatches",
        matches: [],
        failure: { reason: "tooLong", characters: 3, limit: 2 },
      },
    ],
    [
      "the best path and the next",
      {
        type: "Unigram",
        unk_id: 0,
        vocab: [
          ["?", -9],
          ["a", -1],
          ["b", -2],
          ["ab", -2.5],
        ],
      },
      "abx",
      {
        type: "bestPath",
        best: {
          symbols: [
            { text: "ab", id: 3, score: -2.5 },
            { text: "x", id: null, score: -19 },
          ],
          score: -21.5,
        },
        runnerUp: {
          symbols: [
            { text: "a", id: 1, score: -1 },
            { text: "b", id: 2, score: -2 },
            { text: "x", id: null, score: -19 },
          ],
          score: -22,
        },
      },
    ],
    [
      "the only path",
      {
        type: "Unigram",
        unk_id: 0,
        vocab: [
          ["?", -9],
          ["a", -1],
        ],
      },
      "?",
      {
        type: "bestPath",
        best: { symbols: [{ text: "?", id: 0, score: -9 }], score: -9 },
        runnerUp: null,
      },
    ],
    [
      "a look-up",
      { type: "WordLevel", unk_token: "?", vocab: { "?": 0, ab: 1 } },
      "ab",
      { type: "lookUps", lookUps: [{ text: "ab", id: 1 }] },
    ],
    [
      "a look-up that fails",
      { type: "WordLevel", unk_token: "?", vocab: { "?": 0, ab: 1 } },
      "a",
      { type: "lookUps", lookUps: [{ text: "a", id: null }] },
    ],
  ])("are %s", async (_, model, text, steps) => {
    const tokenizer = await loadJson({ model });
    expect(piecesOf(await tokenizer.explain(text)).map((piece) => piece.steps)).toEqual([steps]);
  });

  it("go by the rank of the result in a rank file", async () => {
    const tokenizer = await loadRanks("gpt2");
    for (const piece of piecesOf(await tokenizer.explain("the planets turn"))) {
      if (piece.steps.type !== "merges") continue;
      for (const { id, rank, result } of piece.steps.merges) {
        expect([rank, tokenizer.idToToken(id)]).toEqual([id, result]);
      }
    }
  });

  it("have scores in SentencePiece, and take unused pieces apart", async () => {
    const made = piecesOf(await (await modelWithUnused()).explain("abc"));
    expect(made.map(({ steps }) => steps)).toEqual([
      {
        type: "merges",
        symbols: [
          { text: "a", id: 1 },
          { text: "b", id: 2 },
          { text: "c", id: 3 },
        ],
        merges: [merge("a", "b", { id: 4, at: 0, rank: 1, score: -1 })],
        takenApart: [{ text: "ab", parts: ["a", "b"] }],
      },
    ]);
    expect(made[0]!.tokens.map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

/** Here the unknown piece has the highest score. */
function modelWithUnused(): Promise<Tokenizer> {
  const piece = (text: string, score: number, type: "NORMAL" | "UNKNOWN" | "UNUSED") => ({
    piece: text,
    score,
    type,
  });
  return Tokenizer.create({
    truncation: null,
    padding: null,
    addedTokens: [],
    normalizer: null,
    preTokenizer: null,
    postProcessor: null,
    decoder: null,
    model: {
      type: "SentencePiece",
      algorithm: "bpe",
      byteFallback: false,
      treatWhitespaceAsSuffix: false,
      pieces: [
        piece("<unk>", 0, "UNKNOWN"),
        ...["a", "b", "c"].map((text) => piece(text, -9, "NORMAL")),
        piece("ab", -1, "UNUSED"),
      ],
      file: new Uint8Array(),
    },
  });
}
