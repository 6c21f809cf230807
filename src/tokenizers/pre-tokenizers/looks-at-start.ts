import type { PreTokenizerJson } from "orrery-lm/formats";

/**
 * Whether a pre-tokenizer treats a piece in another way if it comes from the start of what the user
 * wrote: `Metaspace` with `prepend_scheme` "first".
 */
export function looksAtStart(json: PreTokenizerJson): boolean {
  if (json.type === "Sequence") return json.pretokenizers.some(looksAtStart);
  return json.type === "Metaspace" && json.prependScheme === "first";
}
