import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type DecoderJson } from "orrery-lm/formats";
import { ByteLevelDecoder } from "./byte-level.ts";
import type { Decoder } from "./decoder.ts";

/** Makes the decoder that a tokenizer's file describes. */
export function createDecoder(json: DecoderJson | null): Decoder {
  if (json?.type === "ByteLevel") return new ByteLevelDecoder();
  throw new FormatError(TOKENIZER_JSON, `decoder ${json?.type ?? "null"} is not supported`);
}
