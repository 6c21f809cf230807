import { FormatError, ProtobufReader } from "orrery-lm/base";
import { ALGORITHMS, PIECE_TYPES, SENTENCEPIECE_MODEL } from "./sentencepiece-numbers.ts";
import type { SentencePieceJson, SentencePieceType } from "./tokenizer-json/models.ts";
import type { SentencePieceNormalizerJson } from "./tokenizer-json/normalizers.ts";
import type { TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";

type SentencePiece = SentencePieceJson["pieces"][number];

/** Whether bytes look like a `.model`: they start with a piece that has a score or a type. */
export function isSentencePieceModel(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x0a) return false;
  try {
    const file = new ProtobufReader(bytes, SENTENCEPIECE_MODEL);
    if (!file.next()) return false;
    const fields: number[] = [];
    for (const piece = file.message(); piece.next();) fields.push(piece.field);
    return fields[0] === 1 && fields.length > 1 && fields.every((field) => field <= 3);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/**
 * Reads a SentencePiece `.model`. What the file leaves out has its default: NORMAL pieces, score 0, a
 * dummy prefix, extra blanks removed.
 *
 * @throws {FormatError} if it is broken, or SentencePiece would refuse it: an empty piece, one that
 * stands twice, none or two for what is unknown, bytes without byte fallback or fewer than 256.
 * @see https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
 */
export function parseSentencePieceModel(bytes: Uint8Array): TokenizerJson {
  // The caller may do what it wants with its bytes afterwards.
  const file = bytes.slice();
  const pieces: SentencePiece[] = [];
  const trainer = new TrainerSpec();
  const normalizer = new NormalizerSpec();
  let denormalizer: NormalizerSpec | undefined;
  for (const message = new ProtobufReader(file, SENTENCEPIECE_MODEL); message.next();) {
    if (message.field === 1) pieces.push(readPiece(message.message(), pieces.length));
    else if (message.field === 2) trainer.read(message.message());
    else if (message.field === 3) normalizer.read(message.message());
    else if (message.field === 5) {
      denormalizer ??= new NormalizerSpec();
      denormalizer.read(message.message());
    }
  }
  checkPieces(pieces, trainer.byteFallback);
  const piecesOf = (wanted: SentencePieceType): string[] =>
    pieces.filter(({ type }) => type === wanted).map(({ piece }) => piece);
  const { byteFallback, treatWhitespaceAsSuffix } = trainer;
  return {
    truncation: null,
    padding: null,
    addedTokens: [],
    normalizer: normalizer.toJson(treatWhitespaceAsSuffix, piecesOf("USER_DEFINED")),
    preTokenizer: null,
    postProcessor: null,
    decoder: {
      type: "SentencePiece",
      addDummyPrefix: normalizer.addDummyPrefix,
      removeExtraWhitespaces: normalizer.removeExtraWhitespaces,
      controlPieces: piecesOf("CONTROL"),
      unkPiece: piecesOf("UNKNOWN")[0]!,
      unkSurface: trainer.unkSurface,
      byteFallback,
      denormalizer:
        denormalizer === undefined || denormalizer.precompiledCharsmap.length === 0
          ? null
          : denormalizer.toJson(false, []),
    },
    model: {
      type: "SentencePiece",
      algorithm: trainer.algorithm,
      byteFallback,
      treatWhitespaceAsSuffix,
      pieces,
      file,
    },
  };
}

/** The fields of TrainerSpec that have a meaning after training. */
class TrainerSpec {
  algorithm: SentencePieceJson["algorithm"] = "unigram";
  treatWhitespaceAsSuffix = false;
  byteFallback = false;
  unkSurface = " \u2047 ";

  /** A field that stands twice has its last value. */
  read(message: ProtobufReader): void {
    while (message.next()) {
      // Protocol Buffers leave out what they do not know.
      if (message.field === 3) this.algorithm = ALGORITHMS[message.int32() - 1] ?? this.algorithm;
      else if (message.field === 24) this.treatWhitespaceAsSuffix = message.bool();
      else if (message.field === 35) this.byteFallback = message.bool();
      else if (message.field === 44) this.unkSurface = message.string();
    }
  }
}

class NormalizerSpec {
  precompiledCharsmap: Uint8Array = new Uint8Array(0);
  addDummyPrefix = true;
  removeExtraWhitespaces = true;
  escapeWhitespaces = true;

  read(message: ProtobufReader): void {
    while (message.next()) {
      if (message.field === 2) this.precompiledCharsmap = message.bytes();
      else if (message.field === 3) this.addDummyPrefix = message.bool();
      else if (message.field === 4) this.removeExtraWhitespaces = message.bool();
      else if (message.field === 5) this.escapeWhitespaces = message.bool();
    }
  }

  toJson(
    treatWhitespaceAsSuffix: boolean,
    userDefinedSymbols: readonly string[],
  ): SentencePieceNormalizerJson {
    return {
      type: "SentencePiece",
      precompiledCharsmap: this.precompiledCharsmap,
      addDummyPrefix: this.addDummyPrefix,
      removeExtraWhitespaces: this.removeExtraWhitespaces,
      escapeWhitespaces: this.escapeWhitespaces,
      treatWhitespaceAsSuffix,
      userDefinedSymbols,
    };
  }
}

function readPiece(message: ProtobufReader, id: number): SentencePiece {
  let piece = "";
  let score = 0;
  let type: SentencePieceType = "NORMAL";
  while (message.next()) {
    if (message.field === 1) piece = message.string();
    else if (message.field === 2) score = message.float();
    else if (message.field === 3) type = PIECE_TYPES[message.int32() - 1] ?? type;
  }
  if (piece === "") throw new FormatError(SENTENCEPIECE_MODEL, `piece ${id} is empty`);
  if (Number.isNaN(score)) {
    throw new FormatError(SENTENCEPIECE_MODEL, `the score of piece ${id} is not a number`);
  }
  return { piece, score, type };
}

function checkPieces(pieces: readonly SentencePiece[], byteFallback: boolean): void {
  const fail = (message: string): never => {
    throw new FormatError(SENTENCEPIECE_MODEL, message);
  };
  const inText = new Set<string>();
  const reserved = new Set<string>();
  let unknown: number | undefined;
  let byteCount = 0;
  for (const [id, { piece, type }] of pieces.entries()) {
    const isInText = type === "NORMAL" || type === "USER_DEFINED" || type === "UNUSED";
    const seen = isInText ? inText : reserved;
    if (seen.has(piece)) fail(`piece ${id}, ${JSON.stringify(piece)}, stands there twice`);
    seen.add(piece);
    if (type === "UNKNOWN") {
      if (unknown !== undefined) fail(`pieces ${unknown} and ${id} are both UNKNOWN`);
      unknown = id;
    }
    if (type !== "BYTE") continue;
    byteCount++;
    if (!byteFallback) fail(`piece ${id} is a BYTE, but byte_fallback is false`);
    if (!/^<0x[0-9A-F]{2}>$/.test(piece)) {
      fail(`piece ${id}: expected a byte such as <0x0A>, got ${JSON.stringify(piece)}`);
    }
  }
  if (unknown === undefined) fail("expected a piece of type UNKNOWN, got none");
  if (byteFallback && byteCount < 256) {
    fail(`byte_fallback is true: expected 256 pieces of type BYTE, got ${byteCount}`);
  }
}
