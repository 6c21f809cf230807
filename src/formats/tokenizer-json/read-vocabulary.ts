import { JsonValue } from "../json-value.ts";

/** Ids stay below this: 16.8 million, ten times the largest vocabulary in use. */
export const MAX_TOKEN_IDS: number = 2 ** 24;

/**
 * Reads ids by token. An id of two tokens is refused: which of them it decodes to is chance in
 * `tokenizers`. Gaps between ids are fine.
 */
export function readVocabulary(vocab: JsonValue): ReadonlyMap<string, number> {
  const members = vocab.object();
  const tokens = Object.keys(members);
  const ids = new Map<string, number>();
  let isTaken = new Uint8Array(2 * tokens.length);
  // JSON.parse makes even "__proto__" an own member.
  for (const token of tokens) {
    const id = members[token];
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= MAX_TOKEN_IDS) {
      return member(vocab, token).fail(`an integer from 0 to ${MAX_TOKEN_IDS - 1}`);
    }
    if (id >= isTaken.length) isTaken = enlarged(isTaken);
    if (isTaken[id] === 1) {
      const [first] = Array.from(ids).find(([, other]) => other === id)!;
      member(vocab, token).fail(`an id of its own, not that of ${JSON.stringify(first)}`);
    }
    isTaken[id] = 1;
    ids.set(token, id);
  }
  return ids;
}

/** Room for all ids at once: few files have gaps so large. */
function enlarged(isTaken: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(MAX_TOKEN_IDS);
  larger.set(isTaken);
  return larger;
}

// Made only to complain: one for each token would take longer than all else.
function member(vocab: JsonValue, token: string): JsonValue {
  return new JsonValue(
    vocab.format,
    `${vocab.path}[${JSON.stringify(token)}]`,
    vocab.object()[token],
  );
}
