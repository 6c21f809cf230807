import { IdBuffer } from "../kernels/id-buffer.ts";
import { Utf8Encoder } from "../kernels/utf8-encoder.ts";
import { splitGpt2 } from "./gpt2-split.ts";
import type { Pieces, PreTokenizer } from "./pre-tokenizer.ts";

/** Options of {@link ByteLevelPreTokenizer}. */
export interface ByteLevelPreTokenizerOptions {
  /** Put a blank before a text that does not start with one. */
  readonly addPrefixSpace: boolean;
  /** Cut with GPT-2's pattern; else the whole text is one piece. */
  readonly useRegex: boolean;
}

/**
 * `ByteLevel`: hands the bytes of the text to the model, cut by GPT-2's pattern.
 * The prefix goes before every stretch of text between added tokens, and only U+0020 counts as a
 * blank that is already there: a tab gets one too.
 */
export class ByteLevelPreTokenizer implements PreTokenizer {
  readonly #addPrefixSpace: boolean;
  readonly #useRegex: boolean;
  readonly #encoder = new Utf8Encoder();
  readonly #ends = new IdBuffer();

  constructor({ addPrefixSpace, useRegex }: ByteLevelPreTokenizerOptions) {
    this.#addPrefixSpace = addPrefixSpace;
    this.#useRegex = useRegex;
  }

  split(text: string): Pieces {
    const prefix = this.#addPrefixSpace && text !== "" && !text.startsWith(" ") ? " " : "";
    const { bytes, length } = this.#encoder.encode(text, prefix);
    this.#ends.clear();
    if (this.#useRegex) splitGpt2(bytes, length, this.#ends);
    else if (length > 0) this.#ends.push(length);
    return { bytes, prefixLength: prefix.length, ends: this.#ends };
  }
}
