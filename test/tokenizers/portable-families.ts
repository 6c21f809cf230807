import type { LoadOptions } from "orrery-lm/tokenizers";
import { nastyStrings } from "../nasty-strings.ts";
import { families } from "./families.ts";

/** A tokenizer as text that can be carried to another place, with what it answers here. */
export interface PortableFamily {
  readonly name: string;
  /** Files by name, each in base64. */
  readonly files: Readonly<Record<string, string>>;
  readonly rules: LoadOptions;
  readonly answers: readonly PortableAnswer[];
}

/** What a tokenizer answers to one text. */
export interface PortableAnswer {
  readonly text: string;
  readonly ids: readonly number[];
  readonly decoded: string;
}

const texts = nastyStrings.map(([, text]) => text).filter(({ length }) => length < 1000);

/** Every small family, with its answers to the nasty strings. */
export function portableFamilies(): Promise<PortableFamily[]> {
  return Promise.all(
    families.map(async ({ name, load, format, rules = {} }) => {
      const tokenizer = await load();
      const files = Object.entries(tokenizer.save(format ?? "tokenizer.json"));
      const answers = texts.map((text) => {
        const ids = tokenizer.encode(text);
        return { text, ids: [...ids], decoded: tokenizer.decode(ids) };
      });
      const asText = files.map(([file, bytes]) => [file, Buffer.from(bytes).toString("base64")]);
      return { name, files: Object.fromEntries(asText), rules, answers };
    }),
  );
}
