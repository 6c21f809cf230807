import type { PatternJson } from "orrery-lm/formats";
import { LiteralPattern } from "./literal.ts";
import type { Pattern } from "./pattern.ts";
import { RegexPattern } from "./regex.ts";
import type { Dialect } from "./regex-source.ts";

/**
 * Makes what a `Split` or `Replace` of a file looks for.
 * @throws {FormatError} if a regular expression is broken, or asks for something that is not here.
 */
export function createPattern(json: PatternJson, dialect: Dialect = "oniguruma"): Pattern {
  return "string" in json ? new LiteralPattern(json.string) : new RegexPattern(json.regex, dialect);
}
