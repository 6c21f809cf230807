import type { AddedTokens, SpecialTokens } from "./added-tokens/added-tokens.ts";
import { AlignedText } from "./aligned-text.ts";
import { type Encoding, codePointsBefore } from "./encodings/encoding.ts";
import { IdBuffer } from "./kernels/id-buffer.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { Utf8Encoder } from "./kernels/utf8-encoder.ts";
import type { Model } from "./models/model.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import { offsetsOfTokens } from "./encodings/offsets-of-tokens.ts";
import type { PreTokenizer } from "./pre-tokenizers/pre-tokenizer.ts";

/** The steps from text to tokens. */
export interface EncodingSteps {
  readonly addedTokens: AddedTokens;
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly model: Model;
  /** Does all steps after the added tokens at once, where it is there and nobody wants offsets. */
  readonly kernel: Kernel | undefined;
}

/** Runs the steps from text to tokens, up to but without the post-processor. */
export class TextEncoding {
  readonly #steps: EncodingSteps;
  readonly #utf8 = new Utf8Encoder();
  readonly #ids = new IdBuffer();
  readonly #lengths = new IdBuffer();

  constructor(steps: EncodingSteps) {
    this.#steps = steps;
  }

  /** @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one. */
  encodeIds(text: string, specialTokens: SpecialTokens): Uint32Array {
    const { addedTokens, kernel } = this.#steps;
    const ids = this.#ids;
    ids.clear();
    for (const { start, end, id } of addedTokens.split(text, specialTokens)) {
      const section = text.slice(start, end);
      if (id !== undefined) {
        ids.push(id);
      } else if (kernel !== undefined) {
        const { bytes, length } = this.#utf8.encode(section);
        kernel.encode(bytes, length, start === 0 ? "textStart" : "sectionStart", ids);
      } else {
        this.#encodeSection(new AlignedText(section.toWellFormed(), start === 0), specialTokens);
      }
    }
    return ids.toArray();
  }

  /** Normalizes, cuts and encodes what lies between the added tokens of the text as it came. */
  #encodeSection(section: AlignedText, specialTokens: SpecialTokens): void {
    for (const { text, id } of this.#normalized(section, specialTokens)) {
      if (id !== undefined) this.#ids.push(id);
      else for (const piece of this.#cut(text)) this.#encodePiece(piece.text);
    }
  }

  #encodePiece(text: string): void {
    const { bytes, length } = this.#utf8.encode(text);
    this.#steps.model.encodePiece({ bytes, start: 0, end: length }, this.#ids);
  }

  #normalized(
    section: AlignedText,
    specialTokens: SpecialTokens,
  ): readonly { readonly text: AlignedText; readonly id: number | undefined }[] {
    const { addedTokens, normalizer } = this.#steps;
    if (normalizer === undefined) return [{ text: section, id: undefined }];
    const normalized = normalizer.normalize(section);
    return addedTokens
      .splitNormalized(normalized.text, specialTokens)
      .map(({ start, end, id }) => ({ text: normalized.slice(start, end), id }));
  }

  #cut(text: AlignedText): readonly AlignedText[] {
    const pieces = this.#steps.preTokenizer?.split(text) ?? [text];
    return pieces.filter((piece) => piece.text !== "");
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
    const { addedTokens } = this.#steps;
    const tokens: string[] = [];
    const offsets: (readonly [number, number])[] = [];
    const before = codePointsBefore(text);
    this.#ids.clear();
    const pushAdded = (id: number, section: AlignedText): void => {
      this.#ids.push(id);
      // With the spaces that it took along, as in the reference.
      tokens.push(section.text);
      offsets.push([section.alignment!.starts[0]!, section.alignment!.ends.at(-1)!]);
    };
    for (const { start, end, id } of addedTokens.split(text, specialTokens)) {
      const section = AlignedText.fromUser(text.slice(start, end).toWellFormed(), before[start]!);
      if (id !== undefined) {
        pushAdded(id, section);
        continue;
      }
      for (const part of this.#normalized(section, specialTokens)) {
        if (part.id !== undefined) {
          pushAdded(part.id, part.text);
          continue;
        }
        for (const piece of this.#cut(part.text)) {
          this.#encodeAligned(piece, { tokens, offsets, tokenOf });
        }
      }
    }
    return encodingOf(this.#ids.toArray(), tokens, offsets);
  }

  #encodeAligned(
    piece: AlignedText,
    out: {
      readonly tokens: string[];
      readonly offsets: (readonly [number, number])[];
      readonly tokenOf: (id: number) => string;
    },
  ): void {
    const { model } = this.#steps;
    const from = this.#ids.length;
    const { bytes, length } = this.#utf8.encode(piece.text);
    this.#lengths.clear();
    model.encodePieceWithLengths({ bytes, start: 0, end: length }, this.#ids, this.#lengths);
    const lengths = this.#lengths.data.subarray(0, this.#lengths.length);
    for (const offset of offsetsOfTokens(piece.alignment!, bytes.subarray(0, length), lengths)) {
      out.offsets.push(offset);
    }
    let position = 0;
    for (const [i, covered] of lengths.entries()) {
      const id = this.#ids.data[from + i]!;
      const surface = bytes.subarray(position, position + covered);
      out.tokens.push(id === model.surfaceId ? new TextDecoder().decode(surface) : out.tokenOf(id));
      position += covered;
    }
  }
}

function encodingOf(
  ids: Uint32Array,
  tokens: readonly string[],
  offsets: Encoding["offsets"],
): Encoding {
  return {
    ids,
    tokens,
    offsets,
    typeIds: new Uint8Array(ids.length),
    attentionMask: new Uint8Array(ids.length).fill(1),
    specialTokensMask: new Uint8Array(ids.length),
    sequenceIds: new Int8Array(ids.length),
  };
}
