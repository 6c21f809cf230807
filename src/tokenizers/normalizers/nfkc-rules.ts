/** Rules "this text becomes that text". */
export type Rules = Map<string, string>;

/**
 * The rules that make NFKC by replacing the longest match, again and again from the left: each
 * character that NFKC changes, and each way to write such a character in pieces.
 *
 * They are not all of NFKC: marks in another order than Unicode's stay as they are.
 */
export function nfkcRules(): Rules {
  const rules: Rules = new Map();
  const writings = new Map<string, string[]>(); // of a character that decomposes no further
  const decompositions = new Set<string>();
  for (let codePoint = 1; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
    const character = String.fromCodePoint(codePoint);
    const composed = character.normalize("NFKC");
    if (composed !== character) rules.set(character, composed);
    const decomposed = character.normalize("NFKD");
    if (decomposed === character) continue;
    if (isSingle(decomposed))
      writings.set(decomposed, [...(writings.get(decomposed) ?? []), character]);
    else decompositions.add(decomposed);
  }
  for (const decomposed of decompositions) {
    const composed = decomposed.normalize("NFC");
    if (composed === decomposed) continue;
    for (const writing of writingsOf(Array.from(decomposed), writings)) {
      if (writing !== composed) rules.set(writing, composed);
    }
  }
  return withoutRedundant(rules);
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
  const kept: Rules = new Map();
  const byLength: [string[], string][][] = [];
  for (const [key, replacement] of rules) {
    const characters = Array.from(key);
    (byLength[characters.length] ??= []).push([characters, replacement]);
  }
  for (const [length, group] of byLength.entries()) {
    // All of one length are judged by the shorter ones.
    const needed = (group ?? []).filter(
      ([key, replacement]) => length === 1 || apply(kept, key, length - 1) !== replacement,
    );
    for (const [key, replacement] of needed) kept.set(key.join(""), replacement);
  }
  return kept;
}

function apply(rules: Rules, text: readonly string[], maxLength: number): string {
  let result = "";
  for (let at = 0; at < text.length;) {
    let length = Math.min(maxLength, text.length - at);
    while (length > 0 && !rules.has(text.slice(at, at + length).join(""))) length--;
    result += length === 0 ? text[at]! : rules.get(text.slice(at, at + length).join(""))!;
    at += Math.max(1, length);
  }
  return result;
}

function isSingle(text: string): boolean {
  return text.length === (text.codePointAt(0)! > 0xffff ? 2 : 1);
}
