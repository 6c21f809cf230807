/** What a model page gives: a network, and how its weights are stored. */

import type { Network } from "orrery-lm/nn";
import type { StorageEntry } from "../storage/storage.ts";

/** A model without numbers. */
export interface Architecture {
  readonly network: Network;
  readonly storage: readonly StorageEntry[];
  /** Tensors that files of the family may have and the network does not need: they are kept as they are. */
  readonly unused?: readonly RegExp[] | undefined;
  /** The token that an encoder–decoder's decoder starts with. */
  readonly decoderStart?: number | undefined;
}
