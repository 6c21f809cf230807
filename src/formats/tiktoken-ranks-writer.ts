import { encodeBase64 } from "./base64.ts";
import type { TiktokenJson } from "./tokenizer-json/models.ts";

/** Writes a rank file, the lowest rank first. */
export function serializeTiktokenRanks({ bytes, ends }: TiktokenJson): Uint8Array {
  let text = "";
  let start = 0;
  for (const [rank, end] of ends.entries()) {
    if (end > start) text += `${encodeBase64(bytes.subarray(start, end))} ${rank}\n`;
    start = end;
  }
  return new TextEncoder().encode(text);
}
