/**
 * What formats of tokenizers look like, apart from their readers: a bundler then needs to fetch only the
 * reader of the file that is there.
 */

/** The name of the format in errors, and of the file. */
export const TEKKEN_JSON: string = "tekken.json";

/** "GGUF" as a little-endian number. */
export const GGUF_MAGIC: number = 0x46554747;

/** True if a JSON text is that of a `tekken.json`: its tokens have their bytes, its pattern is a text. */
export function isTekken(bytes: Uint8Array): boolean {
  // A vocabulary with such tokens has numbers behind them, a tokenizer.json's pattern is an object.
  const head = new TextDecoder().decode(bytes.subarray(0, 1 << 16));
  return /"(token_bytes|pattern)"\s*:\s*"/.test(head);
}

/** True if the first line is that of a rank file. */
export function isTiktokenRanks(bytes: Uint8Array): boolean {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 512));
  return /^[A-Za-z0-9+/]+={0,2} [0-9]+\r?(\n|$)/.test(head);
}

/** True if a line of the text is "[CLS]" or "[UNK]", which all vocabularies of BERT's kind have. */
export function isVocabTxt(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes);
  return /(?:^|\n)\[(?:CLS|UNK)\] *\r?(?:\n|$)/.test(text);
}

/** True if bytes start as a GGUF file does. */
export function isGguf(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length >= 4 && view.getUint32(0, true) === GGUF_MAGIC;
}
