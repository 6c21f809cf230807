import type { Encoding } from "../encodings/encoding.ts";
import { SPACE, hasClass } from "../unicode/classes.ts";
import { joinEncodings } from "../encodings/join-encodings.ts";
import type { PostProcessor } from "./post-processor.ts";

/** Options of {@link ByteLevelPostProcessor}. */
export interface ByteLevelPostProcessorOptions {
  /** Whether the pre-tokenizer put a blank in front, which has no place in the text to cut off. */
  readonly addPrefixSpace: boolean;
  /** Cut the spaces at both ends of a token out of its offsets. */
  readonly trimOffsets: boolean;
}

/**
 * `ByteLevel`: adds no tokens and, if asked, trims offsets. With `addPrefixSpace` the first space of
 * a token that starts at 0 is taken for the prefix, even where the text itself starts with it.
 */
export class ByteLevelPostProcessor implements PostProcessor {
  readonly #addPrefixSpace: boolean;
  readonly #trimOffsets: boolean;

  constructor({ addPrefixSpace, trimOffsets }: ByteLevelPostProcessorOptions) {
    this.#addPrefixSpace = addPrefixSpace;
    this.#trimOffsets = trimOffsets;
  }

  addedTokenCount(): number {
    return 0;
  }

  processIds(ids: Uint32Array): Uint32Array {
    return ids;
  }

  process(text: Encoding, pair: Encoding | undefined): Encoding {
    return joinEncodings(this.trim(text), pair && this.trim(pair));
  }

  /** The offsets of one text. */
  trim(encoding: Encoding): Encoding {
    if (!this.#trimOffsets) return encoding;
    const offsets = encoding.offsets.map(([start, end], i): readonly [number, number] => {
      const { leading, trailing } = countSpaces(encoding.tokens[i]!);
      // More than one cannot all be the prefix, and then all are cut off.
      const isPrefix = this.#addPrefixSpace && (i === 0 || start === 0) && leading === 1;
      const from = Math.min(isPrefix ? start : start + leading, end);
      return [from, trailing > 0 && end >= trailing ? Math.max(end - trailing, from) : end];
    });
    return { ...encoding, offsets };
  }
}

/** Counts "Ġ" and spaces at both ends of a token; all are one code point, and one UTF-16 unit. */
function countSpaces(token: string): { leading: number; trailing: number } {
  let leading = 0;
  while (leading < token.length && isSpace(token.charCodeAt(leading))) leading++;
  let trailing = 0;
  while (trailing < token.length && isSpace(token.charCodeAt(token.length - 1 - trailing))) {
    trailing++;
  }
  return { leading, trailing };
}

function isSpace(unit: number): boolean {
  return unit === 0x120 || hasClass(unit, SPACE);
}
