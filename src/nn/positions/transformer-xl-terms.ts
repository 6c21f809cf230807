import { ConfigError } from "orrery-lm/base";
import {
  add,
  cast,
  concat,
  constant,
  cos,
  matmul,
  multiply,
  reshape,
  scalar,
  sin,
  slice,
  subtract,
  type ScoreBias,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { matrixSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { RelativeScope, RelativeTerms } from "./relative-terms.ts";
import { sinusoidFrequencies } from "./sinusoidal-embedding.ts";

/** Options of {@link TransformerXlTerms}. */
export interface TransformerXlTermsOptions {
  /** Channels, C; even. */
  hiddenSize: number;
  numHeads: number;
  /** Channels per head, D. */
  headDim: number;
  /** Standard deviation of the initial numbers. */
  std: number;
}

/**
 * Transformer-XL's relative positions: queries meet projected sinusoids of the distance, and two
 * learned vectors for each head stand in for the query where no query should count.
 *
 *     scale · (q(i)·k(j) + (q(i) + v)·W r(i - j) + u·k(j))    r(t) = [sin(t · f), cos(t · f)]
 *
 * Nothing is shifted here: by the sums of angles, `W r(i - j)` meets a query as sinusoids of the
 * key's place meet the query turned by its own, which is exact for any positions.
 * The paper's memory is a `KeyValueCache` that gives the segment before as numbers: no
 * gradient flows into it. The training loop keeps none.
 *
 * @see Dai et al. 2019, §3.3, https://arxiv.org/abs/1901.02860
 */
export class TransformerXlTerms implements RelativeTerms {
  readonly #options: TransformerXlTermsOptions;

  /** @throws {ConfigError} if `hiddenSize` is odd. */
  constructor(options: TransformerXlTermsOptions) {
    if (options.hiddenSize % 2 !== 0) {
      throw new ConfigError(
        `TransformerXlTerms: expected an even hiddenSize, got ${options.hiddenSize}`,
      );
    }
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numHeads, headDim, std } = this.#options;
    const vectors = { ...matrixSpec(numHeads, headDim, std), decay: false };
    return {
      "projection.weight": matrixSpec(numHeads * headDim, hiddenSize, std),
      contentBias: vectors,
      positionBias: vectors,
    };
  }

  describe(): PartDescription {
    return describePart("Transformer-XL", this.#options, "(q + u)·k + (q + v)·r(distance)");
  }

  bias(lookup: ParameterLookup, { scale }: RelativeScope): ScoreBias {
    const { hiddenSize, headDim } = this.#options;
    return {
      shared: [lookup("projection.weight"), lookup("contentBias"), lookup("positionBias")],
      compute: ({ queries, keys, queryPositions, keyPositions }, [projection, content, place]) => {
        const [, keyHeads, groups] = queries.shape as [number, number, number];
        const ofHeads = (x: Value): Value => reshape(x, [1, keyHeads, groups, 1, headDim]);
        const byKey = matmul(ofHeads(content!), keys, { transposeB: true });
        const weights = reshape(projection!, [1, keyHeads, groups, headDim, hiddenSize]);
        const waves = matmul(add(queries, ofHeads(place!)), weights); // [B, K, G, tq, C]
        const half = hiddenSize / 2;
        const [s, c] = [slice(waves, -1, 0, half), slice(waves, -1, half, hiddenSize)];
        const query = this.#wave(queryPositions);
        const key = this.#wave(keyPositions);
        const turned = concat(
          [
            subtract(multiply(c, query.sin), multiply(s, query.cos)),
            add(multiply(s, query.sin), multiply(c, query.cos)),
          ],
          -1,
        );
        const byDistance = matmul(turned, concat([key.sin, key.cos], -1), { transposeB: true });
        return multiply(add(byDistance, byKey), scalar(scale));
      },
    };
  }

  /** Sines and cosines of positions, [B, 1, 1, T, C/2]. */
  #wave(positions: Value): { sin: Value; cos: Value } {
    const { hiddenSize } = this.#options;
    const [rows, tokens] = positions.shape as [number, number];
    const time = reshape(cast(positions, "float32"), [rows, 1, 1, tokens, 1]);
    const angles = multiply(time, constant(sinusoidFrequencies(hiddenSize), [hiddenSize / 2]));
    return { sin: sin(angles), cos: cos(angles) };
  }
}

/**
 * Lines up products with distances: row `i` of the result has column `j` of distance `i - j` where
 * the input has columns by falling distance, `T - 1 … 0`. What is right of the diagonal is left
 * over from the next row, as in the original, and must be hidden.
 *
 * @param rows [Tq][T]
 * @see Dai et al. 2019, appendix B, https://arxiv.org/abs/1901.02860
 */
export function relativeShift(rows: readonly (readonly number[])[]): number[][] {
  const width = rows[0]?.length ?? 0;
  const padded = rows.flatMap((row) => [0, ...row]);
  const shifted = padded.slice(rows.length);
  return rows.map((_, i) => shifted.slice(i * width, (i + 1) * width));
}
