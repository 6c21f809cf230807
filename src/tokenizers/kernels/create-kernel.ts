import type { NormalizerJson, PreTokenizerJson, TokenizerJson } from "orrery-lm/formats";
import type { PieceEncoder } from "../models/piece-encoder.ts";
import { readsBytes } from "../models/reads-bytes.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { PreTokenizer } from "../pre-tokenizers/pre-tokenizer.ts";
import { ByteLevelKernel } from "./byte-level-kernel.ts";
import type { Kernel } from "./kernel.ts";
import { NormalizingKernel } from "./normalizing-kernel.ts";
import { scannerOf } from "./scanner-of.ts";

/** The steps that a kernel does at once. */
export interface KernelSteps {
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly pieces: PieceEncoder;
}

/** Makes the fast way from text to ids, if there is one for this tokenizer. */
export async function createKernel(
  json: TokenizerJson,
  steps: KernelSteps,
): Promise<Kernel | undefined> {
  if (readsBytes(json)) return createByteKernel(json, steps);
  const { createWordKernel } = await import("./create-word-kernel.ts");
  return createWordKernel(json, steps);
}

function createByteKernel(json: TokenizerJson, steps: KernelSteps): Kernel | undefined {
  const { normalizer, preTokenizer, model } = json;
  if (preTokenizer === null) return undefined;
  const cuts = scannerOf(preTokenizer, model.type === "tiktoken");
  // In a sequence the blank would go before every piece.
  const addPrefixSpace = preTokenizer.type === "ByteLevel" && preTokenizer.addPrefixSpace;
  if (cuts === undefined || (!addPrefixSpace && putsBlanks(preTokenizer))) return undefined;
  const kernel = new ByteLevelKernel({ addPrefixSpace, ...cuts, pieces: steps.pieces });
  if (normalizer === null) return kernel;
  return isUnicodeForm(normalizer) ? new NormalizingKernel(steps.normalizer!, kernel) : undefined;
}

function putsBlanks(json: PreTokenizerJson): boolean {
  if (json.type === "Sequence") return json.pretokenizers.some(putsBlanks);
  return json.type === "ByteLevel" && json.addPrefixSpace;
}

function isUnicodeForm({ type }: NormalizerJson): boolean {
  return type === "NFC" || type === "NFD" || type === "NFKC" || type === "NFKD";
}
