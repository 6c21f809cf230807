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
import { matrixSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { RelativeScope, RelativeTerms } from "./relative-terms.ts";
import { sinusoidFrequencies } from "./sinusoidal-embedding.ts";

/** Options of {@link XLNetTerms}. */
export interface XLNetTermsOptions {
  /** Channels, C; even. */
  hiddenSize: number;
  numHeads: number;
  /** Channels per head, D. */
  headDim: number;
  /** Standard deviation of the initial weights. */
  std: number;
}

/**
 * The terms of Transformer-XL as XLNet has them: beside `qᵢ·kⱼ`, how well a query fits a distance,
 * and what each key and each distance are worth to any query.
 *
 *     (qᵢ + u)·kⱼ + (qᵢ + v)·W p(i - j)        p(t) = [sin(t f) | cos(t f)]
 *
 * Papers shift a table of distances into place. Here the angle `(i - j) f` is taken apart, so that
 * a query's half of it meets a key's: it takes no table, and holds for any positions.
 *
 * @see Dai et al. 2019, §3.3, https://arxiv.org/abs/1901.02860
 * @see Yang et al. 2019, https://arxiv.org/abs/1906.08237
 */
export class XLNetTerms implements RelativeTerms {
  readonly #options: XLNetTermsOptions;

  /** @throws {ConfigError} if `hiddenSize` is odd. */
  constructor(options: XLNetTermsOptions) {
    if (options.hiddenSize % 2 !== 0) {
      throw new ConfigError(`XLNetTerms: expected an even hiddenSize, got ${options.hiddenSize}`);
    }
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numHeads, headDim, std } = this.#options;
    const perHead = { ...matrixSpec(numHeads, headDim, std), decay: false };
    return {
      "key.weight": matrixSpec(numHeads * headDim, hiddenSize, std),
      contentBias: perHead,
      distanceBias: perHead,
    };
  }

  bias(lookup: ParameterLookup, { scale }: RelativeScope): ScoreBias {
    const { hiddenSize, numHeads, headDim } = this.#options;
    const half = hiddenSize / 2;
    const heads = (name: string): Value => reshape(lookup(name), [1, numHeads, 1, 1, headDim]);
    const weight = reshape(lookup("key.weight"), [1, numHeads, 1, headDim, hiddenSize]);
    return {
      shared: [heads("contentBias"), heads("distanceBias"), weight],
      compute({ queries, keys, queryPositions, keyPositions }, [content, distance, matrix]) {
        const fits = matmul(add(queries, distance!), matrix!); // [B, H, 1, tq, C]
        const [sines, cosines] = [slice(fits, -1, 0, half), slice(fits, -1, half, hiddenSize)];
        const [query, key] = [angles(queryPositions, hiddenSize), angles(keyPositions, hiddenSize)];
        const turned = concat(
          [
            add(multiply(sines, sin(query)), multiply(cosines, cos(query))),
            subtract(multiply(cosines, sin(query)), multiply(sines, cos(query))),
          ],
          -1,
        );
        const places = concat([cos(key), sin(key)], -1); // [B, 1, 1, tk, C]
        const byDistance = matmul(turned, places, { transposeB: true });
        const byContent = matmul(content!, keys, { transposeB: true }); // [B, H, 1, 1, tk]
        return multiply(add(byDistance, byContent), scalar(scale));
      },
    };
  }
}

/** `t · f`, [B, 1, 1, T, C / 2]. */
function angles(positions: Value, hiddenSize: number): Value {
  const [rows, tokens] = positions.shape as [number, number];
  const time = reshape(cast(positions, "float32"), [rows, 1, 1, tokens, 1]);
  return multiply(time, constant(sinusoidFrequencies(hiddenSize), [hiddenSize / 2]));
}
