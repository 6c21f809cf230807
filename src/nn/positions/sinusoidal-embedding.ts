import { ConfigError } from "orrery-lm/base";
import {
  add,
  cast,
  concat,
  constant,
  cos,
  multiply,
  reshape,
  scalar,
  sin,
  type Value,
} from "orrery-lm/tensor";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link SinusoidalEmbedding}. */
export interface SinusoidalEmbeddingOptions {
  /** Channels, C; even. */
  hiddenSize: number;
}

/**
 * Angular frequencies of the sinusoids, in radians per token.
 *
 *     frequency(i) = 10000^(-2i/C)        i = 0 … C/2 - 1
 */
export function sinusoidFrequencies(hiddenSize: number): Float64Array {
  return Float64Array.from({ length: hiddenSize / 2 }, (_, i) => 10_000 ** ((-2 * i) / hiddenSize));
}

/**
 * Sinusoidal absolute positions, added to the token embeddings, which are first multiplied by √C
 * as in the paper (else sines of amplitude 1 drown embeddings that start at 0.02).
 *
 *     x[t] · √C + p(t)    p(t, 2i) = sin(t · frequency(i))    p(t, 2i + 1) = cos(t · frequency(i))
 *
 * @see Vaswani et al. 2017, §3.4 and §3.5, https://arxiv.org/abs/1706.03762
 */
export class SinusoidalEmbedding implements PositionEncoding {
  readonly #hiddenSize: number;

  /** @throws {ConfigError} if `hiddenSize` is odd. */
  constructor({ hiddenSize }: SinusoidalEmbeddingOptions) {
    if (hiddenSize % 2 !== 0) {
      throw new ConfigError(`SinusoidalEmbedding: expected an even hiddenSize, got ${hiddenSize}`);
    }
    this.#hiddenSize = hiddenSize;
  }

  parameters(): ParameterSpecs {
    return {};
  }

  embed(_lookup: ParameterLookup, x: Value, positions: Value): Value {
    const half = this.#hiddenSize / 2;
    const [rows, tokens] = positions.shape as [number, number];
    const time = reshape(cast(positions, "float32"), [rows, tokens, 1, 1]);
    const angles = multiply(time, constant(sinusoidFrequencies(this.#hiddenSize), [half, 1]));
    const pairs = concat([sin(angles), cos(angles)], 3); // [B, T, C/2, 2]
    const table = reshape(pairs, [rows, tokens, this.#hiddenSize]);
    return add(multiply(x, scalar(Math.sqrt(this.#hiddenSize))), table);
  }
}
