import { FormatError } from "orrery-lm/base";
import type { ByteLevelJson } from "./pre-tokenizers.ts";
import { type AddedTokenJson, TOKENIZER_JSON, type TokenizerJson } from "./tokenizer-json.ts";

/**
 * Writes a `tokenizer.json` as Hugging Face `tokenizers` 0.23 does: the same order of members, the
 * vocabulary in the order of ids, merges as pairs, two spaces per level.
 */
export function serializeTokenizerJson(tokenizer: TokenizerJson): Uint8Array {
  const { model } = tokenizer;
  if (model.type !== "BPE") {
    throw new FormatError(TOKENIZER_JSON, `model ${model.type} cannot be written`);
  }
  const document = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: tokenizer.addedTokens.toSorted((a, b) => a.id - b.id).map(addedToken),
    normalizer: tokenizer.normalizer,
    pre_tokenizer: byteLevel(tokenizer.preTokenizer),
    post_processor: byteLevel(tokenizer.postProcessor),
    decoder: byteLevel(tokenizer.decoder),
    model: {
      type: model.type,
      dropout: null,
      unk_token: model.unkToken,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: model.fuseUnk,
      byte_fallback: false,
      ignore_merges: model.ignoreMerges,
      vocab: new Map([...model.vocab].toSorted(([, a], [, b]) => a - b)),
      merges: model.merges,
    },
  };
  return new TextEncoder().encode(write(document, "\n"));
}

function byteLevel(json: { readonly type: string } | null): object | null {
  if (json === null) return null;
  const { type, addPrefixSpace, trimOffsets, useRegex } = json as ByteLevelJson;
  return {
    type,
    add_prefix_space: addPrefixSpace,
    trim_offsets: trimOffsets,
    use_regex: useRegex,
  };
}

function addedToken(token: AddedTokenJson): object {
  const { id, content, singleWord, lstrip, rstrip, normalized, special } = token;
  return { id, content, single_word: singleWord, lstrip, rstrip, normalized, special };
}

/**
 * Like JSON.stringify, but a Map becomes an object in its own order: an object of JavaScript would
 * move the tokens "0", "1", … to the front.
 * @param line a line break and the indentation of the line that the value starts on
 */
function write(value: unknown, line: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${line}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${inner}${value.map((item) => write(item, inner)).join(`,${inner}`)}${line}]`;
  }
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0) return "{}";
  const members = entries.map(([key, item]) => `${JSON.stringify(key)}: ${write(item, inner)}`);
  return `{${inner}${members.join(`,${inner}`)}${line}}`;
}
