import type { AddedTokens, SpecialTokens } from "./added-tokens/added-tokens.ts";
import { type Encoding, codePointsBefore } from "./encoding.ts";
import { IdBuffer } from "./kernels/id-buffer.ts";
import type { Model } from "./models/model.ts";
import type { Pieces, PreTokenizer } from "./pre-tokenizers/pre-tokenizer.ts";

/** The steps from text to tokens. */
export interface EncodingSteps {
  readonly addedTokens: AddedTokens;
  readonly preTokenizer: PreTokenizer;
  readonly model: Model;
}

/** Runs the steps from text to tokens, up to but without the post-processor. */
export class TextEncoding {
  readonly #steps: EncodingSteps;
  readonly #ids = new IdBuffer();
  readonly #lengths = new IdBuffer();

  constructor(steps: EncodingSteps) {
    this.#steps = steps;
  }

  /** @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one. */
  encodeIds(text: string, specialTokens: SpecialTokens): Uint32Array {
    const { addedTokens, preTokenizer, model } = this.#steps;
    this.#ids.clear();
    for (const { start, end, id } of addedTokens.split(text, specialTokens)) {
      if (id !== undefined) {
        this.#ids.push(id);
        continue;
      }
      const { bytes, ends } = preTokenizer.split(text.slice(start, end));
      const piece = { bytes, start: 0, end: 0 };
      for (let i = 0; i < ends.length; i++) {
        piece.end = ends.data[i]!;
        model.encodePiece(piece, this.#ids);
        piece.start = piece.end;
      }
    }
    return this.#ids.toArray();
  }

  /**
   * The same, with tokens and offsets, in code points of `text`.
   * @param tokenOf the text of a token
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  encodeFull(
    text: string,
    specialTokens: SpecialTokens,
    tokenOf: (id: number) => string,
  ): Encoding {
    const { addedTokens, preTokenizer } = this.#steps;
    const tokens: string[] = [];
    const offsets: (readonly [number, number])[] = [];
    const before = codePointsBefore(text);
    this.#ids.clear();
    for (const { start, end, id } of addedTokens.split(text, specialTokens)) {
      const origin = before[start]!;
      const section = text.slice(start, end);
      if (id === undefined) {
        const from = this.#ids.length;
        for (const [a, b] of this.#encodeSection(preTokenizer.split(section))) {
          offsets.push([origin + a, origin + b]);
        }
        for (let i = from; i < this.#ids.length; i++) tokens.push(tokenOf(this.#ids.data[i]!));
      } else {
        this.#ids.push(id);
        // With the spaces that it took along, as in the reference.
        tokens.push(section);
        offsets.push([origin, before[end]!]);
      }
    }
    const ids = this.#ids.toArray();
    return {
      ids,
      tokens,
      offsets,
      typeIds: new Uint8Array(ids.length),
      attentionMask: new Uint8Array(ids.length).fill(1),
      specialTokensMask: new Uint8Array(ids.length),
    };
  }

  /** Appends the ids of a section, and gives where each token lies in it, in code points. */
  #encodeSection(pieces: Pieces): (readonly [number, number])[] {
    const { bytes, ends } = pieces;
    const { starts, stops } = characterSpans(pieces);
    const offsets: (readonly [number, number])[] = [];
    const piece = { bytes, start: 0, end: 0 };
    for (let i = 0; i < ends.length; i++) {
      piece.end = ends.data[i]!;
      this.#lengths.clear();
      this.#steps.model.encodePieceWithLengths(piece, this.#ids, this.#lengths);
      let position = piece.start;
      for (let token = 0; token < this.#lengths.length; token++) {
        const first = position;
        position += this.#lengths.data[token]!;
        offsets.push([starts[first]!, stops[position - 1]!]);
      }
      piece.start = piece.end;
    }
    return offsets;
  }
}

/**
 * For each byte, where the character that it is a part of starts and stops, in code points.
 * What the pre-tokenizer put in front counts as part of the first character.
 */
function characterSpans({ bytes, prefixLength, ends }: Pieces): {
  starts: Uint32Array;
  stops: Uint32Array;
} {
  const length = ends.length === 0 ? 0 : ends.data[ends.length - 1]!;
  const starts = new Uint32Array(length);
  const stops = new Uint32Array(length);
  let codePoints = 0;
  for (let i = prefixLength; i < length;) {
    const lead = bytes[i]!;
    const width = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (const end = i + width; i < end; i++) {
      starts[i] = codePoints;
      stops[i] = codePoints + 1;
    }
    codePoints++;
  }
  stops.fill(stops[prefixLength] ?? 0, 0, prefixLength);
  return { starts, stops };
}
