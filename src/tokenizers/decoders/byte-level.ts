import { byteOfUnit } from "../byte-alphabet.ts";
import type { Decoder, DecoderRun } from "./decoder.ts";

/**
 * `ByteLevel`: the bytes that the tokens spell, read as UTF-8. Bytes that are not UTF-8 become
 * U+FFFD, one for each maximal subpart of a character, and U+FEFF stays.
 *
 * A token with a character outside the alphabet is taken as it is. An added token is not excepted:
 * "é" written as an added token stands for the byte 0xE9, as in Hugging Face `tokenizers`.
 */
export class ByteLevelDecoder implements Decoder {
  start(): DecoderRun {
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    return {
      push: (tokens) => utf8.decode(bytesOf(tokens), { stream: true }),
      end: () => utf8.decode(),
    };
  }
}

function bytesOf(tokens: readonly string[]): Uint8Array {
  let room = 0;
  for (const token of tokens) room += 3 * token.length;
  const bytes = new Uint8Array(room);
  let length = 0;
  for (const token of tokens) {
    const start = length;
    for (let i = 0; i < token.length; i++) {
      const byte = byteOfUnit(token.charCodeAt(i));
      if (byte < 0) {
        length = start + new TextEncoder().encodeInto(token, bytes.subarray(start)).written;
        break;
      }
      bytes[length++] = byte;
    }
  }
  return bytes.subarray(0, length);
}
