import { parseTokenizerJson, serializeTokenizerJson } from "orrery-lm/formats";
import { type Trap, load, sentencePiece, tokensOf } from "./trap.ts";

type Piece = readonly [piece: string, score: number];

function unigram(vocab: readonly Piece[], flags: object = {}): object {
  return { model: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0], ...vocab], ...flags } };
}

// In 32 bits both ways have the same score.
const near = [
  ["a", -1],
  ["b", -1],
  ["ab", -2.00000001],
] as const;
const some = [
  ["a", -1],
  ["b", -2],
  ["c", -4],
] as const;
const asUnigram = { algorithm: "unigram" } as const;

/** The score of the best way. */
async function scoreOf(text: string, model: ReturnType<typeof sentencePiece>): Promise<number> {
  return (await model).nBest(text, 1)[0]!.score;
}

/** The scores that a file has after it was read and written. */
function rewritten(digits: string): string | undefined {
  const file = `{"model":{"type":"Unigram","unk_id":null,"vocab":[["a",${digits}]]}}`;
  const written = serializeTokenizerJson(parseTokenizerJson(new TextEncoder().encode(file)));
  return /"a",\s*(.+)\n/.exec(new TextDecoder().decode(written))?.[1];
}

/** 3.6 Unigram. */
export const unigramTraps: readonly Trap[] = [
  ["59 scores of tokenizer.json have 64 bits", () => tokensOf("ab", unigram(near)), ["a", "b"]],
  [
    "59 those of SentencePiece 32, and the first way found stays",
    () => tokensOf("ab", sentencePiece(near, asUnigram)),
    ["ab"],
  ],
  [
    "60 what is unknown costs 10 more than the worst piece",
    () => scoreOf("x", sentencePiece(some, asUnigram)),
    -14,
  ],
  [
    "60 in tokenizer.json too",
    async () => (await load(unigram(some))).nBest("x", 1)[0]!.score,
    -14,
  ],
  [
    "60 a user-defined piece beats its letters",
    () =>
      tokensOf(
        "aabb",
        sentencePiece(
          [
            ["a", -0.01],
            ["b", -0.01],
            ["ab", 0, "USER_DEFINED"],
          ],
          asUnigram,
        ),
      ),
    ["a", "ab", "b"],
  ],
  [
    "61 neighbors that are unknown are one",
    async () => [
      await tokensOf("axyza", unigram([["a", -1]])).then(({ length }) => length),
      (await tokensOf("axyza", sentencePiece([["a", -1]], asUnigram))).length,
    ],
    [3, 3],
  ],
  [
    "62 scores keep their last digit",
    () =>
      ["-9.876543210987654", "-0.1", "-2.2250738585072014e-308", "-1.7976931348623157e308"].map(
        rewritten,
      ),
    ["-9.876543210987654", "-0.1", "-2.2250738585072014e-308", "-1.7976931348623157e+308"],
  ],
  [
    "63 bytes come after the best way is found: only what is unknown becomes bytes",
    () =>
      tokensOf(
        "aéb",
        unigram(
          [
            ["<0xC3>", -0.001],
            ["<0xA9>", -0.001],
            ["a", -5],
            ["b", -5],
            ["éb", -9],
          ],
          { byte_fallback: true },
        ),
      ),
    ["a", "éb"],
  ],
  [
    "63 bytes of a character between others",
    () =>
      tokensOf(
        "aéb",
        unigram(
          [
            ["<0xC3>", -9],
            ["<0xA9>", -9],
            ["a", -5],
            ["b", -5],
          ],
          { byte_fallback: true },
        ),
      ),
    ["a", "<0xC3>", "<0xA9>", "b"],
  ],
];
