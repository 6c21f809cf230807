/** Language models from what their pages read. */

import {
  LanguageHead,
  LanguageModel,
  TransformerStack,
  type InitializationScheme,
  type LanguageHeadOptions,
  type NetworkKind,
  type TransformerStackOptions,
} from "orrery-lm/nn";

/** What a page says about a decoder or an encoder. */
export interface LanguageModelParts extends TransformerStackOptions {
  vocabSize: number;
  /** Whether the head's weights are the token embeddings. */
  isTied: boolean;
  /** See `LanguageModel`. */
  paddingId?: number | undefined;
  skipsPadding?: boolean | undefined;
  /** See `LanguageModel`. */
  initializers?: InitializationScheme | undefined;
  /** What else there is to say about the head. */
  head?: Omit<LanguageHeadOptions, "vocabSize" | "hiddenSize" | "isTied" | "std">;
}

/** A decoder: it predicts the next token. */
export function decoder(parts: LanguageModelParts): LanguageModel {
  return languageModel("decoder", parts);
}

/** An encoder: it predicts hidden tokens. */
export function encoder(parts: LanguageModelParts): LanguageModel {
  return languageModel("encoder", parts);
}

function languageModel(
  kind: Exclude<NetworkKind, "encoder-decoder">,
  { vocabSize, isTied, head, paddingId, skipsPadding, initializers, ...stack }: LanguageModelParts,
): LanguageModel {
  const { hiddenSize, std } = stack;
  return new LanguageModel({
    kind,
    vocabSize,
    stack: new TransformerStack(stack),
    head: new LanguageHead({ vocabSize, hiddenSize, isTied, std, ...head }),
    paddingId,
    skipsPadding,
    std,
    initializers,
  });
}
