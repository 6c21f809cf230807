import type { PreTokenizerJson } from "orrery-lm/formats";
import { makeCl100kScanner } from "./cl100k-scanner.ts";
import { splitGpt2 } from "./gpt2-scanner.ts";
import { makeO200kScanner } from "./o200k-scanner.ts";
import type { Scanner } from "./scanner.ts";

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const WORDS = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const CASED_WORDS = [
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`,
] as const;
const SYMBOLS = String.raw` ?[^\s\p{L}\p{N}]+`;
const SPACES = String.raw`\s+(?!\S)|\s+`;
const LINES_OR_SPACES = String.raw`\s*[\r\n]+|${SPACES}`;

/** Patterns that mean the same to Oniguruma (`tokenizers`) and to Rust's regex crates (`tiktoken`). */
const PATTERNS: ReadonlyMap<string, Scanner> = /* @__PURE__ */ new Map([
  [String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|${SYMBOLS}|${SPACES}`, splitGpt2],
  [String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}]+| ?[\p{N}]+|${SYMBOLS}|${SPACES}`, splitGpt2],
  [String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+|${SYMBOLS}|${SPACES}`, splitGpt2],
  ...[CONTRACTIONS, "'(?i:[sdmt]|ll|ve|re)"].flatMap((contractions) =>
    [3, 1].map((maxDigits): [string, Scanner] => [
      String.raw`${contractions}|${WORDS}|${numbers(maxDigits)}|${SYMBOLS}[\r\n]*|${LINES_OR_SPACES}`,
      makeCl100kScanner({ maxDigits, joinsMarks: false, joinsLastSpaces: false }),
    ]),
  ),
  [
    String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|${LINES_OR_SPACES}`,
    makeCl100kScanner({ maxDigits: 1, joinsMarks: true, joinsLastSpaces: false }),
  ],
  ...["", `${CONTRACTIONS}?`].flatMap((contractions) =>
    [3, 1].map((maxDigits): [string, Scanner] => [
      String.raw`${CASED_WORDS[0]}${contractions}|${CASED_WORDS[1]}${contractions}|${numbers(maxDigits)}|${SYMBOLS}[\r\n/]*|${LINES_OR_SPACES}`,
      makeO200kScanner({ maxDigits, joinsContractions: contractions !== "" }),
    ]),
  ),
]);

/** Patterns as `tiktoken` spells them since 0.8; Oniguruma takes `{1,3}+` for a repetition. */
const TIKTOKEN_PATTERNS: ReadonlyMap<string, Scanner> = /* @__PURE__ */ new Map([
  [
    String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s`,
    splitGpt2,
  ],
  [
    String.raw`'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s`,
    makeCl100kScanner({ maxDigits: 3, joinsMarks: false, joinsLastSpaces: true }),
  ],
]);

/**
 * The scanner that cuts as a published pattern does, all of whose matches are pieces; undefined if the
 * pattern is none of those that are known.
 * @param isTiktoken whether the pattern is one of Rust's `fancy-regex`, and not of Oniguruma
 */
export function scannerOfPattern(pattern: string, isTiktoken: boolean): Scanner | undefined {
  return PATTERNS.get(pattern) ?? (isTiktoken ? TIKTOKEN_PATTERNS.get(pattern) : undefined);
}

/** The scanner that cuts as a `Split` does which makes pieces of the matches of a published pattern. */
export function scannerOfSplit(
  { pattern, behavior, invert }: Extract<PreTokenizerJson, { readonly type: "Split" }>,
  isTiktoken: boolean,
): Scanner | undefined {
  // The known patterns match every character, so nothing is left between the matches.
  const keepsMatches = behavior === (invert ? "Removed" : "Isolated");
  return keepsMatches && "regex" in pattern
    ? scannerOfPattern(pattern.regex, isTiktoken)
    : undefined;
}

function numbers(maxDigits: number): string {
  return maxDigits === 1 ? String.raw`\p{N}` : String.raw`\p{N}{1,${maxDigits}}`;
}
