import { LOWERCASE_RUNS } from "./tables.gen.ts";

const LOWERCASE: ReadonlyMap<number, string> = /* @__PURE__ */ readMapping();

/**
 * The lower case of a character, by Unicode 17.0, or undefined if it stays. No neighbor matters: "Σ"
 * becomes "σ" even at the end of a word, where JavaScript's `toLowerCase` makes "ς".
 */
export function lowercaseOf(codePoint: number): string | undefined {
  if (codePoint < 0x80) {
    return codePoint > 0x40 && codePoint < 0x5b ? String.fromCharCode(codePoint + 0x20) : undefined;
  }
  return LOWERCASE.get(codePoint);
}

function readMapping(): Map<number, string> {
  const mapping = new Map([[0x130, "i\u0307"]]);
  let codePoint = 0;
  for (const run of LOWERCASE_RUNS.split(" ")) {
    const [first, count, step, distance] = run.split(".").map((part) => parseInt(part, 36));
    codePoint += first!;
    for (let i = 0; i < count!; i++) {
      if (i > 0) codePoint += step!;
      mapping.set(codePoint, String.fromCodePoint(codePoint + distance!));
    }
  }
  return mapping;
}
