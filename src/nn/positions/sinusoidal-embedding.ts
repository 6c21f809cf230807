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
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link SinusoidalEmbedding}. */
export interface SinusoidalEmbeddingOptions {
  /** Channels, C; even. */
  hiddenSize: number;
  /**
   * `interleaved`: sine and cosine of a frequency are neighbors, as in the paper. `halves`: all sines,
   * then all cosines, as in tensor2tensor, fairseq and XGLM.
   *
   * @default "interleaved"
   */
  layout?: SinusoidLayout;
  /**
   * `halves` of the paper's frequencies, as in Marian and Pegasus; else their last is 1/10000, as in
   * tensor2tensor. @default false
   */
  hasPaperFrequencies?: boolean;
  /** Added to every position. @default 0 */
  offset?: number;
  /** Multiplies the token embeddings. @default √hiddenSize */
  scale?: number;
}

/** See {@link SinusoidalEmbeddingOptions.layout}. */
export type SinusoidLayout = "interleaved" | "halves";

/**
 * Angular frequencies of the sinusoids, in radians per token.
 *
 *     frequency(i) = 10000^(-2i/C)               i = 0 … C/2 - 1
 *     frequency(i) = 10000^(-i / (C/2 - 1))      in halves
 */
export function sinusoidFrequencies(
  hiddenSize: number,
  layout: SinusoidLayout = "interleaved",
): Float64Array {
  const half = hiddenSize / 2;
  const span = layout === "halves" ? Math.max(half - 1, 1) : half;
  return Float64Array.from({ length: half }, (_, i) => 10_000 ** (-i / span));
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
  readonly #layout: SinusoidLayout;
  readonly #hasPaperFrequencies: boolean;
  readonly #offset: number;
  readonly #scale: number;

  /** @throws {ConfigError} if `hiddenSize` is odd. */
  constructor({
    hiddenSize,
    layout = "interleaved",
    hasPaperFrequencies = false,
    offset = 0,
    scale = Math.sqrt(hiddenSize),
  }: SinusoidalEmbeddingOptions) {
    if (hiddenSize % 2 !== 0) {
      throw new ConfigError(`SinusoidalEmbedding: expected an even hiddenSize, got ${hiddenSize}`);
    }
    this.#hiddenSize = hiddenSize;
    this.#layout = layout;
    this.#hasPaperFrequencies = hasPaperFrequencies;
    this.#offset = offset;
    this.#scale = scale;
  }

  parameters(): ParameterSpecs {
    return {};
  }

  describe(): PartDescription {
    return describePart(
      "sinusoidal positions",
      {
        layout: this.#layout,
        hasPaperFrequencies: this.#hasPaperFrequencies,
        offset: this.#offset,
      },
      "x + [sin, cos](position · frequency)",
    );
  }

  embed(_lookup: ParameterLookup, x: Value, positions: Value): Value {
    const half = this.#hiddenSize / 2;
    const [rows, tokens] = positions.shape as [number, number];
    const time = reshape(cast(positions, "float32"), [rows, tokens, 1, 1]);
    const moved = this.#offset === 0 ? time : add(time, scalar(this.#offset));
    const spacing = this.#hasPaperFrequencies ? "interleaved" : this.#layout;
    const frequencies = sinusoidFrequencies(this.#hiddenSize, spacing);
    const angles = multiply(moved, constant(frequencies, [half, 1])); // [B, T, C/2, 1]
    const axis = this.#layout === "halves" ? 2 : 3;
    const table = reshape(concat([sin(angles), cos(angles)], axis), [
      rows,
      tokens,
      this.#hiddenSize,
    ]);
    return add(this.#scale === 1 ? x : multiply(x, scalar(this.#scale)), table);
  }
}
