import { JsonValue } from "../json-value.ts";
import type { ModelJson } from "./models.ts";
import { readDecoder } from "./read-decoder.ts";
import { readModel } from "./read-model.ts";
import { readNormalizer } from "./read-normalizer.ts";
import { readPadding, readTruncation } from "./read-padding.ts";
import { readPostProcessor } from "./read-post-processor.ts";
import { readPreTokenizer } from "./read-pre-tokenizer.ts";
import { MAX_TOKEN_IDS } from "./read-vocabulary.ts";
import { type AddedTokenJson, TOKENIZER_JSON, type TokenizerJson } from "./tokenizer-json.ts";

// More than any tokenizer has; a list of millions would take minutes to search for.
const MAX_ADDED_TOKENS = 1 << 20;

/**
 * Reads the bytes of a `tokenizer.json`, old spellings included: `model.type` absent, merges as
 * `"a b"` strings, `add_prefix_space` in Metaspace. The ids of added tokens are those of the file;
 * Hugging Face `tokenizers` renumbers them where they leave gaps.
 *
 * @throws {FormatError} if the bytes are not JSON, a field is missing or of the wrong type, an id
 * stands for two tokens, a merge names an unknown token, or a component is unknown.
 * @see https://huggingface.co/docs/tokenizers/api/tokenizer
 */
export function parseTokenizerJson(bytes: Uint8Array): TokenizerJson {
  const root = JsonValue.parse(TOKENIZER_JSON, bytes);
  const version = root.field("version");
  if (version.value !== undefined) version.oneOf(["1.0"]);
  const model = readModel(root.field("model"));
  return {
    truncation: readOptional(root.field("truncation"), readTruncation),
    padding: readOptional(root.field("padding"), readPadding),
    addedTokens: readAddedTokens(root.field("added_tokens"), tokensOf(model)),
    normalizer: readOptional(root.field("normalizer"), readNormalizer),
    preTokenizer: readOptional(root.field("pre_tokenizer"), readPreTokenizer),
    postProcessor: readOptional(root.field("post_processor"), readPostProcessor),
    decoder: readOptional(root.field("decoder"), readDecoder),
    model,
  };
}

function readOptional<T>(value: JsonValue, read: (value: JsonValue) => T): T | null {
  return value.isNull ? null : read(value);
}

function tokensOf(model: ModelJson): ReadonlyMap<string, number> {
  if (model.type === "Unigram") return new Map(model.vocab.map(([piece], id) => [piece, id]));
  return "vocab" in model ? model.vocab : new Map();
}

function readAddedTokens(
  list: JsonValue,
  vocab: ReadonlyMap<string, number>,
): readonly AddedTokenJson[] {
  if (list.isNull) return [];
  if (list.array().length > MAX_ADDED_TOKENS) list.fail(`at most ${MAX_ADDED_TOKENS} added tokens`);
  const tokens = list.items().map(readAddedToken);
  const contents = new Map<number, string>(Array.from(vocab, ([token, id]) => [id, token]));
  const ids = new Map(vocab);
  for (const [i, { id, content }] of tokens.entries()) {
    const other = contents.get(id) ?? content;
    if (other !== content) {
      list.items()[i]!.fail(`another id: ${id} is already that of ${JSON.stringify(other)}`);
    }
    const otherId = ids.get(content) ?? id;
    if (otherId !== id) list.items()[i]!.fail(`id ${otherId}, which this token already has`);
    contents.set(id, content);
    ids.set(content, id);
  }
  return tokens;
}

function readAddedToken(token: JsonValue): AddedTokenJson {
  const content = token.field("content").string();
  if (content === "") token.field("content").fail("a text that is not empty");
  return {
    id: token.field("id").integer(MAX_TOKEN_IDS),
    content,
    singleWord: token.field("single_word").boolean(),
    lstrip: token.field("lstrip").boolean(),
    rstrip: token.field("rstrip").boolean(),
    normalized: token.field("normalized").boolean(),
    special: token.field("special").boolean(),
  };
}
