/**
 * Another text for each occurrence of one. An empty text is found between characters and at both
 * ends, but not inside a surrogate pair.
 */
export function replaceAll(text: string, searched: string, replacement: string): string {
  return text.replaceAll(searched === "" ? /(?:)/gu : searched, () => replacement);
}
