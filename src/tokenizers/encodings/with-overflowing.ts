import type { Encoding } from "./encoding.ts";

/**
 * An encoding whose overflowing parts are made when they are first read: those of two long texts are as
 * many as their parts multiplied, which may be more than fits into memory.
 */
export function withOverflowing(encoding: Encoding, make: () => readonly Encoding[]): Encoding {
  let made: readonly Encoding[] | undefined;
  return {
    ...encoding,
    get overflowing(): readonly Encoding[] {
      made ??= make();
      return made;
    },
  };
}
