import type { SentencePieceJson } from "orrery-lm/formats";
import { ByteTrie } from "../collections/byte-trie.ts";
import type { LatticeTokens } from "./lattice.ts";
import type { Chance, Piece } from "./model.ts";
import type { ScoredSegments, Segmenter, Segments } from "./segmenter.ts";
import { piecesInText } from "./sentencepiece-pieces.ts";
import { UnigramWays } from "./unigram-ways.ts";
import { Viterbi } from "./viterbi.ts";

// Added to the lowest score for a character that is no token.
const UNK_PENALTY = 10;
// FLT_MAX: where SentencePiece starts to look for the lowest score.
const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** The unigram model of a `.model`, in its scores of 32 bits. */
export class SentencePieceUnigram implements Segmenter {
  readonly #viterbi: Viterbi;
  readonly #ways: UnigramWays;

  constructor({ pieces }: SentencePieceJson, unkId: number) {
    const tokens = sentencePieceTokens(pieces, unkId);
    this.#viterbi = new Viterbi({ ...tokens, precision: "float32" });
    const inCharacters = scoresOf(pieces, (piece) => Array.from(piece).length);
    this.#ways = new UnigramWays({ ...tokens, ...inCharacters }, "float32");
  }

  segment(piece: Piece, out: Segments): void {
    this.#viterbi.segment(piece, out);
  }

  sample(piece: Piece, chance: Chance, out: Segments): void {
    this.#ways.sample(piece, chance, out);
  }

  nBest(piece: Piece, count: number): readonly ScoredSegments[] {
    return this.#ways.nBest(piece, count);
  }
}

/** The tokens of the best segmentation, with their scores. */
export function sentencePieceTokens(
  pieces: SentencePieceJson["pieces"],
  unkId: number,
): LatticeTokens {
  const trie = new ByteTrie(piecesInText(pieces, ["NORMAL", "USER_DEFINED"]));
  const scores = scoresOf(pieces, (piece) => new TextEncoder().encode(piece).length);
  return { trie, unkId, ...scores };
}

/**
 * The scores of the tokens that a text can have; UNUSED pieces are none.
 *
 *     unknown       lowest score of a NORMAL piece - 10
 *     user-defined  (length - 1) / 10, so that it beats all others
 *
 * @param lengthOf in bytes for the best segmentation, but in characters for the lattice
 */
function scoresOf(
  pieces: SentencePieceJson["pieces"],
  lengthOf: (piece: string) => number,
): { readonly scores: Float64Array; readonly unkScore: number } {
  let lowest = LARGEST_FLOAT;
  for (const { score, type } of pieces) {
    if (type === "NORMAL") lowest = Math.min(lowest, score);
  }
  const scores = Float64Array.from(pieces, ({ piece, score, type }) =>
    type === "USER_DEFINED" ? Math.fround(0.1 * (lengthOf(piece) - 1)) : score,
  );
  return { scores, unkScore: Math.fround(lowest - UNK_PENALTY) };
}
