import type { NormalizerJson, PreTokenizerJson, TokenizerJson } from "orrery-lm/formats";

/**
 * Whether the model can read the bytes of the text itself: it is byte-level, and nothing looks at the
 * spelling in the byte alphabet before it. Then nobody needs to spell.
 */
export function readsBytes({ normalizer, preTokenizer, model }: TokenizerJson): boolean {
  if (model.type === "tiktoken") return true;
  if (model.type !== "BPE" || preTokenizer === null) return false;
  if (model.byteFallback || model.continuingSubwordPrefix || model.endOfWordSuffix) return false;
  const spelling = flatten(preTokenizer).map(({ type }) => type === "ByteLevel");
  const isLastOnly = spelling.indexOf(true) === spelling.length - 1;
  return isLastOnly && (normalizer === null || !spellsBytes(normalizer));
}

function flatten(json: PreTokenizerJson): readonly PreTokenizerJson[] {
  return json.type === "Sequence" ? json.pretokenizers.flatMap(flatten) : [json];
}

function spellsBytes(json: NormalizerJson): boolean {
  return json.type === "Sequence" ? json.normalizers.some(spellsBytes) : json.type === "ByteLevel";
}
