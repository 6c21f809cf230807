import type { PreTokenizerJson } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";
import { createPattern } from "../patterns/create-pattern.ts";
import type { Pattern } from "../patterns/pattern.ts";
import type { Dialect } from "../patterns/regex-source.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

type SplitJson = Extract<PreTokenizerJson, { readonly type: "Split" }>;

/** `Split`: cuts at what a text or a regular expression matches, or with `invert` between that. */
export class SplitPreTokenizer implements PreTokenizer {
  readonly #json: SplitJson;
  readonly #pattern: Pattern;

  /** @throws {FormatError} if the expression is broken, or asks for something that is not here. */
  constructor(json: SplitJson, dialect: Dialect) {
    this.#json = json;
    this.#pattern = createPattern(json.pattern, dialect);
  }

  split(text: AlignedText): readonly AlignedText[] {
    const { behavior, invert } = this.#json;
    return splitMatches(text, this.#pattern.findAll(text.text), behavior, invert);
  }
}
