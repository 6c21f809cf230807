import type { TokenizerJson } from "orrery-lm/formats";
import type { Model } from "../models/model.ts";
import { readsBytes } from "../models/reads-bytes.ts";
import { ByteLevelKernel } from "./byte-level-kernel.ts";
import { splitGpt2 } from "./gpt2-scanner.ts";
import type { Kernel } from "./kernel.ts";

/** Makes the fast way from text to ids, if there is one for this tokenizer. */
export function createKernel(json: TokenizerJson, model: Model): Kernel | undefined {
  const { normalizer, preTokenizer } = json;
  if (normalizer !== null || preTokenizer === null || !readsBytes(json)) return undefined;
  if (preTokenizer.type !== "ByteLevel") return undefined;
  const { addPrefixSpace, useRegex } = preTokenizer;
  return new ByteLevelKernel({ addPrefixSpace, scan: useRegex ? splitGpt2 : undefined, model });
}
