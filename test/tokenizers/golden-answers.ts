import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Tokenizer } from "orrery-lm/tokenizers";
import { sharedData } from "../shared-data.ts";

/** One answer of `tokenizers` 0.23.2 about a real vocabulary. Absent members equal the one before. */
export interface GoldenAnswer {
  readonly kind: "encode" | "pair" | "decode";
  readonly text: string;
  readonly pair: string;
  readonly ids: readonly number[];
  readonly ids_special?: readonly number[];
  readonly tokens?: readonly string[];
  readonly offsets?: readonly (readonly [number, number])[];
  readonly decoded?: string;
  readonly decoded_skip?: string;
  readonly type_ids: readonly number[];
  readonly special_mask: readonly number[];
  /** Only the ids are given, without special tokens. */
  readonly lone_surrogate?: true;
}

const match = { specialTokens: "match" } as const;

/** Our answers, in the form of the rows. */
export function ours(tokenizer: Tokenizer, row: GoldenAnswer): object {
  const { ids, ids_special: special = ids } = row;
  if (row.kind === "pair") {
    const full = tokenizer.encodeFull(row.text, row.pair, match);
    return { ids: [...full.ids], types: [...full.typeIds], mask: [...full.specialTokensMask] };
  }
  if (row.lone_surrogate === true) {
    return { ids: [...tokenizer.encode(row.text, { ...match, addSpecialTokens: false })] };
  }
  const decoded = tokenizer.decode(ids);
  const decodedSkip = tokenizer.decode(special, { skipSpecialTokens: true });
  if (row.kind === "decode") return { decoded, decodedSkip };
  const full = tokenizer.encodeFull(row.text, undefined, {
    ...match,
    addSpecialTokens: false,
    offsetUnit: "codepoint",
  });
  return {
    ids: [...tokenizer.encode(row.text, { ...match, addSpecialTokens: false })],
    special: [...tokenizer.encode(row.text, match)],
    tokens: row.tokens && full.tokens,
    offsets: row.offsets && full.offsets,
    decoded,
    decodedSkip,
  };
}

/** Those of the reference. */
export function theirs(row: GoldenAnswer): object {
  const { ids, ids_special: special = ids } = row;
  if (row.kind === "pair") return { ids, types: row.type_ids, mask: row.special_mask };
  if (row.lone_surrogate === true) return { ids };
  const decoded = row.decoded ?? row.text;
  const decodedSkip = row.decoded_skip ?? decoded;
  if (row.kind === "decode") return { decoded, decodedSkip };
  return { ids, special, tokens: row.tokens, offsets: row.offsets, decoded, decodedSkip };
}

/** The lines of a file of the shared data, which is there. */
export function readLines<T>(path: string): T[] {
  return unzip(path)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** A packed file of the shared data as text. */
export function unzip(path: string): string {
  return gunzipSync(readFileSync(sharedData(path)!)).toString("utf8");
}
