import type { PreTokenizerJson } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";
import type { Pattern } from "../patterns/pattern.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

type SplitJson = Extract<PreTokenizerJson, { readonly type: "Split" }>;

/** `Split`: cuts at what a text or a regular expression matches, or with `invert` between that. */
export class SplitPreTokenizer implements PreTokenizer {
  readonly #json: SplitJson;
  readonly #pattern: Pattern;

  constructor(json: SplitJson, pattern: Pattern) {
    this.#json = json;
    this.#pattern = pattern;
  }

  split(text: AlignedText): Iterable<AlignedText> {
    const { behavior, invert } = this.#json;
    return splitMatches(text, this.#pattern.findAll(text.text), behavior, invert);
  }
}
