import type { PatternJson } from "orrery-lm/formats";
import { LiteralPattern } from "./literal.ts";
import type { Pattern } from "./pattern.ts";
import { RegexPattern } from "./regex.ts";
import type { RegexText } from "./regex-source.ts";

/**
 * Makes what a `Split` or `Replace` of a file looks for.
 * @param whose what it is part of, for errors, and how its regular expressions are meant
 * @throws {FormatError} if a regular expression is broken, or asks for something that is not here.
 */
export function createPattern(json: PatternJson, whose: Omit<RegexText, "text">): Pattern {
  return "string" in json
    ? new LiteralPattern(json.string)
    : new RegexPattern({ text: json.regex, ...whose });
}
