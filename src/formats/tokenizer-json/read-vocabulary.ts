import { JsonValue } from "../json-value.ts";

/** Ids stay below this: 16.8 million, ten times the largest vocabulary in use. */
export const MAX_TOKEN_IDS: number = 2 ** 24;

/**
 * Reads ids by token. An id of two tokens is refused: which of them it decodes to is chance in
 * `tokenizers`. Gaps between ids are fine.
 */
export function readVocabulary(vocab: JsonValue): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  const tokens = new Map<number, string>();
  // JSON.parse makes even "__proto__" an own member.
  for (const [token, id] of Object.entries(vocab.object())) {
    const place = new JsonValue(vocab.format, `${vocab.path}[${JSON.stringify(token)}]`, id);
    const checked = place.integer(MAX_TOKEN_IDS);
    const other = tokens.get(checked);
    if (other !== undefined) {
      place.fail(`an id of its own, not that of ${JSON.stringify(other)}`);
    }
    ids.set(token, checked);
    tokens.set(checked, token);
  }
  return ids;
}
