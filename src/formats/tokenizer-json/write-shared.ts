/** What several kinds of components have in common. */
import type { PatternJson } from "./normalizers.ts";
import type { ByteLevelJson, MetaspaceJson } from "./pre-tokenizers.ts";

export function writePattern(pattern: PatternJson): object {
  return "string" in pattern ? { String: pattern.string } : { Regex: pattern.regex };
}

export function writeByteLevel(json: ByteLevelJson): object {
  const { type, addPrefixSpace, trimOffsets, useRegex } = json;
  return {
    type,
    add_prefix_space: addPrefixSpace,
    trim_offsets: trimOffsets,
    use_regex: useRegex,
  };
}

export function writeMetaspace(json: MetaspaceJson): object {
  const { type, replacement, prependScheme, split } = json;
  return { type, replacement, prepend_scheme: prependScheme, split };
}
