import { ConfigError, ProtobufWriter } from "orrery-lm/base";
import { ALGORITHMS, PIECE_TYPES } from "./sentencepiece-numbers.ts";
import type { SentencePieceDecoderJson } from "./tokenizer-json/decoders.ts";
import type { SentencePieceJson } from "./tokenizer-json/models.ts";
import type { SentencePieceNormalizerJson } from "./tokenizer-json/normalizers.ts";
import type { TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";

/**
 * Writes a SentencePiece `.model`. One that was read from a file gives the bytes of that file.
 * @throws {ConfigError} if the tokenizer is of another kind, or has what a `.model` cannot say.
 */
export function serializeSentencePieceModel(json: TokenizerJson): Uint8Array {
  const { model, normalizer, decoder } = json;
  if (model.type !== "SentencePiece") throw cannotSay(`a model of type ${model.type}`);
  if (normalizer?.type !== "SentencePiece") {
    throw cannotSay(`normalizer ${normalizer?.type ?? "null"}`);
  }
  if (decoder?.type !== "SentencePiece") throw cannotSay(`decoder ${decoder?.type ?? "null"}`);
  if (json.addedTokens.length > 0) {
    throw cannotSay(`the added token ${JSON.stringify(json.addedTokens[0]!.content)}`);
  }
  for (const part of ["preTokenizer", "postProcessor", "truncation", "padding"] as const) {
    if (json[part] !== null) throw cannotSay(`a ${part}`);
  }
  if (model.file.length > 0) return model.file.slice();
  const file = new ProtobufWriter();
  for (const { piece, score, type } of model.pieces) {
    const fields = new ProtobufWriter().string(1, piece).float(2, score);
    if (type !== "NORMAL") fields.integer(3, PIECE_TYPES.indexOf(type) + 1);
    file.message(1, fields);
  }
  file.message(2, trainerSpec(model, decoder)).message(3, normalizerSpec(normalizer));
  if (decoder.denormalizer !== null) file.message(5, normalizerSpec(decoder.denormalizer));
  return file.finish();
}

function cannotSay(what: string): ConfigError {
  return new ConfigError(
    `save("sentencepiece"): a .model cannot express ${what}; save("tokenizer.json") can`,
  );
}

function trainerSpec(model: SentencePieceJson, decoder: SentencePieceDecoderJson): ProtobufWriter {
  const idOf = (name: string): number =>
    model.pieces.findIndex(({ piece, type }) => piece === name && type === "CONTROL");
  const spec = new ProtobufWriter()
    .integer(3, ALGORITHMS.indexOf(model.algorithm) + 1)
    .integer(4, model.pieces.length)
    .integer(24, Number(model.treatWhitespaceAsSuffix));
  for (const name of decoder.controlPieces) {
    if (!["<s>", "</s>", "<pad>"].includes(name)) spec.string(30, name);
  }
  for (const { piece, type } of model.pieces) {
    if (type === "USER_DEFINED") spec.string(31, piece);
  }
  return spec
    .integer(35, Number(model.byteFallback))
    .integer(
      40,
      model.pieces.findIndex(({ type }) => type === "UNKNOWN"),
    )
    .integer(41, idOf("<s>"))
    .integer(42, idOf("</s>"))
    .integer(43, idOf("<pad>"))
    .string(44, decoder.unkSurface)
    .string(45, decoder.unkPiece);
}

function normalizerSpec(json: SentencePieceNormalizerJson): ProtobufWriter {
  const hasRules = json.precompiledCharsmap.length > 0;
  return new ProtobufWriter()
    .string(1, hasRules ? "user_defined" : "identity")
    .bytes(2, json.precompiledCharsmap)
    .integer(3, Number(json.addDummyPrefix))
    .integer(4, Number(json.removeExtraWhitespaces))
    .integer(5, Number(json.escapeWhitespaces));
}
