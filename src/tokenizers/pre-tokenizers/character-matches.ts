import { IdBuffer } from "../collections/id-buffer.ts";

/** Each character that a predicate holds for, as start and end in UTF-16 units. */
export function matchesOf(text: string, holds: (codePoint: number) => boolean): Uint32Array {
  const matches = new IdBuffer();
  for (let i = 0; i < text.length;) {
    const codePoint = text.codePointAt(i)!;
    const end = i + (codePoint > 0xffff ? 2 : 1);
    if (holds(codePoint)) {
      matches.push(i);
      matches.push(end);
    }
    i = end;
  }
  return matches.view();
}
