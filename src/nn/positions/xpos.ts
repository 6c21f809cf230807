import { cast, constant, exp, multiply, reshape, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterSpecs } from "../part.ts";
import type { PositionEncoding, RotatedSide } from "./position-encoding.ts";
import { RotaryEmbedding, type RotaryEmbeddingOptions } from "./rotary-embedding.ts";

/** The exponential of this and of its opposite are normal float32 numbers. */
const LARGEST_EXPONENT = 87;

/** Options of {@link Xpos}. */
export interface XposOptions extends Omit<RotaryEmbeddingOptions, "rotaryDim" | "scaling"> {
  /** Distance after which pair `i` is scaled by `ζ(i)`. @default 512 */
  scaleBase?: number;
}

/**
 * What a pair of channels keeps of its score after `scaleBase` tokens.
 *
 *     ζ(i) = (2i/D + 0.4) / 1.4        i = 0 … D/2 - 1
 */
export function xposDecay(headDim: number): Float64Array {
  return Float64Array.from({ length: headDim / 2 }, (_, i) => ((2 * i) / headDim + 0.4) / 1.4);
}

/**
 * xPos: RoPE whose queries shrink and whose keys grow with their position, so that scores decay
 * with distance, those of fast pairs first. Under a causal mask only: keys ahead of the query
 * would count more, not less. Scales are float32 powers of both signs, of which only the quotient
 * counts; positions end where one alone would be no number, at some 35,000 tokens.
 *
 *     q(m) · ζ^(m/512)        k(n) · ζ^(-n/512)        score ∝ ζ^((m - n)/512)
 *
 * @see Sun et al. 2022, https://arxiv.org/abs/2212.10554
 */
export class Xpos implements PositionEncoding {
  /** Where the scales of the fastest pair leave float32. */
  readonly maxPositions: number;
  readonly #rotary: RotaryEmbedding;
  readonly #options: XposOptions;

  constructor(options: XposOptions) {
    this.#rotary = new RotaryEmbedding(options);
    this.#options = options;
    const { headDim, scaleBase = 512 } = options;
    const [fastest] = xposDecay(headDim);
    this.maxPositions = Math.floor((LARGEST_EXPONENT * scaleBase) / -Math.log(fastest!));
  }

  parameters(): ParameterSpecs {
    return {};
  }

  describe(): PartDescription {
    const { headDim } = this.#options;
    return describePart("xPos", { headDim, rotary: this.#rotary });
  }

  rotate(x: Value, positions: Value, keyPositions: Value, side: RotatedSide): Value {
    const { headDim, layout, scaleBase = 512 } = this.#options;
    const sign = side === "query" ? 1 : -1;
    const rates = xposDecay(headDim).map((decay) => (sign * Math.log(decay)) / scaleBase);
    const pairOf = (channel: number): number =>
      layout === "interleaved" ? Math.floor(channel / 2) : channel % (headDim / 2);
    const byChannel = Float64Array.from({ length: headDim }, (_, c) => rates[pairOf(c)]!);
    const [rows, tokens] = positions.shape as [number, number];
    const time = reshape(cast(positions, "float32"), [rows, 1, 1, tokens, 1]);
    const scales = exp(multiply(time, constant(byChannel, [headDim])));
    return multiply(this.#rotary.rotate(x, positions, keyPositions), scales);
  }
}
