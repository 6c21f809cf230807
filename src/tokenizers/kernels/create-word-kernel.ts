import type { TokenizerJson } from "orrery-lm/formats";
import { AlignedText } from "../aligned-text.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { KernelSteps } from "./create-kernel.ts";
import type { Kernel } from "./kernel.ts";
import { type WordCuts, wordCutsOf } from "./word-cuts.ts";
import { WordKernel } from "./word-kernel.ts";

/** Makes what remembers words, where the text of a tokenizer can be cut into words. */
export function createWordKernel(json: TokenizerJson, steps: KernelSteps): Kernel | undefined {
  const cuts = wordCutsOf(json);
  return cuts && keepsBlanks(steps.normalizer, cuts)
    ? new WordKernel({ cuts, ...steps })
    : undefined;
}

/** Whether what {@link WordKernel} takes for blanks still cuts words when it is normalized. */
function keepsBlanks(normalizer: Normalizer | undefined, { leavesBlanksOut }: WordCuts): boolean {
  if (normalizer === undefined || !leavesBlanksOut) return true;
  return Array.from(" \t\n\r").every((blank) => {
    const { text } = normalizer.normalize(new AlignedText(`a${blank}b`, false));
    return text.split(/[ \t\n\r]/).length === 2;
  });
}
