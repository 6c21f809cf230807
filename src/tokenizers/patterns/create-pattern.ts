import { FormatError } from "orrery-lm/base";
import { type PatternJson, TOKENIZER_JSON } from "orrery-lm/formats";
import { LiteralPattern } from "./literal.ts";
import type { Pattern } from "./pattern.ts";

/** Makes what a `Split` or `Replace` of a file looks for. */
export function createPattern(json: PatternJson): Pattern {
  if ("string" in json) return new LiteralPattern(json.string);
  throw new FormatError(TOKENIZER_JSON, `regular expression ${json.regex} is not supported`);
}
