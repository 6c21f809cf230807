import { readFileSync } from "node:fs";

/** See goldens/generate/normalizers.py. */
export interface NormalizersGolden {
  /** A tokenizer.json whose tokens are the characters of the normalized text. */
  readonly file: object;
  readonly cases: readonly {
    readonly name: string;
    readonly normalizer: object;
    readonly rows: readonly {
      readonly text: string;
      readonly tokens: readonly string[];
      readonly offsets: readonly (readonly [number, number])[];
    }[];
  }[];
  /** First and last code point of each block that random texts are made of. */
  readonly blocks: readonly (readonly [first: number, last: number])[];
  readonly digests: readonly {
    /** What to replace in a byte-level tokenizer, so that decoding shows the normalized text. */
    readonly changes: Readonly<Record<string, unknown>>;
    readonly separator: string;
    readonly every: string;
    readonly random: string;
  }[];
}

/** The golden of normalizers. */
export const golden: NormalizersGolden = JSON.parse(
  readFileSync(new URL("../../../goldens/tokenizers/normalizers.json", import.meta.url), "utf8"),
);
