import { writeDecoder } from "./write-decoder.ts";
import { size, writeJson } from "./write-json.ts";
import { writeModel } from "./write-model.ts";
import { writeNormalizer } from "./write-normalizer.ts";
import { writePostProcessor } from "./write-post-processor.ts";
import { writePreTokenizer } from "./write-pre-tokenizer.ts";
import type {
  AddedTokenJson,
  PaddingJson,
  TokenizerJson,
  TruncationJson,
} from "./tokenizer-json.ts";

/**
 * Writes a `tokenizer.json` as Hugging Face `tokenizers` 0.23 does, byte for byte: the same order of
 * members, the vocabulary in the order of ids, merges as pairs, two spaces per level.
 *
 * @throws {FormatError} if it has a component that `tokenizer.json` has not.
 */
export function serializeTokenizerJson(tokenizer: TokenizerJson): Uint8Array {
  const { normalizer, preTokenizer, postProcessor, decoder } = tokenizer;
  const document = {
    version: "1.0",
    truncation: tokenizer.truncation && writeTruncation(tokenizer.truncation),
    padding: tokenizer.padding && writePadding(tokenizer.padding),
    added_tokens: tokenizer.addedTokens.toSorted((a, b) => a.id - b.id).map(writeAddedToken),
    normalizer: normalizer && writeNormalizer(normalizer),
    pre_tokenizer: preTokenizer && writePreTokenizer(preTokenizer),
    post_processor: postProcessor && writePostProcessor(postProcessor),
    decoder: decoder && writeDecoder(decoder),
    model: writeModel(tokenizer.model),
  };
  return new TextEncoder().encode(writeJson(document, "\n"));
}

function writeTruncation({ direction, maxLength, strategy, stride }: TruncationJson): object {
  return { direction, max_length: size(maxLength), strategy, stride: size(stride) };
}

function writePadding(padding: PaddingJson): object {
  const { strategy, padToMultipleOf } = padding;
  return {
    strategy: typeof strategy === "string" ? strategy : { Fixed: size(strategy.fixed) },
    direction: padding.direction,
    pad_to_multiple_of: padToMultipleOf && size(padToMultipleOf),
    pad_id: padding.padId,
    pad_type_id: padding.padTypeId,
    pad_token: padding.padToken,
  };
}

function writeAddedToken(token: AddedTokenJson): object {
  const { id, content, singleWord, lstrip, rstrip, normalized, special } = token;
  return { id, content, single_word: singleWord, lstrip, rstrip, normalized, special };
}
