import { LATE_DECOMPOSITIONS, NFKD_RUNS } from "../unicode/nfkc.gen.ts";

/** Rules "this text becomes that text". */
export type Rules = Map<string, string>;

/**
 * The rules that make NFKC of Unicode 17.0 by replacing the longest match, again and again from the
 * left: each character that NFKC changes, and each way to write such a character in pieces.
 *
 * They are not all of NFKC: marks in another order than Unicode's stay as they are. Many are
 * superfluous, see {@link withoutRedundant}.
 */
export function nfkcRules(): Rules {
  const rules: Rules = new Map();
  const writings = new Map<string, string[]>(); // of a character that decomposes no further
  const composed = new Map<string, string>(); // by decomposition
  const late = lateDecompositions();
  for (const run of NFKD_RUNS.split(" ")) {
    const [start, count] = run.split(".").map((part) => parseInt(part, 16));
    for (let codePoint = start!; codePoint < start! + count!; codePoint++) {
      const character = String.fromCodePoint(codePoint);
      const { nfkd, nfkc, nfc } = late.get(character) ?? decompose(character);
      if (nfkc !== character) rules.set(character, nfkc);
      if (!isSingle(nfkd)) composed.set(nfkd, nfc);
      else if (writings.has(nfkd)) writings.get(nfkd)!.push(character);
      else writings.set(nfkd, [character]);
    }
  }
  for (const [nfkd, nfc] of composed) {
    if (nfc === nfkd) continue;
    for (const writing of writingsOf(Array.from(nfkd), writings)) {
      if (writing !== nfc) rules.set(writing, nfc);
    }
  }
  return rules;
}

interface Decomposition {
  readonly nfkd: string;
  readonly nfkc: string;
  /** Of `nfkd`. */
  readonly nfc: string;
}

function decompose(character: string): Decomposition {
  const nfkd = character.normalize("NFKD");
  return { nfkd, nfkc: character.normalize("NFKC"), nfc: nfkd.normalize("NFC") };
}

/** What engines of Unicode 15 do not know. */
function lateDecompositions(): ReadonlyMap<string, Decomposition> {
  const decompositions = new Map<string, Decomposition>();
  for (const row of LATE_DECOMPOSITIONS.split(" ")) {
    const [character, nfkd, nfkc, nfc] = row
      .split(".")
      .map((text) => String.fromCodePoint(...text.split("+").map((one) => parseInt(one, 16))));
    decompositions.set(character!, { nfkd: nfkd!, nfkc: nfkc!, nfc: nfc! });
  }
  return decompositions;
}

/** All texts that become `decomposed` if each of their characters is decomposed. */
function writingsOf(
  decomposed: readonly string[],
  writings: ReadonlyMap<string, readonly string[]>,
): string[] {
  let all = [""];
  for (const character of decomposed) {
    const same = [character, ...(writings.get(character) ?? [])];
    all = all.flatMap((start) => same.map((one) => start + one));
  }
  return all;
}

/** The rules less those of several characters that shorter ones make superfluous. */
export function withoutRedundant(rules: ReadonlyMap<string, string>): Rules {
  const keysByLength: string[][] = [];
  for (const key of rules.keys()) (keysByLength[characterCount(key)] ??= []).push(key);
  const kept: Rules = new Map();
  for (const [length, keys = []] of keysByLength.entries()) {
    // All of one length are judged by the shorter ones.
    const needed =
      length === 1 ? keys : keys.filter((key) => apply(kept, key, length - 1) !== rules.get(key));
    for (const key of needed) kept.set(key, rules.get(key)!);
  }
  return kept;
}

/** Applies rules of at most `maxLength` characters to a text of one more. */
function apply(rules: Rules, text: string, maxLength: number): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    const first = at + widthAt(text, at);
    let end = first;
    for (let i = 1; i < maxLength && end < text.length; i++) end += widthAt(text, end);
    while (end > first && !rules.has(text.slice(at, end))) end -= widthBefore(text, end);
    const key = text.slice(at, end);
    result += rules.get(key) ?? key;
    at = end;
  }
  return result;
}

function characterCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += widthAt(text, at)) count++;
  return count;
}

function isSingle(text: string): boolean {
  return text.length === widthAt(text, 0);
}

function widthAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

function widthBefore(text: string, end: number): number {
  return text.charCodeAt(end - 1) >> 10 === 0x37 ? 2 : 1;
}
