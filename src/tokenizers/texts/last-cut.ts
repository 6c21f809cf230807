import type { AddedTokens, SpecialTokens, Stretch } from "../added-tokens/added-tokens.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { SPACE, hasClass } from "../unicode/classes.ts";

/**
 * The last place, in UTF-16 units, where a text that may go on can be cut, so that both parts encoded
 * one after the other give what the whole gives. 0 if none is proven.
 *
 * Trap: added tokens look beyond their ends. One that `singleWord` forbids must not lose the word
 * beside it, and one still to come takes all blanks before it along.
 * @throws {SpecialTokenError} if `specialTokens` is "refuse" and the text has one.
 */
export function lastCut(
  { addedTokens, kernel }: { readonly addedTokens: AddedTokens; readonly kernel: Kernel },
  text: string,
  specialTokens: SpecialTokens,
): number {
  // What starts behind the limit may still become an added token, or the half of a pair.
  const limit = text.length - addedTokens.longest - 1;
  const sections = addedTokens.split(text, specialTokens);
  const forbidden = addedTokens.forbidden(text, specialTokens);
  const utf8 = new TextEncoder();
  for (const { start, end, id } of sections.toReversed()) {
    if (id !== undefined || start >= limit) continue;
    const bytes = utf8.encode(text.slice(start, Math.min(end, limit)));
    let place = Math.min(end, limit);
    for (let cut = bytes.length; ;) {
      const before = kernel.lastCut(bytes, cut);
      if (before === 0) break;
      place -= utf16Length(bytes, before, cut);
      cut = before;
      const isHeld = addedTokens.takesBlanksBefore && isInBlanks(text, place);
      if (!isHeld && !touches(forbidden, place)) return place;
    }
  }
  return 0;
}

function isInBlanks(text: string, place: number): boolean {
  return hasClass(text.charCodeAt(place - 1), SPACE) && hasClass(text.charCodeAt(place), SPACE);
}

/** Whether a place is in one of the stretches, which are in order, or at its edge. */
function touches(stretches: readonly Stretch[], place: number): boolean {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle]!.start > place) high = middle;
    else low = middle + 1;
  }
  return low > 0 && stretches[low - 1]!.end >= place;
}

/** The length in UTF-16 units of `bytes[start, end)`, whole characters of UTF-8. */
function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  // Every byte that begins a character counts once, and once more if it begins one of four bytes.
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
