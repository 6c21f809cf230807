import type { UnigramJson } from "orrery-lm/formats";
import { ByteTrie } from "../collections/byte-trie.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import { byteToken } from "./character-symbols.ts";
import type { LatticeTokens } from "./lattice.ts";
import type { Chance, Model, Piece, ScoredIds } from "./model.ts";
import { Segments } from "./segmenter.ts";
import { UnigramWays } from "./unigram-ways.ts";
import { Viterbi } from "./viterbi.ts";

const UNK_PENALTY = 10;
const MISSING = -1;

/**
 * `Unigram` of Hugging Face `tokenizers`: the most probable segmentation, in scores of 64 bits; an
 * unknown character scores 10 less than the worst token. Neighbors that are unknown are one token,
 * or, with `byteFallback`, its bytes, if all of them are tokens; each has the place of all.
 *
 * Of a token that stands twice in the vocabulary the last id counts. The reference fails on an unknown
 * character if there is no unknown token; here it vanishes.
 *
 * @see Kudo 2018, https://arxiv.org/abs/1804.10959
 */
export class Unigram implements Model {
  readonly surfaceId?: number;
  readonly sharesPlaces = true;
  readonly #trie: ByteTrie;
  readonly #viterbi: Viterbi;
  readonly #ways: UnigramWays;
  readonly #unkId: number;
  readonly #byteIds: Int32Array | undefined; // [256], MISSING where the vocabulary has no such byte
  readonly #segments = new Segments();

  constructor(json: UnigramJson) {
    const tokens = unigramTokens(json);
    this.#trie = tokens.trie;
    this.#unkId = tokens.unkId;
    if (json.unkId !== null) this.surfaceId = json.unkId;
    this.#viterbi = new Viterbi({ ...tokens, precision: "float64" });
    this.#ways = new UnigramWays(tokens, "float64");
    if (json.byteFallback) {
      const ids = new Map(json.vocab.map(([piece], id) => [piece, id]));
      this.#byteIds = Int32Array.from(
        { length: 256 },
        (_, byte) => ids.get(byteToken(byte)) ?? MISSING,
      );
    }
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    this.#encode(piece, out);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    this.#encode(piece, out, lengths);
  }

  samplePiece(piece: Piece, out: IdBuffer, chance: Chance): void {
    const segments = new Segments();
    this.#ways.sample(piece, chance, segments);
    this.#emit(piece, segments, out);
  }

  nBestPiece(piece: Piece, count: number): readonly ScoredIds[] {
    return this.#ways.nBest(piece, count).map(({ segments, score }) => {
      const ids = new IdBuffer();
      this.#emit(piece, segments, ids);
      return { ids: ids.toArray(), score };
    });
  }

  #encode(piece: Piece, out: IdBuffer, lengths?: IdBuffer): void {
    const segments = this.#segments;
    segments.clear();
    this.#viterbi.segment(piece, segments);
    this.#emit(piece, segments, out, lengths);
  }

  #emit(piece: Piece, segments: Segments, out: IdBuffer, lengths?: IdBuffer): void {
    let start = piece.start;
    for (let i = 0; i < segments.count; i++) {
      const id = segments.ids.data[i]! | 0;
      const isUnknown = id === this.#unkId;
      if (isUnknown) while (i + 1 < segments.count && (segments.ids.data[i + 1]! | 0) === id) i++;
      const end = segments.ends.data[i]!;
      // What vanishes is counted to the next token, so that the places of all others are right.
      if (id === MISSING) continue;
      if (isUnknown) {
        this.#pushUnknown({ bytes: piece.bytes, start, end }, out, lengths);
      } else {
        out.push(id);
        lengths?.push(end - start);
      }
      start = end;
    }
  }

  #pushUnknown({ bytes, start, end }: Piece, out: IdBuffer, lengths: IdBuffer | undefined): void {
    const byteIds = this.#byteIds;
    // The text of the unknown token itself, "<unk>".
    const isToken = this.#trie.find(bytes, start, end) >= 0;
    const areBytes = !isToken && byteIds !== undefined && hasAll(byteIds, bytes, start, end);
    if (!areBytes) {
      out.push(this.#unkId);
      lengths?.push(end - start);
      return;
    }
    for (let at = start; at < end; at++) {
      out.push(byteIds[bytes[at]!]!);
      lengths?.push(at === end - 1 ? end - start : 0);
    }
  }
}

/** The tokens of a file's `Unigram`, with their scores. */
export function unigramTokens({ unkId, vocab }: UnigramJson): LatticeTokens {
  const scores = Float64Array.from(vocab, ([, score]) => score);
  const lowest = scores.reduce((least, score) => Math.min(least, score), Infinity);
  const keys = vocab.map(([piece], id) => [piece, id] as const);
  return {
    trie: new ByteTrie(keys.filter(([piece]) => piece !== "")),
    scores,
    unkId: unkId ?? MISSING,
    unkScore: lowest - UNK_PENALTY,
  };
}

function hasAll(ids: Int32Array, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (ids[bytes[at]!] === MISSING) return false;
  return true;
}
