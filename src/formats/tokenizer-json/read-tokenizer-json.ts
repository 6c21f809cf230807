import { FormatError } from "orrery-lm/base";
import { JsonValue } from "../json-value.ts";
import type { ByteLevelJson } from "./pre-tokenizers.ts";
import { MAX_TOKEN_IDS, readBPE } from "./read-bpe.ts";
import { type AddedTokenJson, TOKENIZER_JSON, type TokenizerJson } from "./tokenizer-json.ts";

// More than any tokenizer has; a list of millions would take minutes to search for.
const MAX_ADDED_TOKENS = 1 << 20;

/**
 * Reads the bytes of a `tokenizer.json`, old spellings included: `model.type` absent, merges as
 * `"a b"` strings. The ids of added tokens are those of the file; Hugging Face `tokenizers` renumbers
 * them where they leave gaps.
 *
 * @throws {FormatError} if the bytes are not JSON, a field is missing or of the wrong type, an id
 * stands for two tokens, a merge names an unknown token, or a component is not supported.
 * @see https://huggingface.co/docs/tokenizers/api/tokenizer
 */
export function parseTokenizerJson(bytes: Uint8Array): TokenizerJson {
  const root = JsonValue.parse(TOKENIZER_JSON, bytes);
  for (const name of ["truncation", "padding", "normalizer"]) {
    const component = root.field(name);
    if (!component.isNull) refuse(component);
  }
  const model = readBPE(root.field("model"));
  return {
    truncation: null,
    padding: null,
    addedTokens: readAddedTokens(root.field("added_tokens"), model.vocab),
    normalizer: null,
    preTokenizer: readByteLevel(root.field("pre_tokenizer")),
    postProcessor: root.field("post_processor").isNull
      ? null
      : readByteLevel(root.field("post_processor")),
    decoder: readByteLevel(root.field("decoder")),
    model,
  };
}

function readByteLevel(component: JsonValue): ByteLevelJson {
  if (component.isNull || component.field("type").value !== "ByteLevel") refuse(component);
  return {
    type: "ByteLevel",
    addPrefixSpace: component.field("add_prefix_space").boolean(),
    trimOffsets: component.field("trim_offsets").boolean(),
    useRegex: component.field("use_regex").boolean(true),
  };
}

function refuse(component: JsonValue): never {
  const type = component.isNull ? "null" : component.field("type").value;
  const name = typeof type === "string" ? `${component.path} ${type}` : component.path;
  throw new FormatError(
    component.format,
    `${name} is not supported: only byte-level BPE is (pre_tokenizer and decoder ByteLevel, model BPE, no normalizer, no truncation, no padding)`,
  );
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
