/** Where the spaces at the end of a line start. `trimEnd` would take U+FEFF along and leave U+0085. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && isSpace(text[trimmed - 1]!)) trimmed--;
  return trimmed;
}

function isSpace(character: string): boolean {
  return character === "\u0085" || (character !== "\ufeff" && /\s/.test(character));
}
