import type { AlignedText } from "../aligned-text.ts";
import { TextRewriter } from "../text-rewriter.ts";

/**
 * Puts another text instead of each character for which `map` gives one; what it puts there shares
 * the place of the character.
 */
export function mapCharacters(
  text: AlignedText,
  map: (codePoint: number) => string | undefined,
): AlignedText {
  let rewriter: TextRewriter | undefined;
  for (let i = 0; i < text.text.length;) {
    const codePoint = text.text.codePointAt(i)!;
    const end = i + (codePoint > 0xffff ? 2 : 1);
    const content = map(codePoint);
    if (content !== undefined) {
      rewriter ??= new TextRewriter(text);
      rewriter.replace(i, end, content);
    }
    i = end;
  }
  return rewriter?.finish() ?? text;
}
