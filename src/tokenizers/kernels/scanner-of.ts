import type { PreTokenizerJson } from "orrery-lm/formats";
import { isDigit } from "../pre-tokenizers/digits.ts";
import { NUMBER, hasClass } from "../unicode/classes.ts";
import { splitGpt2 } from "./gpt2-scanner.ts";
import { scannerOfPattern } from "./known-patterns.ts";
import { makeNumberScanner } from "./number-scanner.ts";
import { scanInTurn } from "./scan-in-turn.ts";
import type { Scanner } from "./scanner.ts";

/** Patterns that match only numbers, and how many digits at most. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  [String.raw`\p{N}`, 1],
  [String.raw`\p{N}{1,3}`, 3],
]);

/**
 * The scanner that cuts as a pre-tokenizer does whose last step is `ByteLevel`: "one piece" if it does
 * not cut at all, undefined if a step is none that is known, or changes the text.
 */
export function scannerOf(
  json: PreTokenizerJson,
  isTiktoken: boolean,
): Scanner | "one piece" | undefined {
  let all: Scanner | undefined;
  for (const step of stepsOf(json)) {
    if (step.type === "ByteLevel" && !step.useRegex) continue;
    const scan = scannerOfStep(step, isTiktoken);
    if (scan === undefined) return undefined;
    all = all === undefined ? scan : scanInTurn(all, scan);
  }
  return all ?? "one piece";
}

function stepsOf(json: PreTokenizerJson): readonly PreTokenizerJson[] {
  return json.type === "Sequence" ? json.pretokenizers.flatMap(stepsOf) : [json];
}

function scannerOfStep(json: PreTokenizerJson, isTiktoken: boolean): Scanner | undefined {
  if (json.type === "ByteLevel") return splitGpt2;
  if (json.type === "Digits")
    return makeNumberScanner(isDigit, json.individualDigits ? 1 : Infinity);
  if (json.type !== "Split" || "string" in json.pattern) return undefined;
  const { regex } = json.pattern;
  const digits = NUMBERS.get(regex);
  if (digits !== undefined) {
    const isIsolated = json.behavior === "Isolated" && !json.invert;
    return isIsolated ? makeNumberScanner(isNumber, digits) : undefined;
  }
  // The known patterns match every character, so nothing is left between the matches.
  const keepsMatches = json.behavior === (json.invert ? "Removed" : "Isolated");
  return keepsMatches ? scannerOfPattern(regex, isTiktoken) : undefined;
}

function isNumber(codePoint: number): boolean {
  return hasClass(codePoint, NUMBER);
}
