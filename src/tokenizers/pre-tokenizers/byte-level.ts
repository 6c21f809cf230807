import type { AlignedText } from "../aligned-text.ts";
import { splitGpt2 } from "../kernels/gpt2-scanner.ts";
import { spellBytes } from "../normalizers/byte-level.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { prependText } from "./prepend-text.ts";
import { splitByScanner } from "./split-by-scanner.ts";

/** Options of {@link ByteLevelPreTokenizer}. */
export interface ByteLevelPreTokenizerOptions {
  /** Put a blank before a text that does not start with one. */
  readonly addPrefixSpace: boolean;
  /** Cut with GPT-2's pattern; else the whole text is one piece. */
  readonly useRegex: boolean;
  /** Spell the bytes of each piece in the byte alphabet; else the model reads the bytes itself. */
  readonly isSpelled: boolean;
}

/**
 * `ByteLevel`: hands the bytes of the text to the model, cut by GPT-2's pattern.
 * The prefix goes before every stretch of text between added tokens, and only U+0020 counts as a
 * blank that is already there: a tab gets one too.
 */
export class ByteLevelPreTokenizer implements PreTokenizer {
  readonly #options: ByteLevelPreTokenizerOptions;

  constructor(options: ByteLevelPreTokenizerOptions) {
    this.#options = options;
  }

  *split(text: AlignedText): Generator<AlignedText> {
    const { addPrefixSpace, useRegex, isSpelled } = this.#options;
    if (text.text === "") return;
    const whole = addPrefixSpace && !text.text.startsWith(" ") ? prependText(text, " ") : text;
    const pieces = useRegex ? splitByScanner(whole, splitGpt2) : [whole];
    for (const piece of pieces) yield isSpelled ? spellBytes(piece) : piece;
  }
}
