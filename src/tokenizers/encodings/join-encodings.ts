import type { Encoding } from "./encoding.ts";

/** One encoding after the other, the second with type id 1. */
export function joinEncodings(text: Encoding, pair: Encoding | undefined): Encoding {
  if (pair === undefined) return text;
  const length = text.ids.length + pair.ids.length;
  const ids = new Uint32Array(length);
  ids.set(text.ids);
  ids.set(pair.ids, text.ids.length);
  return {
    ids,
    tokens: text.tokens.concat(pair.tokens),
    offsets: text.offsets.concat(pair.offsets),
    typeIds: new Uint8Array(length).fill(1, text.ids.length),
    attentionMask: new Uint8Array(length).fill(1),
    specialTokensMask: new Uint8Array(length),
    sequenceIds: new Int8Array(length).fill(1, text.ids.length),
  };
}
