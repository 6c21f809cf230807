import { relu, type Value } from "orrery-lm/tensor";
import { linear, linearSpecs } from "../linear.ts";
import { LayerNorm } from "../norms/layer-norm.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs, type Part } from "../part.ts";

/** Options of {@link DeepNormMlpFoil}. */
export interface DeepNormMlpFoilOptions {
  inputSize: number;
  /** Channels of each hidden layer. */
  hiddenSizes: readonly number[];
  outputSize: number;
  std: number;
}

/**
 * A foil: what passes for an implementation of DeepNorm, and has nothing of it. No residual, no α,
 * no β, no attention; it is a plain network with a norm before each ReLU, and where widths differ
 * a residual would not even fit. See `deepNorm` for the real one.
 *
 *     h = relu(LayerNorm(Wh + b))      for each hidden layer, then a last linear one
 */
export class DeepNormMlpFoil implements Part {
  readonly #options: DeepNormMlpFoilOptions;

  constructor(options: DeepNormMlpFoilOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { inputSize, hiddenSizes, outputSize, std } = this.#options;
    const layers = hiddenSizes.map((outSize, i) => ({
      inSize: hiddenSizes[i - 1] ?? inputSize,
      outSize,
    }));
    const last = { inSize: hiddenSizes.at(-1) ?? inputSize, outSize: outputSize };
    return nest({
      ...Object.fromEntries(
        layers.flatMap((sizes, i) => [
          [`layers.${i}.linear`, linearSpecs({ ...sizes, hasBias: true, std })],
          [`layers.${i}.norm`, normOf(sizes.outSize).parameters()],
        ]),
      ),
      output: linearSpecs({ ...last, hasBias: true, std }),
    });
  }

  /** @param x [..., inputSize]; @returns [..., outputSize] */
  apply(lookup: ParameterLookup, x: Value): Value {
    const hidden = this.#options.hiddenSizes.reduce((h, size, i) => {
      const sum = linear(within(lookup, `layers.${i}.linear`), h, true);
      return relu(normOf(size).apply(within(lookup, `layers.${i}.norm`), sum));
    }, x);
    return linear(within(lookup, "output"), hidden, true);
  }
}

function normOf(size: number): LayerNorm {
  return new LayerNorm({ size, eps: 1e-5 });
}
