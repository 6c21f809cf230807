import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";

/** What the reference answers for one text; offsets are in code points. */
export interface GoldenRow {
  readonly text: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  readonly offsets: readonly (readonly [number, number])[];
  readonly decoded: string;
  readonly decodedSkip: string;
}

/** Texts shown to the trained tokenizer after some members of its file were replaced. */
export interface GoldenCase {
  readonly name: string;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly rows: readonly GoldenRow[];
}

/** See goldens/generate/byte-level-bpe.py. */
export interface Golden {
  readonly training: {
    readonly lines: readonly string[];
    readonly vocabSize: number;
    readonly minFrequency: number;
    readonly specialTokens: readonly string[];
  };
  /** The file that the reference wrote after training. */
  readonly written: string;
  readonly cases: readonly GoldenCase[];
  readonly asText: GoldenCase;
  readonly decodes: readonly {
    readonly bytes: readonly number[];
    readonly ids: readonly number[];
    readonly decoded: string;
  }[];
}

/** The golden of byte-level BPE. */
export const golden: Golden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/byte-level-bpe.json", import.meta.url), "utf8"),
);

/** Loads the trained tokenizer with some members of its file replaced. */
export function loadWith(changes: Readonly<Record<string, unknown>>): Promise<Tokenizer> {
  const json = { ...JSON.parse(golden.written), ...changes };
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}
