import { ConfigError } from "orrery-lm/base";
import { cast, constant, cos, multiply, reshape, rotate, sin, type Value } from "orrery-lm/tensor";
import type { ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link RotaryEmbedding}. */
export interface RotaryEmbeddingOptions {
  /** Channels per head, D; even. */
  headDim: number;
  /** Base of the frequencies; `rope_theta` in config.json. @default 10000 */
  theta?: number;
}

/**
 * Angular frequencies of rotary pairs, in radians per token.
 *
 *     frequency(i) = theta^(-2i/D)        i = 0 … D/2 - 1
 */
export function rotaryFrequencies(headDim: number, theta: number): Float64Array {
  return Float64Array.from({ length: headDim / 2 }, (_, i) => theta ** ((-2 * i) / headDim));
}

/**
 * Rotary position embedding (RoPE). Turns each pair of channels of a query or key by an angle
 * proportional to its position, so that `q·k` depends on the distance between the two tokens only.
 *
 *     angle(t, i) = t · theta^(-2i/D)
 *
 * Channel `i` is paired with `i + D/2`, as in Hugging Face's files. The paper pairs neighbors;
 * weights made for one pairing are wrong under the other.
 *
 * @see Su et al. 2021, "RoFormer", §3.2.2, https://arxiv.org/abs/2104.09864
 */
export class RotaryEmbedding implements PositionEncoding {
  readonly #headDim: number;
  readonly #theta: number;

  /** @throws {ConfigError} if `headDim` is odd. */
  constructor({ headDim, theta = 10_000 }: RotaryEmbeddingOptions) {
    if (headDim % 2 !== 0) {
      throw new ConfigError(`RotaryEmbedding: expected an even headDim, got ${headDim}`);
    }
    this.#headDim = headDim;
    this.#theta = theta;
  }

  parameters(): ParameterSpecs {
    return {};
  }

  rotate(x: Value, positions: Value): Value {
    const [rows, tokens] = positions.shape as [number, number];
    const time = reshape(cast(positions, "float32"), [rows, 1, 1, tokens, 1]);
    const frequencies = constant(rotaryFrequencies(this.#headDim, this.#theta), [
      this.#headDim / 2,
    ]);
    const angles = multiply(time, frequencies); // [B, 1, 1, T, D/2]
    return rotate(x, cos(angles), sin(angles));
  }
}
