import type { LanguageModel } from "orrery-lm/nn";
import type { StorageTable } from "./storage-table.ts";

/** Names of a masked language model's table of tokens and of its head's weights and bias. */
export interface TiedHeadNames {
  /** Such as `bert.embeddings.word_embeddings`. */
  readonly embedding: string;
  /** Such as `cls.predictions.bias`. */
  readonly bias: string;
  /** The layer from channels to logits, such as `cls.predictions.decoder`. */
  readonly decoder: string;
}

/**
 * Where files have the token embeddings and the head. Files of tied models may repeat the table as
 * the head's weights, and the bias as that of the layer; those of others have the layer, and the
 * bias beside it is without use.
 */
export function headTensors(
  { embedding, bias, decoder }: TiedHeadNames,
  network: LanguageModel,
): StorageTable {
  const isTied = !Object.hasOwn(network.parameters(), "head.weight");
  if (!isTied) return { [embedding]: "embedding", [decoder]: "head" };
  return {
    [`${embedding}.weight`]: { parts: ["embedding.weight"], copies: [`${decoder}.weight`] },
    [bias]: { parts: ["head.bias"], copies: [`${decoder}.bias`].filter((name) => name !== bias) },
  };
}
