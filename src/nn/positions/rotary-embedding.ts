import { ConfigError } from "orrery-lm/base";
import {
  add,
  cast,
  concat,
  constant,
  cos,
  multiply,
  reduceMax,
  reshape,
  rotate,
  scalar,
  sin,
  slice,
  transpose,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";
import { noScaling } from "./rope/rotary-frequencies.ts";
import type { RotaryBase, RotaryScaling } from "./rope/rotary-scaling.ts";

/** Options of {@link RotaryEmbedding}. */
export interface RotaryEmbeddingOptions {
  /** Channels per head, D. */
  headDim: number;
  /** Leading channels that are turned, R; even. @default headDim */
  rotaryDim?: number;
  /** Base of the frequencies; `rope_theta` in config.json. @default 10000 */
  theta?: number;
  /**
   * Which channels are pairs: `i` and `i + R/2` (most files), or `2i` and `2i + 1` (the paper,
   * GPT-J, Cohere, GLM). Weights made for one are wrong under the other.
   *
   * @default "half-split"
   */
  layout?: "half-split" | "interleaved";
  /** Changes the frequencies. @default none */
  scaling?: RotaryScaling;
}

/**
 * Rotary position embedding (RoPE). Turns each pair of channels of a query or key by an angle
 * proportional to its position, so that `q·k` depends on the distance between the two tokens only.
 * Values are not turned.
 *
 *     angle(t, i) = t · theta^(-2i/R)
 *
 * @see Su et al. 2021, "RoFormer", §3.2.2, https://arxiv.org/abs/2104.09864
 */
export class RotaryEmbedding implements PositionEncoding {
  /** There only if the scaling depends on the length. */
  readonly rotationAt?: (length: number) => number;
  readonly #headDim: number;
  readonly #base: RotaryBase;
  readonly #isInterleaved: boolean;
  readonly #scaling: RotaryScaling;

  /** @throws {ConfigError} if the channels that are turned are not even, or more than there are. */
  constructor(options: RotaryEmbeddingOptions) {
    const { headDim, rotaryDim = headDim, theta = 10_000, scaling = noScaling } = options;
    if (rotaryDim % 2 !== 0 || rotaryDim > headDim || rotaryDim < 0) {
      const what = options.rotaryDim === undefined ? "headDim" : "rotaryDim";
      const most = what === "rotaryDim" ? ` of at most ${headDim}` : "";
      throw new ConfigError(`RotaryEmbedding: expected an even ${what}${most}, got ${rotaryDim}`);
    }
    this.#headDim = headDim;
    this.#base = { rotaryDim, theta };
    this.#isInterleaved = options.layout === "interleaved";
    this.#scaling = scaling;
    const { byLength } = scaling;
    if (byLength) this.rotationAt = (length) => byLength.rotationAt(length);
  }

  parameters(): ParameterSpecs {
    return {};
  }

  describe(): PartDescription {
    const { name: scaling = "none", attentionFactor } = this.#scaling;
    return describePart(
      "RoPE",
      {
        ...this.#base,
        headDim: this.#headDim,
        layout: this.#isInterleaved ? "interleaved" : "half-split",
        scaling,
        attentionFactor,
      },
      "pairs of channels turned by position · θ^(-2i/R)",
    );
  }

  rotate(x: Value, positions: Value, keyPositions: Value): Value {
    const { rotaryDim } = this.#base;
    if (rotaryDim === 0) return x;
    const [rows, tokens] = positions.shape as [number, number];
    const time = reshape(cast(positions, "float32"), [rows, 1, 1, tokens, 1]);
    const angles = multiply(time, this.#frequencies(keyPositions)); // [B, 1, 1, T, R/2]
    const turned = this.#turn(
      slice(x, -1, 0, rotaryDim),
      this.#wave(cos(angles)),
      this.#wave(sin(angles)),
    );
    if (rotaryDim === this.#headDim) return turned;
    return concat([turned, slice(x, -1, rotaryDim, this.#headDim)], -1);
  }

  #turn(x: Value, cosines: Value, sines: Value): Value {
    if (!this.#isInterleaved) return rotate(x, cosines, sines);
    const half = this.#base.rotaryDim / 2;
    const swap = (y: Value, shape: readonly number[]): Value => {
      const pairs = reshape(y, [...x.shape.slice(0, -1), ...shape]);
      return reshape(transpose(pairs, [0, 1, 2, 3, 5, 4]), x.shape);
    };
    return swap(rotate(swap(x, [half, 2]), cosines, sines), [2, half]);
  }

  #wave(x: Value): Value {
    const { attentionFactor = 1 } = this.#scaling;
    return attentionFactor === 1 ? x : multiply(x, scalar(attentionFactor));
  }

  #frequencies(keyPositions: Value): Value {
    const { byLength } = this.#scaling;
    if (!byLength) {
      const frequencies = this.#scaling.frequencies(this.#base, 0);
      return constant(frequencies, [frequencies.length]);
    }
    const last = reduceMax(cast(keyPositions, "float32"), [0, 1]); // [1, 1]
    return byLength.frequencies(this.#base, reshape(add(last, scalar(1)), [1]));
  }
}
