/** What every language model gives, whatever its kind. */

import type { Value } from "orrery-lm/tensor";
import type { PartDescription } from "./description.ts";
import type { LanguageHead } from "./language-head.ts";
import type { ParameterLookup, Part } from "./part.ts";
import type { SequenceContext } from "./sequence-context.ts";

/** Ids that a network reads. */
export interface NetworkInputs {
  /** [B, T] int32; an encoder–decoder's encoder reads them. */
  readonly inputIds: Value;
  /** Which of two texts a token belongs to, [B, T] int32; undefined: the first. */
  readonly tokenTypeIds?: Value | undefined;
  /** What the decoder of an encoder–decoder reads, [B, U] int32. */
  readonly decoderInputIds?: Value | undefined;
  /** Positions of what the decoder reads, [B, U] int32. @default from 0 */
  readonly decoderPositions?: Value | undefined;
}

/** A decoder predicts the next token, an encoder hidden ones, an encoder–decoder the next of a second text. */
export type NetworkKind = "decoder" | "encoder" | "encoder-decoder";

/** From ids to what a head reads. */
export interface Network extends Part {
  readonly kind: NetworkKind;
  readonly vocabSize: number;
  /** How many positions there are; undefined if any length can be read. */
  readonly maxPositions: number | undefined;
  /** How many token types there are; undefined if the network has none. */
  readonly tokenTypes: number | undefined;
  readonly head: LanguageHead;
  describe(): PartDescription;
  /** Positions that depend on the ids, [B, T] int32; undefined: they count from 0. @param inputIds [B, T] int32 */
  positionsOf?(inputIds: Value): Value | undefined;
  /** The channels that the head reads, [B, T, C] or [B, U, C]. */
  hidden(
    lookup: ParameterLookup,
    inputs: NetworkInputs,
    context: Omit<SequenceContext, "name" | "positionParameters">,
  ): Value;
}
