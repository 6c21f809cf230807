import type { PatternJson, PreTokenizerJson } from "orrery-lm/formats";
import type { AlignedText } from "../aligned-text.ts";
import { scannerOfPattern } from "../kernels/known-patterns.ts";
import { createPattern } from "../patterns/create-pattern.ts";
import type { Pattern } from "../patterns/pattern.ts";
import type { Dialect } from "../patterns/regex-source.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { splitMatches } from "./split-behavior.ts";

type SplitJson = Extract<PreTokenizerJson, { readonly type: "Split" }>;

/** `Split`: cuts at what a text or a regular expression matches, or with `invert` between that. */
export class SplitPreTokenizer implements PreTokenizer {
  readonly #json: SplitJson;
  readonly #dialect: Dialect;
  #pattern: Pattern | undefined;

  /** @throws {FormatError} if the expression is broken, or asks for something that is not here. */
  constructor(json: SplitJson, dialect: Dialect) {
    this.#json = json;
    this.#dialect = dialect;
    // What is known is not broken, and a scanner cuts faster: most never need the expression.
    if (!isKnown(json.pattern, dialect)) this.#pattern = this.#createPattern();
  }

  split(text: AlignedText): Iterable<AlignedText> {
    const { behavior, invert } = this.#json;
    this.#pattern ??= this.#createPattern();
    return splitMatches(text, this.#pattern.findAll(text.text), behavior, invert);
  }

  #createPattern(): Pattern {
    const origin = "pre-tokenizer Split";
    return createPattern(this.#json.pattern, { dialect: this.#dialect, origin });
  }
}

function isKnown(pattern: PatternJson, dialect: Dialect): boolean {
  return (
    "regex" in pattern && scannerOfPattern(pattern.regex, dialect === "fancy-regex") !== undefined
  );
}
