import type { Scanner } from "../../kernels/scanner.ts";
import { BLANK, type PieceRulesOptions } from "./piece-rules.ts";

const BLANK_BYTES = new TextEncoder().encode(String.fromCodePoint(BLANK));

/** Where words end. */
export type WordCut = Pick<
  PieceRulesOptions,
  "splitByWhitespace" | "treatWhitespaceAsSuffix" | "allowWhitespaceOnlyPieces"
>;

/**
 * Makes a scanner that cuts a normalized sentence at its blanks, "▁": a word starts with its blank, or
 * ends with it if that is a suffix. If words are not split, a sentence is one word.
 */
export function makeWordScanner({
  splitByWhitespace,
  treatWhitespaceAsSuffix,
  allowWhitespaceOnlyPieces,
}: WordCut): Scanner {
  return (bytes, length, ends) => {
    for (let at = 0; at < length;) {
      // Whether a word starts or ends at a run of blanks, or at each of them.
      const isAfterBlank = at > 0 && isBlankAt(bytes, at - BLANK_BYTES.length);
      const isBlank = isBlankAt(bytes, at);
      const isCut = treatWhitespaceAsSuffix
        ? isAfterBlank && !(allowWhitespaceOnlyPieces && isBlank)
        : isBlank && !(allowWhitespaceOnlyPieces && isAfterBlank);
      if (splitByWhitespace && at > 0 && isCut) ends.push(at);
      at += isBlank ? BLANK_BYTES.length : 1;
    }
    if (length > 0) ends.push(length);
  };
}

function isBlankAt(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === BLANK_BYTES[0] &&
    bytes[at + 1] === BLANK_BYTES[1] &&
    bytes[at + 2] === BLANK_BYTES[2]
  );
}
