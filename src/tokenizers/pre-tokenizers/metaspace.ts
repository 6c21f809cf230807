import type { MetaspaceJson } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { prependText } from "./prepend-text.ts";
import { splitMatches } from "./split-behavior.ts";

/**
 * `Metaspace`: writes blanks as "▁", puts one in front, and cuts before each.
 * Only U+0020 is a blank. "first" means the start of what the user wrote: after an added token, or
 * behind a cut of another pre-tokenizer, no "▁" is put in front. A text that starts with "▁" or a
 * blank gets none either.
 */
export class MetaspacePreTokenizer implements PreTokenizer {
  readonly #json: MetaspaceJson;

  constructor(json: MetaspaceJson) {
    this.#json = json;
  }

  split(text: AlignedText): Iterable<AlignedText> {
    const { replacement, split } = this.#json;
    if (text.text === "") return [];
    const spelled = this.#prefixed(replaceBlanks(text, replacement));
    if (!split) return [spelled];
    const matches = new IdBuffer();
    let start = spelled.text.indexOf(replacement);
    while (start >= 0) {
      const end = start + replacement.length;
      matches.push(start);
      matches.push(end);
      start = spelled.text.indexOf(replacement, end);
    }
    return splitMatches(spelled, matches.view(), "MergedWithNext");
  }

  #prefixed(text: AlignedText): AlignedText {
    const { replacement, prependScheme } = this.#json;
    const isWanted = prependScheme === "always" || (prependScheme === "first" && text.isAtStart);
    return isWanted && !text.text.startsWith(replacement) ? prependText(text, replacement) : text;
  }
}

function replaceBlanks(text: AlignedText, replacement: string): AlignedText {
  const spelled = text.text.replaceAll(" ", () => replacement);
  if (text.alignment === undefined) return text.rewrite(spelled, []);
  const sources: number[] = [];
  for (let i = 0; i < text.text.length; i++) {
    const width = text.text[i] === " " ? replacement.length : 1;
    for (let k = 0; k < width; k++) sources.push(i);
  }
  return text.rewrite(spelled, sources);
}
