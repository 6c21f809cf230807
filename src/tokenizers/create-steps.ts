import type { TokenizerJson } from "orrery-lm/formats";
import { AddedTokens } from "./added-tokens/added-tokens.ts";
import { AlignedText } from "./aligned-text.ts";
import { checkGrowth } from "./check-growth.ts";
import { createKernel } from "./kernels/create-kernel.ts";
import { createModel } from "./models/create-model.ts";
import { PieceEncoder } from "./models/piece-encoder.ts";
import { readsBytes } from "./models/reads-bytes.ts";
import { createNormalizer } from "./normalizers/create-normalizer.ts";
import { LimitedNormalizer } from "./normalizers/limited.ts";
import { createPreTokenizer } from "./pre-tokenizers/create-pre-tokenizer.ts";
import { looksAtStart } from "./pre-tokenizers/looks-at-start.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";
import type { PreTokenizer } from "./pre-tokenizers/pre-tokenizer.ts";
import type { EncodingSteps } from "./text-encoding.ts";

/** Makes the steps from text to tokens that a tokenizer's file describes, and fetches what they need. */
export async function createSteps(json: TokenizerJson): Promise<EncodingSteps> {
  await checkGrowth("normalizer", json.normalizer);
  await checkGrowth("decoder", json.decoder);
  const [normalizer, model, preTokenizer] = await Promise.all([
    createNormalizerOf(json),
    createModel(json),
    createPreTokenizerOf(json),
  ]);
  const normalize =
    normalizer && ((text: string) => normalizer.normalize(new AlignedText(text, true)).text);
  const pieces = new PieceEncoder(model);
  // A normalizer may drop the start of the text, and only places tell that.
  const needsPlaces =
    normalizer !== undefined && json.preTokenizer !== null && looksAtStart(json.preTokenizer);
  return {
    addedTokens: new AddedTokens(json.addedTokens, normalize),
    normalizer,
    preTokenizer,
    model,
    pieces,
    kernel: needsPlaces
      ? undefined
      : await createKernel(json, { normalizer, preTokenizer, pieces }),
    needsPlaces,
  };
}

async function createNormalizerOf({ normalizer }: TokenizerJson): Promise<Normalizer | undefined> {
  return normalizer === null
    ? undefined
    : new LimitedNormalizer(await createNormalizer(normalizer));
}

async function createPreTokenizerOf(json: TokenizerJson): Promise<PreTokenizer | undefined> {
  if (json.preTokenizer === null) return undefined;
  const dialect = json.model.type === "tiktoken" ? "fancy-regex" : "oniguruma";
  return createPreTokenizer(json.preTokenizer, readsBytes(json), dialect);
}
