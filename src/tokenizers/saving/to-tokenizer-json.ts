import type { AddedTokenJson, ModelJson, NormalizerJson, TokenizerJson } from "orrery-lm/formats";
import {
  addedTokensOf,
  convertSentencePieceDecoder,
  convertSentencePieceModel,
  convertSentencePieceNormalizer,
  needsMetaspace,
} from "./convert-sentencepiece.ts";
import { convertTiktoken } from "./convert-tiktoken.ts";

/**
 * A tokenizer in components that a `tokenizer.json` can have and `tokenizers` reads with the same ids.
 * @throws {ConfigError} if it cannot express one of them.
 */
export function toTokenizerJson(json: TokenizerJson): TokenizerJson {
  const addedTokens = withSymbols(json);
  const { normalizer, decoder } = json;
  return {
    ...json,
    addedTokens,
    normalizer: normalizer && convertNormalizer(normalizer),
    preTokenizer: json.preTokenizer ?? preTokenizerFor(normalizer),
    decoder: decoder?.type === "SentencePiece" ? convertSentencePieceDecoder(decoder) : decoder,
    model: withAddedTokens(convertModel(json.model), addedTokens),
  };
}

function convertModel(model: ModelJson): ModelJson {
  if (model.type === "tiktoken") return convertTiktoken(model);
  return model.type === "SentencePiece" ? convertSentencePieceModel(model) : model;
}

function convertNormalizer(json: NormalizerJson): NormalizerJson {
  if (json.type === "SentencePiece") return convertSentencePieceNormalizer(json);
  if (json.type !== "Sequence") return json;
  return { type: "Sequence", normalizers: json.normalizers.map(convertNormalizer) };
}

function preTokenizerFor(normalizer: NormalizerJson | null): TokenizerJson["preTokenizer"] {
  if (normalizer?.type !== "SentencePiece" || !needsMetaspace(normalizer)) return null;
  return { type: "Metaspace", replacement: "\u2581", prependScheme: "first", split: false };
}

/** What SentencePiece finds in the text, or knows as control piece, is an added token. */
function withSymbols({ model, addedTokens }: TokenizerJson): readonly AddedTokenJson[] {
  if (model.type !== "SentencePiece") return addedTokens;
  const given = new Set(addedTokens.map(({ id }) => id));
  return [...addedTokens, ...addedTokensOf(model.pieces).filter(({ id }) => !given.has(id))];
}

/**
 * `tokenizers` gives ids anew to added tokens that the model has not: one after the other behind the
 * vocabulary. Where these would not be their ids, the model gets the tokens, and so they keep them.
 * (A `Unigram` has no room for gaps.)
 */
function withAddedTokens(model: ModelJson, addedTokens: readonly AddedTokenJson[]): ModelJson {
  if (model.type !== "BPE" && model.type !== "WordPiece" && model.type !== "WordLevel") {
    return model;
  }
  const { vocab } = model;
  const ids = addedTokens.filter(({ content }) => !vocab.has(content)).map(({ id }) => id);
  const isKept = ids.toSorted((a, b) => a - b).every((id, i) => id === vocab.size + i);
  if (isKept) return model;
  return { ...model, vocab: new Map([...vocab, ...addedTokens.map(entryOf)]) };
}

function entryOf({ content, id }: AddedTokenJson): [string, number] {
  return [content, id];
}
