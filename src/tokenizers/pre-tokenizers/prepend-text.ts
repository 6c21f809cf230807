import type { AlignedText } from "../aligned-text.ts";

/** Puts a text in front; it shares the place of the character behind it. Nothing stays nothing. */
export function prependText(text: AlignedText, prefix: string): AlignedText {
  if (text.text === "") return text;
  const prefixed = prefix + text.text;
  if (text.alignment === undefined) return text.rewrite(prefixed, []);
  const sources = new Int32Array(prefixed.length);
  for (let i = 0; i < text.text.length; i++) sources[prefix.length + i] = i;
  return text.rewrite(prefixed, sources);
}
