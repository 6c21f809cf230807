import { JsonValue } from "../json-value.ts";
import type { BPEJson } from "./models.ts";
import { readVocabulary } from "./read-vocabulary.ts";

/** The encoder packs the rank of a merge and a place in the text into one double. */
export const MAX_MERGES: number = 2 ** 22;

type Merge = readonly [left: string, right: string];

/** Reads a BPE model. @throws {FormatError} if a field is wrong or a merge names an unknown token. */
export function readBPE(model: JsonValue): BPEJson {
  const vocab = readVocabulary(model.field("vocab"));
  const unkToken = model.field("unk_token");
  const continuingSubwordPrefix = readAffix(model.field("continuing_subword_prefix"));
  return {
    type: "BPE",
    unkToken: unkToken.isNull ? null : unkToken.string(),
    fuseUnk: readFlag(model.field("fuse_unk")),
    ignoreMerges: readFlag(model.field("ignore_merges")),
    byteFallback: readFlag(model.field("byte_fallback")),
    dropout: readDropout(model.field("dropout")),
    continuingSubwordPrefix,
    endOfWordSuffix: readAffix(model.field("end_of_word_suffix")),
    vocab,
    merges: readMerges(model.field("merges"), vocab, continuingSubwordPrefix ?? ""),
  };
}

function readFlag(flag: JsonValue): boolean {
  return !flag.isNull && flag.boolean();
}

function readAffix(affix: JsonValue): string | null {
  return affix.isNull ? null : affix.string();
}

function readDropout(dropout: JsonValue): number | null {
  const { value } = dropout;
  if (dropout.isNull || value === 0) return null;
  if (typeof value === "number" && value > 0 && value <= 1) return value;
  return dropout.fail("a probability from 0 to 1");
}

function readMerges(
  list: JsonValue,
  vocab: ReadonlyMap<string, number>,
  prefix: string,
): readonly Merge[] {
  const entries = list.array();
  if (entries.length > MAX_MERGES) list.fail(`at most ${MAX_MERGES} merges`);
  const merges: Merge[] = [];
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    // A header of merges.txt that old converters carried along.
    if (typeof entry === "string" && entry.startsWith("#version")) continue;
    const merge = readMerge(entry);
    if (merge === undefined) return place(list, i).fail(`two tokens, "a b" or ["a", "b"]`);
    const [left, right] = merge;
    // As much is cut off as the prefix is long, whatever it is, as in `tokenizers`.
    const merged = prefix === "" ? left + right : left + right.slice(prefix.length);
    if (!vocab.has(left) || !vocab.has(right) || !vocab.has(merged)) {
      const unknown = [left, right, merged].find((token) => !vocab.has(token));
      place(list, i).fail(`tokens of the vocabulary (${JSON.stringify(unknown)} is none)`);
    }
    merges.push(merge);
  }
  return merges;
}

function readMerge(entry: unknown): Merge | undefined {
  if (typeof entry === "string") {
    const space = entry.indexOf(" ");
    if (space < 0 || entry.includes(" ", space + 1)) return undefined;
    return [entry.slice(0, space), entry.slice(space + 1)];
  }
  if (!Array.isArray(entry) || entry.length !== 2) return undefined;
  const [left, right] = entry as readonly unknown[];
  return typeof left === "string" && typeof right === "string"
    ? (entry as unknown as Merge)
    : undefined;
}

// Made only to complain: one for each merge would take longer than all else.
function place(list: JsonValue, i: number): JsonValue {
  return new JsonValue(list.format, `${list.path}[${i}]`, list.array()[i]);
}
