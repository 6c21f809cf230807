import { FormatError } from "orrery-lm/base";
import {
  TOKENIZER_JSON,
  type TemplatePieceJson,
  type TemplateProcessingJson,
} from "orrery-lm/formats";
import type { Encoding } from "../encodings/encoding.ts";
import type { PostProcessor } from "./post-processor.ts";

/** A text at its place in a template. */
interface TextPiece {
  readonly sequence: 0 | 1;
  readonly typeId: number;
}

/** Tokens that a template adds. */
interface AddedPiece {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  readonly typeId: number;
}

/** What a template puts one after the other. */
export type TemplatePiece = TextPiece | AddedPiece;

/**
 * `TemplateProcessing`: puts tokens around one or two texts. Type ids are those of the template, with
 * and without its tokens. `BertProcessing` and `RobertaProcessing` are templates too.
 */
export class TemplatePostProcessor implements PostProcessor {
  readonly #single: readonly TemplatePiece[];
  readonly #pair: readonly TemplatePiece[];

  constructor(single: readonly TemplatePiece[], pair: readonly TemplatePiece[]) {
    this.#single = single;
    this.#pair = pair;
  }

  addedTokenCount(isPair: boolean): number {
    const pieces = isPair ? this.#pair : this.#single;
    return pieces.reduce((count, piece) => count + ("ids" in piece ? piece.ids.length : 0), 0);
  }

  processIds(ids: Uint32Array, addSpecialTokens: boolean): Uint32Array {
    const parts = chosen(this.#single, addSpecialTokens).map((p) => ("ids" in p ? p.ids : ids));
    const all = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
    let length = 0;
    for (const part of parts) {
      all.set(part, length);
      length += part.length;
    }
    return all;
  }

  process(text: Encoding, pair: Encoding | undefined, addSpecialTokens: boolean): Encoding {
    const pieces = chosen(pair === undefined ? this.#single : this.#pair, addSpecialTokens);
    const parts = pieces.map((piece) =>
      "ids" in piece
        ? added(piece)
        : withType(piece.sequence === 0 ? text : pair!, piece.typeId, piece.sequence),
    );
    return {
      ids: Uint32Array.from(parts.flatMap(({ ids }) => [...ids])),
      tokens: parts.flatMap(({ tokens }) => tokens),
      offsets: parts.flatMap(({ offsets }) => offsets),
      typeIds: Uint8Array.from(parts.flatMap(({ typeIds }) => [...typeIds])),
      attentionMask: Uint8Array.from(parts.flatMap(({ attentionMask }) => [...attentionMask])),
      specialTokensMask: Uint8Array.from(parts.flatMap((part) => [...part.specialTokensMask])),
      sequenceIds: Int8Array.from(parts.flatMap(({ sequenceIds }) => [...sequenceIds])),
    };
  }
}

function chosen(pieces: readonly TemplatePiece[], addSpecialTokens: boolean): TemplatePiece[] {
  return pieces.filter((piece) => addSpecialTokens || !("ids" in piece));
}

function added({ ids, tokens, typeId }: AddedPiece): Encoding {
  const length = ids.length;
  return {
    ids: Uint32Array.from(ids),
    tokens,
    offsets: tokens.map(() => [0, 0] as const),
    typeIds: new Uint8Array(length).fill(typeId),
    attentionMask: new Uint8Array(length).fill(1),
    specialTokensMask: new Uint8Array(length).fill(1),
    sequenceIds: new Int8Array(length).fill(-1),
  };
}

function withType(encoding: Encoding, typeId: number, sequence: 0 | 1): Encoding {
  const length = encoding.ids.length;
  return {
    ...encoding,
    typeIds: new Uint8Array(length).fill(typeId),
    sequenceIds: new Int8Array(length).fill(sequence),
  };
}

/**
 * Makes the post-processor of a `TemplateProcessing`.
 * @throws {FormatError} if a template names a token that the file does not give, or one with more
 * ids than tokens, or the template for one text has the second, or a type id is above 255.
 */
export function createTemplate(json: TemplateProcessingJson): TemplatePostProcessor {
  const compile = (name: "single" | "pair"): TemplatePiece[] =>
    json[name].map((piece, i) => compilePiece(piece, `${name}[${i}]`, json));
  const single = compile("single");
  if (single.some((piece) => "sequence" in piece && piece.sequence === 1)) {
    throw new FormatError(
      TOKENIZER_JSON,
      "post_processor TemplateProcessing: expected only the sequence A in single, got B",
    );
  }
  return new TemplatePostProcessor(single, compile("pair"));
}

function compilePiece(
  piece: TemplatePieceJson,
  place: string,
  { specialTokens }: TemplateProcessingJson,
): TemplatePiece {
  const where = `post_processor TemplateProcessing, ${place}`;
  const { typeId } = piece;
  if (typeId > 255) {
    throw new FormatError(TOKENIZER_JSON, `${where}: expected a type_id up to 255, got ${typeId}`);
  }
  if ("sequence" in piece) return { sequence: piece.sequence === "A" ? 0 : 1, typeId };
  const token = specialTokens.get(piece.specialToken);
  if (token === undefined) {
    throw new FormatError(
      TOKENIZER_JSON,
      `${where}: special_tokens does not have ${JSON.stringify(piece.specialToken)}`,
    );
  }
  if (token.ids.length !== token.tokens.length) {
    throw new FormatError(
      TOKENIZER_JSON,
      `${where}: expected as many ids as tokens, got ${token.ids.length} and ${token.tokens.length}`,
    );
  }
  return { ids: token.ids, tokens: token.tokens, typeId };
}
