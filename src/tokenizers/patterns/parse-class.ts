import { type CodePointSet, intersection, range, union } from "../unicode/code-point-set.ts";
import { unicodeProperty } from "../unicode/properties.ts";
import { type Widen, parseEscape, wordSet } from "./parse-escape.ts";
import type { RegexSource } from "./regex-source.ts";

/** A class, and whether "^" stands first, so that nothing of several characters belongs to it. */
export interface ParsedClass {
  readonly set: CodePointSet;
  readonly isNegated: boolean;
}

// Classes in classes are read by recursion.
const MAX_DEPTH = 100;

/**
 * Reads a class, its "[" read already: ranges, escapes, `[:alpha:]`, classes in classes, `&&`.
 * @param widen what the class becomes before it is negated
 * @param widenParts what properties and classes in it become
 */
export function parseClass(
  source: RegexSource,
  { widen, widenParts }: { readonly widen: Widen; readonly widenParts: Widen },
  depth: number = 0,
): ParsedClass {
  const start = source.position - 1;
  if (depth > MAX_DEPTH) source.limit("a class so deep in others", start);
  const isNegated = source.take("^");
  const operands: CodePointSet[] = [];
  let parts: CodePointSet[] = [];
  const takesBracket = source.text.includes("]", source.position + 1);
  if (takesBracket && source.take("]")) parts.push(range(0x5d));
  else if (source.peek() === "]") source.reject("an empty class", start);
  while (!source.take("]")) {
    if (source.isAtEnd) source.reject('a class without its "]"', start);
    if (
      source.dialect === "fancy-regex" &&
      /^(?:--|~~)/.test(source.text.slice(source.position, source.position + 2))
    ) {
      source.refuse(`the operator ${source.text.slice(source.position, source.position + 2)}`);
    }
    if (source.take("&&")) {
      operands.push(unionOf(source, parts, start));
      parts = [];
    } else {
      parts.push(parseItem(source, widenParts, depth));
    }
  }
  operands.push(unionOf(source, parts, start));
  const set = widen(intersectionOf(source, operands, start));
  return { set: isNegated ? source.complementOf(set) : set, isNegated };
}

function unionOf(source: RegexSource, parts: readonly CodePointSet[], start: number): CodePointSet {
  const different = [...new Set(parts)];
  if (different.length === 1) return different[0]!;
  source.spend(different, start);
  return union(...different);
}

function intersectionOf(
  source: RegexSource,
  operands: readonly CodePointSet[],
  start: number,
): CodePointSet {
  const [first = [], ...others] = new Set(operands);
  let common = first;
  for (const other of others) {
    source.spend([common, other], start);
    common = intersection(common, other);
  }
  return common;
}

function parseItem(source: RegexSource, widenParts: Widen, depth: number): CodePointSet {
  const start = source.position;
  const posix = parsePosix(source);
  if (posix !== undefined) return noRange(source, posix, start);
  if (source.take("[")) return parseClass(source, { widen: widenParts, widenParts }, depth + 1).set;
  const first = parseMember(source, widenParts);
  if ("set" in first) return noRange(source, first.set, start);
  if (!isRangeNext(source)) return range(first.codePoint);
  source.take("-");
  if (source.peek() === "[") source.refuse("a range that ends in a class", start);
  const last = parseMember(source, widenParts);
  if ("set" in last) return source.refuse("a range that ends in a set", start);
  if (last.codePoint < first.codePoint) source.reject("a range that ends before it starts", start);
  // Another "-" stands for itself: "0-9-a".
  const hasHyphen = isRangeNext(source) && source.take("-");
  return union(range(first.codePoint, last.codePoint), hasHyphen ? range(0x2d) : []);
}

function isRangeNext(source: RegexSource): boolean {
  const { text, position } = source;
  return text[position] === "-" && position + 1 < text.length && text[position + 1] !== "]";
}

function noRange(source: RegexSource, set: CodePointSet, start: number): CodePointSet {
  return isRangeNext(source) ? source.refuse("a range that starts with a set", start) : set;
}

function parseMember(
  source: RegexSource,
  widenParts: Widen,
): { readonly codePoint: number } | { readonly set: CodePointSet } {
  if (!source.take("\\")) return { codePoint: source.next().codePointAt(0)! };
  if (source.take("b")) return { codePoint: 8 };
  if (/[cCM1-9]/.test(source.peek()) && !/^[1-7][0-7]/.test(source.text.slice(source.position))) {
    source.refuse(`the escape \\${source.peek()} in a class`, source.position - 1);
  }
  return parseEscape(source, true, widenParts) ?? { codePoint: source.next().codePointAt(0)! };
}

function parsePosix(source: RegexSource): CodePointSet | undefined {
  const posix = source.takeMatch(/\[:(\^?)([A-Za-z]+):\]/y);
  if (posix === undefined) return undefined;
  const [whole, caret, name] = posix;
  const start = source.position - whole.length;
  const set = posixSet(source, name!) ?? source.refuse(`the class ${whole}`, start);
  return caret === "^" ? source.complementOf(set) : set;
}

function posixSet(source: RegexSource, name: string): CodePointSet | undefined {
  const isName =
    /^(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit|word)$/;
  if (!isName.test(name)) return undefined;
  const set =
    name === "word"
      ? wordSet(source, true)
      : source.once(`[:${name}:]`, () => unicodeProperty(name === "punct" ? "posixpunct" : name)!);
  // The Rust crates keep these to ASCII.
  return source.dialect === "oniguruma"
    ? set
    : source.once(`[:ascii ${name}:]`, () => intersection(set, range(0, 0x7f)));
}
