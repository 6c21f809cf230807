import { CODE_POINT_COUNT, forEachCodePoint, union } from "./code-point-set.ts";
import { forEachScriptRun, script, setOfRuns } from "./properties.ts";
import { OLD_SCRIPTLESS_RUNS } from "./properties.gen.ts";

/** Stands for code points that go with any script. */
export const ANY_SCRIPT: number = 0;

/**
 * A number for the script of each code point, as the `UnicodeScripts` pre-tokenizer of Hugging Face
 * `tokenizers` has them: of an old version of Unicode, kana with Han, the blank with any.
 */
export function readOldScripts(): Uint8Array {
  const numbers = new Map<string, number>();
  const scripts = new Uint8Array(CODE_POINT_COUNT);
  forEachScriptRun((start, end, code) => {
    if (code === "ZZ") return;
    const number = numbers.get(code) ?? numbers.size + 1;
    numbers.set(code, number);
    scripts.fill(number, start, end);
  });
  const han = scripts[0x4e00]!;
  forEachCodePoint(union(script("hiragana")!, script("katakana")!, [0x30fc, 0x30fd]), (kana) => {
    scripts[kana] = han;
  });
  // Of another script then: Common and Devanagari.
  for (const codePoint of [0x589, 0x61c]) scripts[codePoint] = scripts[0x21]!;
  for (const codePoint of [0x953, 0x954]) scripts[codePoint] = scripts[0x904]!;
  forEachCodePoint(union(setOfRuns(OLD_SCRIPTLESS_RUNS), [0x20, 0x21]), (codePoint) => {
    scripts[codePoint] = ANY_SCRIPT;
  });
  return scripts;
}
