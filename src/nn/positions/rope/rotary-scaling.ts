import type { Value } from "orrery-lm/tensor";

/** What a scaling starts from. */
export interface RotaryBase {
  /** Channels of a head that are turned, R; even. */
  readonly rotaryDim: number;
  /** Base of the frequencies, θ. */
  readonly theta: number;
}

/**
 * Changes the frequencies of RoPE, so that a model reads longer texts than those of its training.
 * All frequencies are in radians per token, one for each of R/2 pairs of channels, in float64.
 */
export interface RotaryScaling {
  /** What config.json calls it. */
  readonly name?: string;
  /** Multiplies cosines and sines; scores grow by its square. @default 1 */
  readonly attentionFactor?: number;
  /** @param length tokens of the text, for a scaling that depends on it */
  frequencies(base: RotaryBase, length: number): Float64Array;
  /** What there is beside {@link frequencies} if they depend on the length. */
  readonly byLength?: RotaryByLength;
}

/** A scaling for texts whose length is known only when a program runs. */
export interface RotaryByLength {
  /** Equal for lengths that have equal frequencies. */
  rotationAt(length: number): number;
  /**
   * The frequencies in a program, [R/2] float32.
   *
   * @param length tokens of the text, [1] float32
   */
  frequencies(base: RotaryBase, length: Value): Value;
}
