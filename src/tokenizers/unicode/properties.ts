import { forEachRun } from "./code-point-runs.ts";
import { type CodePointSet, complement, difference, range, union } from "./code-point-set.ts";
import {
  ALPHABETIC_RUNS,
  CATEGORY_NAMES,
  CATEGORY_RUNS,
  EMOJI_PRESENTATION_RUNS,
  EMOJI_RUNS,
  EXTENDED_PICTOGRAPHIC_RUNS,
  LOWERCASE_RUNS,
  SCRIPT_NAMES,
  SCRIPT_RUNS,
  UPPERCASE_RUNS,
} from "./properties.gen.ts";

const CATEGORY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$";
const SURROGATES = range(0xd800, 0xdfff);

/** The code points of general categories, each two letters or the first of them ("Lu", "N"). */
export function category(...names: readonly string[]): CodePointSet {
  const found: number[] = [];
  forEachCategoryRun((start, end, its) => {
    if (!names.includes(its) && !names.includes(its[0]!)) return;
    if (found.at(-1) === start) found[found.length - 1] = end;
    else found.push(start, end);
  });
  return found;
}

/** Calls `visit` with the first code point of each run of one general category, the one behind it, and its name. */
export function forEachCategoryRun(
  visit: (start: number, end: number, name: string) => void,
): void {
  const names = CATEGORY_NAMES.split(" ");
  const nameOf = new Map(names.map((name, i) => [CATEGORY_LETTERS[i]!, name]));
  forEachValue(CATEGORY_RUNS, 1, (start, end, letter) => visit(start, end, nameOf.get(letter)!));
}

/**
 * Reads runs of equal values: for each its length in base 36, if not 1, and the value in so many
 * characters that are no digits.
 */
function forEachValue(
  runs: string,
  width: number,
  visit: (start: number, end: number, value: string) => void,
): void {
  let start = 0;
  let length = 0;
  for (let i = 0; i < runs.length;) {
    const digit = digitOf(runs.charCodeAt(i));
    if (digit >= 0) {
      length = 36 * length + digit;
      i++;
      continue;
    }
    const end = start + Math.max(1, length);
    visit(start, end, runs.slice(i, i + width));
    start = end;
    length = 0;
    i += width;
  }
}

/** 0–9, a–z. */
function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x7a ? unit - 0x61 + 10 : -1;
}

/** The code points of a script, by any of its names in small letters ("hani"); undefined if none. */
export function script(name: string): CodePointSet | undefined {
  const index = SCRIPT_NAMES.split("|").findIndex((names) =>
    names.split(" ").some((other) => looseName(other) === name),
  );
  if (index < 0) return undefined;
  const code = scriptCode(index);
  const found: number[] = [];
  forEachScriptRun((start, end, its) => {
    if (its === code) found.push(start, end);
  });
  return found;
}

/** Calls `visit` with the first code point of each run of one script, the one behind it, and its code. */
export function forEachScriptRun(visit: (start: number, end: number, code: string) => void): void {
  forEachValue(SCRIPT_RUNS, 2, visit);
}

function scriptCode(index: number): string {
  return String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));
}

/** A name without what names of properties may differ in. */
export function looseName(name: string): string {
  return name.replaceAll(/[ _-]/g, "").toLowerCase();
}

/** A table of runs as a set. */
export function setOfRuns(runs: string): CodePointSet {
  const set: number[] = [];
  forEachRun(runs, (first, last) => set.push(first, last + 1));
  return union(set);
}

/** White_Space. */
export const WHITE_SPACE: CodePointSet = [
  0x9, 0xe, 0x20, 0x21, 0x85, 0x86, 0xa0, 0xa1, 0x1680, 0x1681, 0x2000, 0x200b, 0x2028, 0x202a,
  0x202f, 0x2030, 0x205f, 0x2060, 0x3000, 0x3001,
];

/** Digits 0–9, A–F and a–f, `\h`. */
export const HEX_DIGITS: CodePointSet = [0x30, 0x3a, 0x41, 0x47, 0x61, 0x67];
const CATEGORY_WORDS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  (
    "other C|control Cc|format Cf|unassigned Cn|privateuse Co|surrogate Cs|letter L|casedletter LC|" +
    "lowercaseletter Ll|modifierletter Lm|otherletter Lo|titlecaseletter Lt|uppercaseletter Lu|" +
    "mark M|combiningmark M|spacingmark Mc|enclosingmark Me|nonspacingmark Mn|number N|" +
    "decimalnumber Nd|letternumber Nl|othernumber No|punctuation P|punct P|connectorpunctuation Pc|" +
    "dashpunctuation Pd|closepunctuation Pe|finalpunctuation Pf|initialpunctuation Pi|" +
    "otherpunctuation Po|openpunctuation Ps|symbol S|currencysymbol Sc|modifiersymbol Sk|" +
    "mathsymbol Sm|othersymbol So|separator Z|lineseparator Zl|paragraphseparator Zp|spaceseparator Zs"
  )
    .split("|")
    .map((words) => words.split(" ") as [string, string]),
);

/** Alphabetic: letters, letter numbers, and marks that stand for vowels. */
export function alphabetic(): CodePointSet {
  return difference(category("L", "Nl"), setOfRuns(ALPHABETIC_RUNS));
}

/** `\w` in a class: Alphabetic, marks, decimal numbers and connectors. */
export function wordCharacters(): CodePointSet {
  return union(alphabetic(), category("M", "Nd", "Pc"));
}

const OTHERS: ReadonlyMap<string, () => CodePointSet> = /* @__PURE__ */ new Map<
  string,
  () => CodePointSet
>([
  ["any", () => range(0, 0x10ffff)],
  ["ascii", () => range(0, 0x7f)],
  ["assigned", () => complement(union(category("Cn"), SURROGATES))],
  ["alphabetic", alphabetic],
  ["alpha", alphabetic],
  ["alnum", () => union(alphabetic(), category("Nd"))],
  ["blank", () => union(category("Zs"), range(9))],
  ["cntrl", () => category("Cc")],
  ["digit", () => category("Nd")],
  ["graph", () => complement(union(category("Cc", "Cn", "Z"), SURROGATES))],
  ["print", () => complement(union(category("Cc", "Cn", "Zl", "Zp"), SURROGATES))],
  ["lower", () => lowercase()],
  ["lowercase", () => lowercase()],
  ["upper", () => difference(category("Lu"), setOfRuns(UPPERCASE_RUNS))],
  ["uppercase", () => difference(category("Lu"), setOfRuns(UPPERCASE_RUNS))],
  ["posixpunct", () => category("P", "S")],
  ["space", () => WHITE_SPACE],
  ["whitespace", () => WHITE_SPACE],
  ["xdigit", () => HEX_DIGITS],
  ["asciihexdigit", () => HEX_DIGITS],
  ["emoji", () => setOfRuns(EMOJI_RUNS)],
  ["emojipresentation", () => setOfRuns(EMOJI_PRESENTATION_RUNS)],
  ["extendedpictographic", () => setOfRuns(EXTENDED_PICTOGRAPHIC_RUNS)],
]);

function lowercase(): CodePointSet {
  return difference(category("Ll"), setOfRuns(LOWERCASE_RUNS));
}

/**
 * The code points of a property of Unicode 16.0, as Oniguruma names it: a general category ("L",
 * "Lu", "Uppercase_Letter"), a script ("Han", "Hani"), or one of the others that patterns use.
 * Undefined if there is none of this name here.
 */
export function unicodeProperty(name: string): CodePointSet | undefined {
  const loose = looseName(name);
  const short = loose[0]?.toUpperCase() + loose.slice(1);
  const categoryName = CATEGORY_WORDS.get(loose) ?? short;
  if (categoryName === "LC" || loose === "lc") return category("Lu", "Ll", "Lt");
  if (categoryName === "Cs") return SURROGATES;
  if (categoryName === "C") return union(category("C"), SURROGATES);
  const isCategory = CATEGORY_NAMES.split(" ").some(
    (one) => one === categoryName || one[0] === categoryName,
  );
  if (isCategory) return category(categoryName);
  return OTHERS.get(loose)?.() ?? script(loose);
}

/** `\w` outside a class has these too, an oddity of Oniguruma; and so has `\p{Word}`. */
export const LATIN_1_NUMBERS: CodePointSet = [0xb2, 0xb4, 0xb9, 0xba, 0xbc, 0xbf];
