import type { SplitBehavior } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";
import { isPunctuation } from "../unicode/old-categories.ts";
import { matchesOf } from "./character-matches.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

/** `Punctuation`: cuts at what BERT takes for punctuation, all of ASCII that is no letter or digit included. */
export class PunctuationPreTokenizer implements PreTokenizer {
  readonly #behavior: SplitBehavior;

  constructor(behavior: SplitBehavior) {
    this.#behavior = behavior;
  }

  split(text: AlignedText): Iterable<AlignedText> {
    return splitMatches(text, matchesOf(text.text, isPunctuation), this.#behavior);
  }
}
