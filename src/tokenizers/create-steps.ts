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
import type { EncodingSteps } from "./text-encoding.ts";

/** Makes the steps from text to tokens that a tokenizer's file describes. */
export function createSteps(json: TokenizerJson): EncodingSteps {
  checkGrowth("normalizer", json.normalizer);
  checkGrowth("decoder", json.decoder);
  const normalizer =
    json.normalizer === null ? undefined : new LimitedNormalizer(createNormalizer(json.normalizer));
  const normalize =
    normalizer && ((text: string) => normalizer.normalize(new AlignedText(text, true)).text);
  const model = createModel(json);
  const pieces = new PieceEncoder(model);
  const preTokenizer =
    json.preTokenizer === null
      ? undefined
      : createPreTokenizer(
          json.preTokenizer,
          readsBytes(json),
          json.model.type === "tiktoken" ? "fancy-regex" : "oniguruma",
        );
  // A normalizer may drop the start of the text, and only places tell that.
  const needsPlaces =
    normalizer !== undefined && json.preTokenizer !== null && looksAtStart(json.preTokenizer);
  return {
    addedTokens: new AddedTokens(json.addedTokens, normalize),
    normalizer,
    preTokenizer,
    model,
    pieces,
    kernel: needsPlaces ? undefined : createKernel(json, { normalizer, preTokenizer, pieces }),
    needsPlaces,
  };
}
