import type { Encoding } from "./encoding.ts";

/** The tokens `[start, end)` of an encoding, copied: who keeps them does not keep all. */
export function sliceEncoding(encoding: Encoding, start: number, end: number): Encoding {
  return {
    ids: encoding.ids.slice(start, end),
    tokens: encoding.tokens.slice(start, end),
    offsets: encoding.offsets.slice(start, end),
    typeIds: encoding.typeIds.slice(start, end),
    attentionMask: encoding.attentionMask.slice(start, end),
    specialTokensMask: encoding.specialTokensMask.slice(start, end),
    sequenceIds: encoding.sequenceIds.slice(start, end),
  };
}
