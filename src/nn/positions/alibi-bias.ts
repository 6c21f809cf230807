import {
  cast,
  constant,
  maximum,
  minimum,
  multiply,
  reshape,
  subtract,
  type ScoreBias,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link AlibiBias}. */
export interface AlibiBiasOptions {
  numHeads: number;
  /** Key/value heads; query heads are grouped under them. @default numHeads */
  numKeyValueHeads?: number;
  /** What each head subtracts per token of distance. @default alibiSlopes(numHeads) */
  slopes?: Float64Array;
  /**
   * What each head subtracts per token of distance to keys behind the query, which only an encoder
   * sees: the same slopes for both sides, or others.
   *
   * @default slopes
   */
  slopesAhead?: Float64Array;
}

/**
 * ALiBi's slopes: a geometric sequence that ends at 2⁻⁸. Where the number of heads is no power of
 * two, the slopes of the next smaller power come first, then every second one of the next larger.
 *
 *     slope(h) = 2^(-max·(h+1)/H)        h = 0 … H - 1
 *
 * @param max the exponent of the last slope; MPT has it as `alibi_bias_max`
 */
export function alibiSlopes(numHeads: number, max = 8): Float64Array {
  const power = 2 ** Math.floor(Math.log2(numHeads));
  const geometric = (heads: number, h: number): number => 2 ** ((-max * (h + 1)) / heads);
  return Float64Array.from({ length: numHeads }, (_, h) =>
    h < power ? geometric(power, h) : geometric(2 * power, 2 * (h - power)),
  );
}

/**
 * Attention with linear biases (ALiBi). Each head subtracts from its scores the distance between
 * query and key times a fixed slope. Nothing is learned.
 *
 *     score(i, j) - slope(h) · |i - j|
 *
 * BLOOM adds `slope · j` instead, which is equal after softmax; the difference form stays exact in
 * float32 at any length.
 *
 * @see Press et al. 2021, https://arxiv.org/abs/2108.12409
 */
export class AlibiBias implements PositionEncoding {
  readonly #numHeads: number;
  readonly #numKeyValueHeads: number;
  readonly #slopes: Float64Array;
  readonly #slopesAhead: Float64Array;

  constructor({
    numHeads,
    numKeyValueHeads = numHeads,
    slopes = alibiSlopes(numHeads),
    slopesAhead = slopes,
  }: AlibiBiasOptions) {
    this.#numHeads = numHeads;
    this.#numKeyValueHeads = numKeyValueHeads;
    this.#slopes = slopes;
    this.#slopesAhead = slopesAhead;
  }

  parameters(): ParameterSpecs {
    return {};
  }

  describe(): PartDescription {
    return describePart(
      "ALiBi",
      { numHeads: this.#numHeads, firstSlope: this.#slopes[0] ?? 0 },
      "scores - slope · distance",
    );
  }

  bias(): ScoreBias {
    const groups = this.#numHeads / this.#numKeyValueHeads;
    const shape = [1, this.#numKeyValueHeads, groups, 1, 1];
    const [behind, ahead] = [constant(this.#slopes, shape), constant(this.#slopesAhead, shape)];
    const isSymmetric = this.#slopes === this.#slopesAhead;
    return {
      shared: [],
      compute({ queryPositions, keyPositions }) {
        const [rows, queries] = queryPositions.shape as [number, number];
        const [, keys] = keyPositions.shape as [number, number];
        const query = reshape(queryPositions, [rows, 1, 1, queries, 1]);
        const key = reshape(keyPositions, [rows, 1, 1, 1, keys]);
        const offset = subtract(key, query);
        if (isSymmetric) {
          const distance = minimum(offset, subtract(query, key)); // negative, to both sides
          return multiply(cast(distance, "float32"), behind);
        }
        const [toLeft, toRight] = [minimum, maximum].map((side) =>
          cast(side(offset, constant([0], [], "int32")), "float32"),
        );
        return subtract(multiply(toLeft!, behind), multiply(toRight!, ahead));
      },
    };
  }
}
