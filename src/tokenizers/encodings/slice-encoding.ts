import type { Encoding } from "./encoding.ts";

/** The tokens `[start, end)` of an encoding. */
export function sliceEncoding(encoding: Encoding, start: number, end: number): Encoding {
  return {
    ids: encoding.ids.subarray(start, end),
    tokens: encoding.tokens.slice(start, end),
    offsets: encoding.offsets.slice(start, end),
    typeIds: encoding.typeIds.subarray(start, end),
    attentionMask: encoding.attentionMask.subarray(start, end),
    specialTokensMask: encoding.specialTokensMask.subarray(start, end),
    sequenceIds: encoding.sequenceIds.subarray(start, end),
  };
}
