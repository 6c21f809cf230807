import { JsonValue } from "../json-value.ts";
import type { BPEJson } from "./models.ts";
import { readVocabulary } from "./read-vocabulary.ts";

// The encoder packs the rank of a merge and a place in the text into one double.
const MAX_MERGES = 2 ** 22;

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
  return affix.isNull || affix.value === "" ? null : affix.string();
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
): readonly (readonly [string, string])[] {
  const merges: (readonly [string, string])[] = [];
  const entries = list.array();
  if (entries.length > MAX_MERGES) list.fail(`at most ${MAX_MERGES} merges`);
  for (const [i, entry] of entries.entries()) {
    // A header of merges.txt that old converters carried along.
    if (typeof entry === "string" && entry.startsWith("#version")) continue;
    const parts: unknown = typeof entry === "string" ? entry.split(" ") : entry;
    const place = new JsonValue(list.format, `${list.path}[${i}]`, entry);
    if (!isPair(parts)) return place.fail(`two tokens, "a b" or ["a", "b"]`);
    const [left, right] = parts;
    // As many bytes are cut off as the prefix has, whatever they are, as `tokenizers` does.
    const merged = left + right.slice(prefix.length);
    for (const token of [left, right, merged]) {
      if (!vocab.has(token))
        place.fail(`tokens of the vocabulary (${JSON.stringify(token)} is none)`);
    }
    merges.push([left, right]);
  }
  return merges;
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "string");
}
