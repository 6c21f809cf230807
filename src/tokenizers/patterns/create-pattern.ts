import type { PatternJson } from "orrery-lm/formats";
import { LiteralPattern } from "./literal.ts";
import type { Pattern } from "./pattern.ts";
import type { RegexText } from "./regex-source.ts";

/**
 * Makes what a `Split` or `Replace` of a file looks for. What runs regular expressions, with the tables
 * of their properties, is fetched when there is one.
 * @param whose what it is part of, for errors, and how its regular expressions are meant
 * @throws {FormatError} if a regular expression is broken, or asks for something that is not here.
 */
export async function createPattern(
  json: PatternJson,
  whose: Omit<RegexText, "text">,
): Promise<Pattern> {
  if ("string" in json) return new LiteralPattern(json.string);
  const { RegexPattern } = await import("./regex.ts");
  return new RegexPattern({ text: json.regex, ...whose });
}
