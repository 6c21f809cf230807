import type { PreTokenizerJson, TokenizerJson } from "orrery-lm/formats";
import type { PieceEncoder } from "../models/piece-encoder.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { PreTokenizer } from "../pre-tokenizers/pre-tokenizer.ts";
import { AlignedText } from "../aligned-text.ts";
import { type WordCuts, wordCutsOf } from "./word-cuts.ts";
import { WordKernel } from "./word-kernel.ts";
import { readsBytes } from "../models/reads-bytes.ts";
import { ByteLevelKernel } from "./byte-level-kernel.ts";
import { splitGpt2 } from "./gpt2-scanner.ts";
import type { Kernel } from "./kernel.ts";
import { scannerOfPattern } from "./known-patterns.ts";
import type { Scanner } from "./scanner.ts";

/** The steps that a kernel does at once. */
export interface KernelSteps {
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly pieces: PieceEncoder;
}

/** Makes the fast way from text to ids, if there is one for this tokenizer. */
export function createKernel(json: TokenizerJson, steps: KernelSteps): Kernel | undefined {
  if (readsBytes(json)) return createByteKernel(json, steps.pieces);
  const cuts = wordCutsOf(json);
  return cuts && keepsBlanks(steps.normalizer, cuts)
    ? new WordKernel({ cuts, ...steps })
    : undefined;
}

function createByteKernel(json: TokenizerJson, pieces: PieceEncoder): Kernel | undefined {
  const { normalizer, preTokenizer } = json;
  if (normalizer !== null || preTokenizer === null) return undefined;
  if (preTokenizer.type === "ByteLevel") {
    const { addPrefixSpace, useRegex } = preTokenizer;
    return new ByteLevelKernel({ addPrefixSpace, scan: useRegex ? splitGpt2 : undefined, pieces });
  }
  const scan = scannerOfSplit(preTokenizer, json.model.type === "tiktoken");
  return scan && new ByteLevelKernel({ addPrefixSpace: false, scan, pieces });
}

/** Whether what {@link WordKernel} takes for blanks still cuts words when it is normalized. */
function keepsBlanks(normalizer: Normalizer | undefined, { leavesBlanksOut }: WordCuts): boolean {
  if (normalizer === undefined || !leavesBlanksOut) return true;
  return Array.from(" \t\n\r").every((blank) => {
    const { text } = normalizer.normalize(new AlignedText(`a${blank}b`, false));
    return text.split(/[ \t\n\r]/).length === 2;
  });
}

/** The scanner that cuts as `Split` with a known pattern does, and then spells the bytes. */
function scannerOfSplit(json: PreTokenizerJson, isTiktoken: boolean): Scanner | undefined {
  if (json.type !== "Sequence" || json.pretokenizers.length !== 2) return undefined;
  const [split, byteLevel] = json.pretokenizers as [PreTokenizerJson, PreTokenizerJson];
  if (split.type !== "Split" || byteLevel.type !== "ByteLevel") return undefined;
  if (byteLevel.addPrefixSpace || byteLevel.useRegex || "string" in split.pattern) return undefined;
  // The known patterns match every character, so nothing is left between the matches.
  const keepsMatches = split.behavior === (split.invert ? "Removed" : "Isolated");
  return keepsMatches ? scannerOfPattern(split.pattern.regex, isTiktoken) : undefined;
}
