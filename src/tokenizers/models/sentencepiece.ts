import type { SentencePieceJson } from "orrery-lm/formats";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { Chance, Model, Piece, ScoredIds } from "./model.ts";
import { type Segmenter, Segments } from "./segmenter.ts";
import { SentencePieceBPE } from "./sentencepiece-bpe.ts";
import { SentencePieceChar } from "./sentencepiece-char.ts";
import { SentencePieceUnigram } from "./sentencepiece-unigram.ts";
import { SentencePieceWord } from "./sentencepiece-word.ts";

/**
 * The model of a SentencePiece `.model`. What is unknown becomes its bytes if the file says so
 * (`byte_fallback`); else neighbors that are unknown become one token together, which shows them.
 *
 * The same model as a `tokenizer.json` may answer otherwise, and the file decides. That of Mistral 7B
 * v0.1 puts no "▁" before a text that starts with a blank, so that decoding loses the blank; it finds
 * "<s>" and the like in the text; the "▁" before a text has the place of the first character, not
 * none, and so has each byte of a character the place of the character.
 */
export class SentencePieceModel implements Model {
  readonly surfaceId: number;
  readonly samplePiece?: (piece: Piece, out: IdBuffer, chance: Chance) => void;
  readonly nBestPiece?: (piece: Piece, count: number) => readonly ScoredIds[];
  readonly #segmenter: Segmenter;
  readonly #byteIds: Int32Array | undefined; // [256]
  readonly #segments = new Segments();

  constructor(json: SentencePieceJson) {
    this.surfaceId = json.pieces.findIndex(({ type }) => type === "UNKNOWN");
    this.#segmenter = createSegmenter(json, this.surfaceId);
    this.#byteIds = json.byteFallback ? byteIdsOf(json) : undefined;
    const segmenter = this.#segmenter;
    if (segmenter.sample !== undefined) {
      this.samplePiece = (piece, out, chance) => {
        const segments = new Segments();
        segmenter.sample!(piece, chance, segments);
        this.#emit(piece, segments, out);
      };
    }
    if (segmenter.nBest !== undefined) {
      this.nBestPiece = (piece, count) =>
        segmenter.nBest!(piece, count).map(({ segments, score }) => {
          const ids = new IdBuffer();
          this.#emit(piece, segments, ids);
          return { ids: ids.toArray(), score };
        });
    }
  }

  encodePiece(piece: Piece, out: IdBuffer): void {
    this.#encode(piece, out);
  }

  encodePieceWithLengths(piece: Piece, out: IdBuffer, lengths: IdBuffer): void {
    this.#encode(piece, out, lengths);
  }

  #encode(piece: Piece, out: IdBuffer, lengths?: IdBuffer): void {
    const segments = this.#segments;
    segments.clear();
    this.#segmenter.segment(piece, segments);
    this.#emit(piece, segments, out, lengths);
  }

  #emit(piece: Piece, segments: Segments, out: IdBuffer, lengths?: IdBuffer): void {
    let start = piece.start;
    let isAfterUnknown = false;
    for (let i = 0; i < segments.count; i++) {
      const id = segments.ids.data[i]!;
      const end = segments.ends.data[i]!;
      const isUnknown = id === this.surfaceId;
      if (isUnknown && this.#byteIds !== undefined) {
        for (let at = start; at < end; at++) {
          out.push(this.#byteIds[piece.bytes[at]!]!);
          // The last byte has the place of all of them.
          lengths?.push(at === end - 1 ? end - start : 0);
        }
      } else if (isUnknown && isAfterUnknown) {
        lengths?.addToLast(end - start);
      } else {
        out.push(id);
        lengths?.push(end - start);
      }
      isAfterUnknown = isUnknown;
      start = end;
    }
  }
}

function createSegmenter(json: SentencePieceJson, unkId: number): Segmenter {
  switch (json.algorithm) {
    case "unigram":
      return new SentencePieceUnigram(json, unkId);
    case "bpe":
      return new SentencePieceBPE(json, unkId);
    case "word":
      return new SentencePieceWord(json, unkId);
    case "char":
      return new SentencePieceChar(json, unkId);
  }
}

/** The ids of `<0x00>` … `<0xFF>`. */
function byteIdsOf({ pieces }: SentencePieceJson): Int32Array {
  const ids = new Int32Array(256);
  for (const [id, { piece, type }] of pieces.entries()) {
    if (type === "BYTE") ids[parseInt(piece.slice(3, 5), 16)] = id;
  }
  return ids;
}
