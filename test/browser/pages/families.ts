import { Tokenizer } from "orrery-lm/tokenizers";
import type { PortableAnswer, PortableFamily } from "../../tokenizers/portable-families.ts";

/** What each family answers here. */
export function run(families: readonly PortableFamily[]): Promise<PortableAnswer[][]> {
  return Promise.all(
    families.map(async ({ files, rules, answers }) => {
      const bytes = Object.entries(files).map(([name, base64]) => [
        name,
        Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
      ]);
      const tokenizer = await Tokenizer.load(Object.fromEntries(bytes), rules);
      return answers.map(({ text }) => {
        const ids = tokenizer.encode(text);
        return { text, ids: [...ids], decoded: tokenizer.decode(ids) };
      });
    }),
  );
}
