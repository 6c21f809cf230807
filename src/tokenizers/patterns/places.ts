import type { CodePointBitmap } from "../unicode/code-point-bitmap.ts";

/** The place behind the character at `position`. */
export function placeAfter(text: string, position: number): number {
  const unit = text.charCodeAt(position);
  return position + (unit >= 0xd800 && unit < 0xdc00 ? 2 : 1);
}

/** The place of the character that ends at `position`. */
export function placeBefore(text: string, position: number): number {
  const unit = text.charCodeAt(position - 1);
  return position - (unit >= 0xdc00 && unit < 0xe000 ? 2 : 1);
}

/** Whether a character of a set stands at `position`. */
export function isAt(set: CodePointBitmap, text: string, position: number): boolean {
  if (position >= text.length) return false;
  const unit = text.charCodeAt(position);
  return set.has(unit < 0xd800 || unit > 0xdfff ? unit : text.codePointAt(position)!);
}
