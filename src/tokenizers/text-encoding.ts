import type { AddedTokens, SpecialTokens } from "./added-tokens/added-tokens.ts";
import { AlignedText } from "./aligned-text.ts";
import { combineBest } from "./texts/combine-best.ts";
import { type Encoding, codePointsBefore } from "./encodings/encoding.ts";
import { IdBuffer } from "./collections/id-buffer.ts";
import type { Kernel, PlaceInText } from "./kernels/kernel.ts";
import { lastCut } from "./texts/last-cut.ts";
import { Utf8Encoder } from "./collections/utf8-encoder.ts";
import type { Chance, Model, Piece, ScoredIds } from "./models/model.ts";
import type { PieceEncoder } from "./models/piece-encoder.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import { offsetsOfTokens } from "./encodings/offsets-of-tokens.ts";
import { refuseSpecialTokens } from "./added-tokens/refuse-special-tokens.ts";
import type { PreTokenizer } from "./pre-tokenizers/pre-tokenizer.ts";

// U+FEFF at the start is a character like any other.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

// No id is as large.
const PIECE = 0xffffffff;

/** The steps from text to tokens. */
export interface EncodingSteps {
  readonly addedTokens: AddedTokens;
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly model: Model;
  /** The same model, when nobody wants offsets. */
  readonly pieces: Pick<PieceEncoder, "encode">;
  /** Does all steps after the added tokens at once, where it is there and nobody wants offsets. */
  readonly kernel: Kernel | undefined;
  /** Ids depend on where in the text a piece comes from, not only on what it is. */
  readonly needsPlaces: boolean;
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

  /**
   * @param place where the text stands, if it is a part of one
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  encodeIds(
    text: string,
    specialTokens: SpecialTokens,
    place: PlaceInText = "textStart",
  ): Uint32Array {
    const { addedTokens, kernel, needsPlaces } = this.#steps;
    this.#refuse(text, specialTokens);
    const ids = this.#ids;
    ids.clear();
    for (const { start, end, id } of addedTokens.split(text, specialTokens)) {
      const section = text.slice(start, end);
      if (id !== undefined) {
        ids.push(id);
      } else if (kernel !== undefined && !addedTokens.isNormalizing(specialTokens)) {
        const { bytes, length } = this.#utf8.encode(section);
        kernel.encode(bytes, length, start === 0 ? place : "sectionStart", ids);
      } else {
        const wellFormed = section.toWellFormed();
        const aligned = needsPlaces
          ? AlignedText.fromUser(wellFormed, start)
          : new AlignedText(wellFormed, start === 0);
        this.#encodeSection(aligned, specialTokens);
      }
    }
    return this.#takeIds();
  }

  /** What has been pushed. */
  #takeIds(): Uint32Array {
    const ids = this.#ids.toArray();
    this.#ids.clear();
    return ids;
  }

  /** The same steps, but pieces are encoded by chance; undefined if there is only one way. */
  sampling(chance: Chance): TextEncoding | undefined {
    const { model } = this.#steps;
    if (model.samplePiece === undefined) return undefined;
    const encode = (piece: Piece, out: IdBuffer): void => model.samplePiece!(piece, out, chance);
    return new TextEncoding({ ...this.#steps, pieces: { encode }, kernel: undefined });
  }

  /**
   * The best ways to encode a text, at most `count`, best first; undefined if the model has no
   * probabilities.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  nBest(
    text: string,
    specialTokens: SpecialTokens,
    count: number,
  ): readonly ScoredIds[] | undefined {
    const { model } = this.#steps;
    if (model.nBestPiece === undefined) return undefined;
    const parts: (readonly ScoredIds[])[] = [];
    // Collects the ways of each piece, and leaves a mark where they belong among the added tokens.
    const encode = (piece: Piece, out: IdBuffer): void => {
      parts.push(model.nBestPiece!(piece, count));
      out.push(PIECE);
    };
    const steps = { ...this.#steps, pieces: { encode }, kernel: undefined };
    const ids = new TextEncoding(steps).encodeIds(text, specialTokens);
    let next = 0;
    const ways = Array.from(ids, (id) =>
      id === PIECE ? parts[next++]! : [{ ids: Uint32Array.of(id), score: 0 }],
    );
    return combineBest(ways, count);
  }

  /**
   * The last place, in UTF-16 units, where a text that may go on can be cut, so that both parts
   * encoded one after the other give what the whole gives. 0 if none is proven.
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  lastCut(text: string, specialTokens: SpecialTokens): number {
    const { addedTokens, kernel } = this.#steps;
    if (kernel === undefined || addedTokens.isNormalizing(specialTokens)) return 0;
    return lastCut({ addedTokens, kernel }, text, specialTokens);
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
    this.#steps.pieces.encode({ bytes, start: 0, end: length }, this.#ids);
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

  #refuse(text: string, specialTokens: SpecialTokens): void {
    const { addedTokens, normalizer } = this.#steps;
    if (specialTokens !== "refuse" || normalizer === undefined) return;
    refuseSpecialTokens(text, addedTokens, normalizer);
  }

  *#cut(text: AlignedText): Generator<AlignedText> {
    const pieces = this.#steps.preTokenizer?.split(text) ?? [text];
    for (const piece of pieces) if (piece.text !== "") yield piece;
  }

  /**
   * The same, with tokens and offsets, in code points of `text`.
   * @param tokenOf the text of a token
   * @param plainStarts places, in UTF-16 units, where a special token is plain text; what the
   * normalizer makes one is plain text then, wherever it stands
   * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
   */
  encodeFull(
    text: string,
    specialTokens: SpecialTokens,
    tokenOf: (id: number) => string,
    plainStarts?: ReadonlySet<number>,
  ): Encoding {
    const { addedTokens } = this.#steps;
    this.#refuse(text, specialTokens);
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
    for (const { start, end, id } of addedTokens.split(text, specialTokens, plainStarts)) {
      const section = AlignedText.fromUser(text.slice(start, end).toWellFormed(), before[start]!);
      if (id !== undefined) {
        pushAdded(id, section);
        continue;
      }
      for (const part of this.#normalized(section, plainStarts ? "text" : specialTokens)) {
        if (part.id !== undefined) {
          pushAdded(part.id, part.text);
          continue;
        }
        for (const piece of this.#cut(part.text)) {
          this.#encodeAligned(piece, { tokens, offsets, tokenOf });
        }
      }
    }
    return encodingOf(this.#takeIds(), tokens, offsets);
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
    const text = bytes.subarray(0, length);
    for (const offset of offsetsOfTokens(piece.alignment!, text, lengths, model.sharesPlaces)) {
      out.offsets.push(offset);
    }
    let position = 0;
    for (const [i, covered] of lengths.entries()) {
      const id = this.#ids.data[from + i]!;
      const surface = bytes.subarray(position, position + covered);
      out.tokens.push(id === model.surfaceId ? utf8.decode(surface) : out.tokenOf(id));
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
