import { ConfigError } from "orrery-lm/base";
import { CaseFolding } from "../unicode/case-folding.ts";
import { buildCharsmap } from "./build-charsmap.ts";
import { type Rules, nfkcRules, withoutRedundant } from "./nfkc-rules.ts";

/**
 * Rules of SentencePiece by name, or one's own: a line for each, code points in hexadecimal, such as
 * `"U+0041 U+0301\tU+00C1"`; nothing behind the tab takes the text away, what is behind a second one
 * is a comment.
 */
export type NormalizationRules =
  | "nmt_nfkc"
  | "nfkc"
  | "nmt_nfkc_cf"
  | "nfkc_cf"
  | "identity"
  | { readonly tsv: string };

/** What "nmt" makes of blanks and of what is hardly visible. */
const BLANKS = [
  0x09, 0x0a, 0x0c, 0x0d, 0x1680, 0x200b, 0x200c, 0x200e, 0x200f, 0x2028, 0x2029, 0x2581, 0xfeff,
  0xfffd,
];
/** Of the C1 controls, these three only. */
const CONTROLS = [
  ...Array.from({ length: 0x1f }, (_, i) => i + 1).filter((control) => !BLANKS.includes(control)),
  0x7f,
  0x8f,
  0x9f,
];
// A row of code points is read by recursion, and a text of them is made at once.
const MAX_CODE_POINTS = 256;
const FULLWIDTH_TILDE = "\uff5e";

/**
 * Compiles rules of normalization into the form in which a SentencePiece `.model` has them.
 *
 * The names are those of SentencePiece, and so are the rules: "nfkc", and with "nmt" blanks of all
 * kinds become one, controls go, and the fullwidth tilde stays; with "cf" letters lose their case.
 *
 * @throws {ConfigError} if a line of one's own rules is not such a rule, or has more than 256 code
 * points on a side.
 * @see https://github.com/google/sentencepiece/blob/master/doc/normalization.md
 */
export function compileNormalization(rules: NormalizationRules): Uint8Array {
  if (typeof rules === "object") return buildCharsmap(parseNormalizationRules(rules.tsv));
  switch (rules) {
    case "identity":
      return new Uint8Array(0);
    case "nfkc":
      return buildCharsmap(withoutRedundant(nfkcRules()));
    case "nmt_nfkc":
      return buildCharsmap(withoutRedundant(withBlanks(nfkcRules())));
    case "nfkc_cf":
      return buildCharsmap(withoutRedundant(withoutCase(nfkcRules())));
    case "nmt_nfkc_cf":
      return buildCharsmap(withoutRedundant(withoutCase(withBlanks(nfkcRules()))));
  }
  const name: unknown = rules satisfies never;
  throw new ConfigError(`normalization: expected the name of rules, got ${JSON.stringify(name)}`);
}

/** Reads rules of one's own, see {@link NormalizationRules}. */
function parseNormalizationRules(tsv: string): ReadonlyMap<string, string> {
  const rules: Rules = new Map();
  for (const [i, line] of tsv.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [key = "", replacement = ""] = line.split("\t").map((field) => field.trim());
    rules.set(parseCodePoints(key, i + 1), parseCodePoints(replacement, i + 1));
    if (key === "") throw notARule(i + 1, line);
  }
  return rules;
}

function parseCodePoints(field: string, line: number): string {
  const words = field === "" ? [] : field.split(/ +/);
  if (words.length > MAX_CODE_POINTS) {
    throw new ConfigError(
      `normalization: line ${line}: expected at most ${MAX_CODE_POINTS} code points, got ${words.length}`,
    );
  }
  const codePoints = words.map((word) => {
    const hex = /^(?:U\+)?([0-9A-Fa-f]{1,6})$/.exec(word)?.[1];
    const codePoint = hex === undefined ? Number.NaN : parseInt(hex, 16);
    const isSurrogate = codePoint >= 0xd800 && codePoint < 0xe000;
    if (!(codePoint <= 0x10ffff) || isSurrogate) throw notARule(line, word);
    return codePoint;
  });
  return String.fromCodePoint(...codePoints);
}

function notARule(line: number, text: string): ConfigError {
  return new ConfigError(
    `normalization: line ${line}: expected code points such as U+0041, a tab, and code points, got ` +
      JSON.stringify(text),
  );
}

function withBlanks(rules: Rules): Rules {
  const all = new Map(rules);
  for (const blank of BLANKS) all.set(String.fromCodePoint(blank), " ");
  for (const control of CONTROLS) all.set(String.fromCodePoint(control), "");
  all.delete(FULLWIDTH_TILDE);
  return all;
}

function withoutCase(rules: Rules): Rules {
  const folds = caseFolds();
  const fold = (text: string): string => Array.from(text, (one) => folds.get(one) ?? one).join("");
  const all: Rules = new Map(folds);
  for (const [key, replacement] of rules) all.set(key, fold(replacement));
  return all;
}

// Capitals since Unicode 16: the first, the distance to the next, how many, and how far their small
// letters are away.
const LATE_CAPITALS = [
  [0x1c89, 1, 1, 1],
  [0xa7cc, 2, 2, 1],
  [0xa7d2, 2, 2, 1],
  [0xa7da, 1, 1, 1],
  [0x10d50, 1, 22, 32],
  [0x16ea0, 1, 25, 27],
] as const;

/** Simple case folding by Unicode 17.0: the letters that become another one. */
function caseFolds(): ReadonlyMap<string, string> {
  const folds = new Map<string, string>();
  const folding = new CaseFolding(false);
  for (const variants of folding.classes()) {
    for (const variant of variants) {
      const folded = folding.fold(variant);
      if (folded !== variant)
        folds.set(String.fromCodePoint(variant), String.fromCodePoint(folded));
    }
  }
  for (const [first, stride, count, distance] of LATE_CAPITALS) {
    for (let capital = first; capital < first + stride * count; capital += stride) {
      const small = String.fromCodePoint(capital + distance);
      folds.delete(small);
      folds.set(String.fromCodePoint(capital), small);
    }
  }
  return folds;
}
