import type { PreTokenizerJson } from "orrery-lm/formats";
import { isDigit } from "../pre-tokenizers/digits.ts";
import { NUMBER, hasClass } from "../unicode/classes.ts";
import { splitGpt2 } from "./gpt2-scanner.ts";
import { scannerOfSplit } from "./known-patterns.ts";
import { makeNumberScanner } from "./number-scanner.ts";
import { scanInTurn } from "./scan-in-turn.ts";
import type { Scanner } from "./scanner.ts";

/** Patterns that match only numbers, and how many digits at most. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  [String.raw`\p{N}`, 1],
  [String.raw`\p{N}{1,3}`, 3],
]);

/** How a pre-tokenizer cuts. */
export interface ByteCuts {
  /** "one piece" if it does not cut at all. */
  readonly scan: Scanner | "one piece";
  /** Whether it cuts words apart, and not only numbers off. */
  readonly cutsWords: boolean;
}

/**
 * How a pre-tokenizer cuts whose last step is `ByteLevel`; undefined if a step is none that is known,
 * or changes the text.
 */
export function scannerOf(json: PreTokenizerJson, isTiktoken: boolean): ByteCuts | undefined {
  let all: Scanner | undefined;
  let cutsWords = false;
  for (const step of stepsOf(json)) {
    if (step.type === "ByteLevel" && !step.useRegex) continue;
    const numbers = numberScannerOf(step);
    const scan = numbers ?? wordScannerOf(step, isTiktoken);
    if (scan === undefined) return undefined;
    cutsWords ||= numbers === undefined;
    all = all === undefined ? scan : scanInTurn(all, scan);
  }
  return { scan: all ?? "one piece", cutsWords };
}

function stepsOf(json: PreTokenizerJson): readonly PreTokenizerJson[] {
  return json.type === "Sequence" ? json.pretokenizers.flatMap(stepsOf) : [json];
}

function numberScannerOf(json: PreTokenizerJson): Scanner | undefined {
  if (json.type === "Digits")
    return makeNumberScanner(isDigit, json.individualDigits ? 1 : Infinity);
  if (json.type !== "Split" || "string" in json.pattern) return undefined;
  const digits = NUMBERS.get(json.pattern.regex);
  const isIsolated = json.behavior === "Isolated" && !json.invert;
  return digits !== undefined && isIsolated ? makeNumberScanner(isNumber, digits) : undefined;
}

function wordScannerOf(json: PreTokenizerJson, isTiktoken: boolean): Scanner | undefined {
  if (json.type === "ByteLevel") return splitGpt2;
  return json.type === "Split" ? scannerOfSplit(json, isTiktoken) : undefined;
}

function isNumber(codePoint: number): boolean {
  return hasClass(codePoint, NUMBER);
}
