import { FormatError } from "orrery-lm/base";
import { JsonValue } from "../json-value.ts";
import type { BPEJson } from "./models.ts";

/** Ids stay below this: 16.8 million, ten times the largest vocabulary in use. */
export const MAX_TOKEN_IDS: number = 2 ** 24;
// The encoder packs the rank of a merge and a place in the text into one double.
const MAX_MERGES = 2 ** 22;

/** Reads the member `model`. @throws {FormatError} if it is not a sound BPE that is supported. */
export function readBPE(model: JsonValue): BPEJson {
  // Files from before 2020 do not name the type; only BPE has merges.
  const type = model.field("type");
  const isBPE = type.value === "BPE" || (type.value === undefined && !model.field("merges").isNull);
  if (!isBPE) {
    throw new FormatError(model.format, `model ${String(type.value)} is not supported, only BPE`);
  }
  refuseOptions(model);
  const vocab = readVocab(model.field("vocab"));
  const unkToken = model.field("unk_token");
  return {
    type: "BPE",
    unkToken: unkToken.isNull ? null : unkToken.string(),
    fuseUnk: model.field("fuse_unk").boolean(false),
    ignoreMerges: model.field("ignore_merges").boolean(false),
    byteFallback: false,
    dropout: null,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
    vocab,
    merges: readMerges(model.field("merges"), vocab),
  };
}

function refuseOptions(model: JsonValue): void {
  const unsupported = [
    "dropout",
    "continuing_subword_prefix",
    "end_of_word_suffix",
    "byte_fallback",
  ];
  for (const name of unsupported) {
    const option = model.field(name);
    const isOff = option.isNull || option.value === "" || option.value === false;
    if (isOff || option.value === 0) continue;
    const value = JSON.stringify(option.value);
    throw new FormatError(model.format, `${option.path}: ${value} is not supported`);
  }
}

function readVocab(vocab: JsonValue): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  const tokens = new Map<number, string>();
  // JSON.parse makes even "__proto__" an own member.
  for (const [token, id] of Object.entries(vocab.object())) {
    const place = new JsonValue(vocab.format, `${vocab.path}[${JSON.stringify(token)}]`, id);
    const checked = place.integer(MAX_TOKEN_IDS);
    const other = tokens.get(checked);
    if (other !== undefined) {
      place.fail(`an id of its own, not that of ${JSON.stringify(other)}`);
    }
    ids.set(token, checked);
    tokens.set(checked, token);
  }
  return ids;
}

function readMerges(
  list: JsonValue,
  vocab: ReadonlyMap<string, number>,
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
    for (const token of [parts[0], parts[1], parts[0] + parts[1]]) {
      if (!vocab.has(token))
        place.fail(`tokens of the vocabulary (${JSON.stringify(token)} is none)`);
    }
    merges.push([parts[0], parts[1]]);
  }
  return merges;
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "string");
}
