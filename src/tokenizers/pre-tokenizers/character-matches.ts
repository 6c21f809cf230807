/** Each character that a predicate holds for, as start and end in UTF-16 units. */
export function matchesOf(text: string, holds: (codePoint: number) => boolean): number[] {
  const matches: number[] = [];
  for (let i = 0; i < text.length;) {
    const codePoint = text.codePointAt(i)!;
    const end = i + (codePoint > 0xffff ? 2 : 1);
    if (holds(codePoint)) matches.push(i, end);
    i = end;
  }
  return matches;
}
