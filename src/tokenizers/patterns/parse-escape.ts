import { WHITE_SPACE, category } from "../unicode/categories.ts";
import { type CodePointSet, range, union } from "../unicode/code-point-set.ts";
import {
  HEX_DIGITS,
  LATIN_1_NUMBERS,
  looseName,
  unicodeProperty,
  wordCharacters,
} from "../unicode/properties.ts";
import type { RegexSource } from "./regex-source.ts";

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ["t", 9],
  ["n", 10],
  ["v", 11],
  ["f", 12],
  ["r", 13],
  ["a", 7],
  ["e", 27],
]);

/** What an escape stands for: a character, or a set of them. */
export type Escaped = { readonly codePoint: number } | { readonly set: CodePointSet };

/**
 * Reads an escape that means a character or a set, its backslash read already; undefined, and
 * nothing read, if it means something else.
 * @param isInClass in a class, `\w` lacks "²³¹¼½¾" in Oniguruma
 * @param widen what a property becomes before it is negated
 */
export function parseEscape(
  source: RegexSource,
  isInClass: boolean,
  widen: Widen,
): Escaped | undefined {
  return parseSet(source, isInClass, widen) ?? parseCodePoint(source);
}

/** Adds to a set what its members match in any case, if that is asked for. */
export type Widen = (set: CodePointSet) => CodePointSet;

function parseSet(source: RegexSource, isInClass: boolean, widen: Widen): Escaped | undefined {
  const property = source.takeMatch(/([pP])\{(\^?)([^}]*)\}/y);
  if (property !== undefined) {
    const [, letter, caret, name] = property;
    const start = source.position - property[0].length - 1;
    const set = widen(propertySet(source, name!, { isInClass, start }));
    return { set: (letter === "P") === (caret === "^") ? set : source.complementOf(set) };
  }
  const short = source.dialect === "oniguruma" ? undefined : source.takeMatch(/([pP])([A-Z])/y);
  if (short !== undefined) {
    const set = widen(source.once(short[2]!, () => category(short[2]!)));
    return { set: short[1] === "p" ? set : source.complementOf(set) };
  }
  const letter = source.takeMatch(/[wWdDsShH]/y)?.[0];
  if (letter === undefined) return undefined;
  const set = shorthand(source, letter.toLowerCase(), isInClass);
  return { set: letter === letter.toLowerCase() ? set : source.complementOf(set) };
}

function shorthand(source: RegexSource, letter: string, isInClass: boolean): CodePointSet {
  if (letter === "d") return source.once("Nd", () => category("Nd"));
  if (letter === "s") return WHITE_SPACE;
  return letter === "h" ? HEX_DIGITS : wordSet(source, isInClass);
}

/** What `\w` matches. */
export function wordSet(source: RegexSource, isInClass: boolean): CodePointSet {
  const words = source.once(String.raw`[\w]`, wordCharacters);
  if (source.dialect === "oniguruma" && isInClass) return words;
  const others = source.dialect === "oniguruma" ? LATIN_1_NUMBERS : range(0x200c, 0x200d);
  return source.once(String.raw`\w`, () => union(words, others));
}

function propertySet(
  source: RegexSource,
  name: string,
  { isInClass, start }: { readonly isInClass: boolean; readonly start: number },
): CodePointSet {
  if (looseName(name) === "word" && source.dialect === "oniguruma") {
    return wordSet(source, isInClass);
  }
  const value =
    source.dialect === "oniguruma"
      ? name
      : name.replace(/^(?:gc|general_category|sc|script)[=:]/i, "");
  return source.once(
    `p{${value}}`,
    () =>
      unicodeProperty(value) ??
      source.refuse(`the property ${JSON.stringify(name.slice(0, 40))}`, start),
  );
}

function parseCodePoint(source: RegexSource): Escaped | undefined {
  const start = source.position - 1;
  const control = source.takeMatch(/[tnvfrae]/y)?.[0];
  if (control !== undefined) return { codePoint: CONTROLS.get(control)! };
  const number =
    source.takeMatch(/x\{([0-9A-Fa-f]{1,8})\}/y) ??
    source.takeMatch(/u([0-9A-Fa-f]{4})/y) ??
    (source.dialect === "fancy-regex"
      ? source.takeMatch(/[uU]\{([0-9A-Fa-f]{1,8})\}/y)
      : undefined);
  if (number !== undefined) return checked(source, parseInt(number[1]!, 16), start);
  const byte = source.takeMatch(/x([0-9A-Fa-f]{1,2})/y);
  if (byte !== undefined) return { codePoint: withFollowingBytes(source, parseInt(byte[1]!, 16)) };
  const octal = source.takeMatch(/o\{([0-7]{1,11})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
  if (octal !== undefined) return checked(source, parseInt(octal[1] ?? octal[2]!, 8), start);
  // Any other that is no letter or digit of ASCII stands for itself.
  const character = source.peek();
  if (character === "" || /[0-9A-Za-z]/.test(character)) return undefined;
  return { codePoint: source.next().codePointAt(0)! };
}

function checked(source: RegexSource, codePoint: number, start: number): Escaped {
  const isCharacter = codePoint < 0x110000 && (codePoint < 0xd800 || codePoint > 0xdfff);
  return isCharacter
    ? { codePoint }
    : source.reject(`the code point ${codePoint}, which is no character`, start);
}

/** To Oniguruma `\xC3\xA9` are the bytes of one character. */
function withFollowingBytes(source: RegexSource, first: number): number {
  if (first < 0x80 || source.dialect === "fancy-regex") return first;
  const start = source.position - 4;
  const bytes = [first];
  for (let width = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; width > 1; width--) {
    const next = source.takeMatch(/\\x([89A-Fa-f][0-9A-Fa-f])/y)?.[1];
    if (next !== undefined) bytes.push(parseInt(next, 16));
  }
  const character = new TextDecoder().decode(Uint8Array.from(bytes));
  if (character.includes("\ufffd")) source.reject("a byte that begins no character", start);
  return character.codePointAt(0)!;
}
