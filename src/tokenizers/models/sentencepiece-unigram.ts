import type { SentencePieceJson } from "orrery-lm/formats";
import { ByteTrie } from "../kernels/byte-trie.ts";
import { Viterbi } from "./viterbi.ts";

// Added to the lowest score for a character that is no token.
const UNK_PENALTY = 10;
// FLT_MIN: where SentencePiece starts to look for the highest score, which is never positive.
const SMALLEST_FLOAT = 2 ** -126;

/** The unigram model of a `.model`, in its scores of 32 bits. */
export function sentencePieceUnigram({ pieces }: SentencePieceJson, unkId: number): Viterbi {
  const { trie, unkScore, scores } = unigramOf(pieces, "bytes");
  return new Viterbi({ trie, scores, unkId, unkScore, precision: "float32" });
}

/**
 * The tokens of a `.model` that a text can have, with their scores; UNUSED ones are none.
 *
 *     unknown       lowest score of a NORMAL piece - 10
 *     user-defined  length · highest score of a NORMAL piece - 0.1
 *
 * @param unit what lengths are counted in: the best segmentation counts bytes, the lattice characters
 */
export function unigramOf(
  pieces: SentencePieceJson["pieces"],
  unit: "bytes" | "characters",
): { readonly trie: ByteTrie; readonly scores: Float64Array; readonly unkScore: number } {
  const normal = pieces.filter(({ type }) => type === "NORMAL");
  let lowest = 3.4028234663852886e38;
  let highest = SMALLEST_FLOAT;
  for (const { score } of normal) {
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
  }
  const scores = Float64Array.from(pieces, ({ piece, score, type }) => {
    if (type !== "USER_DEFINED") return score;
    const length =
      unit === "bytes" ? new TextEncoder().encode(piece).length : Array.from(piece).length;
    return Math.fround(length * highest) - 0.1;
  });
  const tokens = pieces.flatMap(({ piece, type }, id) =>
    type === "NORMAL" || type === "USER_DEFINED" ? [[piece, id] as const] : [],
  );
  return { trie: new ByteTrie(tokens), scores, unkScore: Math.fround(lowest - UNK_PENALTY) };
}
