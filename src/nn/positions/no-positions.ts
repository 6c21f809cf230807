import { describePart } from "../description.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/**
 * No position encoding (NoPE): a causal mask alone lets a decoder tell the order.
 *
 * @see Kazemnejad et al. 2023, https://arxiv.org/abs/2305.19466
 */
export const noPositions: PositionEncoding = {
  describe: () => describePart("no positions (NoPE)", {}),
  parameters: () => ({}),
};
