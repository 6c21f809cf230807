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
    addedTokens: readAddedTokens(root.field("added_tokens"), model),
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

/** Of those with the same content the last counts; one without content is none. */
function readAddedTokens(list: JsonValue, model: ModelJson): readonly AddedTokenJson[] {
  if (list.value === undefined) return [];
  if (list.array().length > MAX_ADDED_TOKENS) list.fail(`at most ${MAX_ADDED_TOKENS} added tokens`);
  const places = list.items();
  const tokens = places.map(readAddedToken);
  const { idOf, tokenOf } = indexFor(tokens, model);
  const kept = new Map<string, AddedTokenJson>();
  for (const [i, token] of tokens.entries()) {
    const { id, content } = token;
    if (content === "") continue;
    const other = tokenOf.get(id) ?? content;
    if (other !== content) {
      places[i]!.fail(`another id: ${id} is already that of ${JSON.stringify(other)}`);
    }
    const otherId = idOf.get(content) ?? id;
    if (otherId !== id) places[i]!.fail(`id ${otherId}, which this token already has`);
    tokenOf.set(id, content);
    idOf.set(content, id);
    kept.set(content, token);
  }
  return [...kept.values()];
}

interface Index {
  readonly idOf: Map<string, number>;
  readonly tokenOf: Map<number, string>;
}

/** What the model knows of the added tokens; an index of all of its tokens would take longer. */
function indexFor(added: readonly AddedTokenJson[], model: ModelJson): Index {
  const contents = new Set(added.map(({ content }) => content));
  const ids = new Set(added.map(({ id }) => id));
  const index = { idOf: new Map<string, number>(), tokenOf: new Map<number, string>() };
  const add = (token: string, id: number): void => {
    if (contents.has(token)) index.idOf.set(token, id);
    if (ids.has(id)) index.tokenOf.set(id, token);
  };
  if (added.length === 0) return index;
  if (model.type === "Unigram") for (const [id, [piece]] of model.vocab.entries()) add(piece, id);
  else if ("vocab" in model) for (const [token, id] of model.vocab) add(token, id);
  return index;
}

function readAddedToken(token: JsonValue): AddedTokenJson {
  return {
    id: token.field("id").integer(MAX_TOKEN_IDS),
    content: token.field("content").string(),
    singleWord: token.field("single_word").boolean(),
    lstrip: token.field("lstrip").boolean(),
    rstrip: token.field("rstrip").boolean(),
    normalized: token.field("normalized").boolean(),
    special: token.field("special").boolean(),
  };
}
