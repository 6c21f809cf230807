import { FormatError } from "orrery-lm/base";
import { decodeBase64Into } from "./base64.ts";
import { JsonValue } from "./json-value.ts";
import { TEKKEN_JSON } from "./signatures.ts";
import { splitAtPatterns } from "./split-patterns.ts";
import { templateOfEnds } from "./template-of-ends.ts";
import type { TiktokenJson } from "./tokenizer-json/models.ts";
import { MAX_TOKEN_IDS } from "./tokenizer-json/read-vocabulary.ts";
import type { AddedTokenJson, TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";

const MAX_SPECIAL_TOKENS = 1 << 16;
// Files of the first versions have no list: these are meant, by id.
const FIRST_SPECIAL_TOKENS =
  "<unk> <s> </s> [INST] [/INST] [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_RESULTS] [/TOOL_RESULTS] [TOOL_CALLS] [IMG] <pad> [IMG_BREAK] [IMG_END] [PREFIX] [MIDDLE] [SUFFIX] [SYSTEM_PROMPT] [/SYSTEM_PROMPT] [TOOL_CONTENT]";

/**
 * Reads Mistral's `tekken.json`: the pattern, tokens as bytes with their ranks, special tokens. An id is
 * a rank plus the number of special tokens, which have the ids before; those without a name are
 * `<SPECIAL_n>`. Of the ranks only those are used that `default_vocab_size` leaves room for.
 * `<s>` is added at the start, `</s>` is not.
 *
 * @throws {FormatError} if the bytes are not such a JSON, ranks are not 0, 1, 2, …, or a token's bytes are
 * not Base64.
 * @see https://github.com/mistralai/mistral-common, tokens/tokenizers/tekken.py
 */
export function parseTekken(bytes: Uint8Array): TokenizerJson {
  const root = JsonValue.parse(TEKKEN_JSON, bytes);
  const config = root.field("config");
  const specialCount = config.field("default_num_special_tokens").integer(MAX_SPECIAL_TOKENS);
  const size = config.field("default_vocab_size").integer(MAX_TOKEN_IDS);
  const addedTokens = readSpecialTokens(root.field("special_tokens"), specialCount);
  const bos = addedTokens.find(({ content }) => content === "<s>");
  return {
    truncation: null,
    padding: null,
    addedTokens,
    normalizer: null,
    preTokenizer: splitAtPatterns([config.field("pattern").string()]),
    postProcessor: templateOfEnds(bos && { token: bos.content, id: bos.id }, undefined),
    decoder: { type: "ByteLevel", addPrefixSpace: true, trimOffsets: true, useRegex: true },
    model: readTokens(root.field("vocab"), { first: specialCount, size }),
  };
}

function readTokens(
  list: JsonValue,
  { first, size }: { readonly first: number; readonly size: number },
): TiktokenJson {
  const count = size - first;
  const tokens = list.items().slice(0, Math.max(0, count));
  if (count < 0 || tokens.length < count) list.fail(`${count} tokens, as config says`);
  const byRank = Array.from<Uint8Array | undefined>({ length: count });
  let room = 0;
  for (const token of tokens) {
    const rank = token.field("rank").integer(count);
    if (byRank[rank] !== undefined) token.field("rank").fail("a rank of its own");
    byRank[rank] = readBase64(token.field("token_bytes"));
    room += byRank[rank].length;
  }
  const bytes = new Uint8Array(room);
  const ends = new Uint32Array(size);
  let end = 0;
  for (const [rank, token] of byRank.entries()) {
    bytes.set(token!, end);
    end += token!.length;
    ends[first + rank] = end;
  }
  return { type: "tiktoken", bytes, ends };
}

function readBase64(text: JsonValue): Uint8Array {
  const ascii = new TextEncoder().encode(text.string());
  const bytes = new Uint8Array(Math.ceil(ascii.length / 4) * 3);
  const end = decodeBase64Into(ascii, { start: 0, end: ascii.length }, bytes, 0);
  if (end <= 0) text.fail("bytes in Base64");
  return bytes.subarray(0, end);
}

function readSpecialTokens(list: JsonValue, count: number): AddedTokenJson[] {
  const names = list.isNull
    ? FIRST_SPECIAL_TOKENS.split(" ").map((content, id) => ({ content, id }))
    : list.items().map((token) => ({
        content: token.field("token_str").string(),
        id: token.field("rank").integer(count),
      }));
  if (names.length > count) list.fail(`at most ${count} special tokens, as config says`);
  const byId = new Map<number, string>();
  for (const { content, id } of names) {
    if (content === "" || byId.has(id)) {
      throw new FormatError(TEKKEN_JSON, `special_tokens: ${id} is empty, or stands there twice`);
    }
    byId.set(id, content);
  }
  for (let id = 0; id < count; id++) if (!byId.has(id)) byId.set(id, `<SPECIAL_${id}>`);
  if (new Set(byId.values()).size !== byId.size) list.fail("names that all differ");
  const flags = { singleWord: false, lstrip: false, rstrip: false, normalized: false };
  return [...byId]
    .map(([id, content]) => ({ id, content, ...flags, special: true }))
    .toSorted((a, b) => a.id - b.id);
}
