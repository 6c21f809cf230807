import type { Scanner } from "./scanner.ts";
import { codePointAt, widthOf } from "../collections/utf8.ts";

/** Makes the scanner that cuts numbers off, `most` digits a piece, and leaves the rest as it is. */
export function makeNumberScanner(isNumber: (codePoint: number) => boolean, most: number): Scanner {
  /** The end of the longest run of numbers, or of others, that starts here. */
  function runEnd(bytes: Uint8Array, start: number, length: number): number {
    const isOfNumbers = isNumber(codePointAt(bytes, start));
    let position = start;
    for (let count = 0; position < length && (count < most || !isOfNumbers); count++) {
      if (isNumber(codePointAt(bytes, position)) !== isOfNumbers) break;
      position += widthOf(bytes[position]!);
    }
    return position;
  }

  return (bytes, length, ends) => {
    let position = 0;
    while (position < length) {
      position = runEnd(bytes, position, length);
      ends.push(position);
    }
  };
}
