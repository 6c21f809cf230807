import { forEachRun } from "./code-point-runs.ts";
import { type CodePointSet, complement, difference, range, union } from "./code-point-set.ts";
import { WHITE_SPACE, category, forEachValue } from "./categories.ts";
import { ALPHABETIC_RUNS, CATEGORY_NAMES } from "./categories.gen.ts";
import {
  EMOJI_PRESENTATION_RUNS,
  EMOJI_RUNS,
  EXTENDED_PICTOGRAPHIC_RUNS,
  LOWERCASE_RUNS,
  SCRIPT_NAMES,
  SCRIPT_RUNS,
  UPPERCASE_RUNS,
} from "./properties.gen.ts";

const SURROGATES = range(0xd800, 0xdfff);

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
