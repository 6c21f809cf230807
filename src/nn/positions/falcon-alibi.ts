import {
  cast,
  constant,
  multiply,
  reshape,
  roundToBfloat16,
  scalar,
  type ScoreBias,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterSpecs } from "../part.ts";
import { alibiSlopes, type AlibiBiasOptions } from "./alibi-bias.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link FalconAlibi}. */
export interface FalconAlibiOptions extends AlibiBiasOptions {
  /** What multiplies the bias: the scores' scale, as often as the bias is added. */
  scale: number;
}

/**
 * ALiBi as Falcon-RW was trained with it: by the key's position instead of the distance, times the
 * scale of the scores, and with everything rounded to bfloat16. The paper's form is off by some
 * hundredths here: 8 bits do not hold `slope · j`.
 *
 *     scale · bfloat16(bfloat16(slope(h)) · bfloat16(j))
 *
 * @see Almazrouei et al. 2023, https://arxiv.org/abs/2311.16867
 */
export class FalconAlibi implements PositionEncoding {
  readonly #options: FalconAlibiOptions;

  constructor(options: FalconAlibiOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    return {};
  }

  describe(): PartDescription {
    return describePart("ALiBi", this.#options, "scores - slope · distance");
  }

  bias(): ScoreBias {
    const { numHeads, numKeyValueHeads = numHeads, scale } = this.#options;
    const groups = numHeads / numKeyValueHeads;
    const slopes = constant(alibiSlopes(numHeads), [1, numKeyValueHeads, groups, 1, 1]);
    return {
      shared: [],
      compute({ keyPositions }) {
        const [rows, keys] = keyPositions.shape as [number, number];
        const key = reshape(cast(keyPositions, "float32"), [rows, 1, 1, 1, keys]);
        const product = multiply(roundToBfloat16(key), roundToBfloat16(slopes));
        return multiply(roundToBfloat16(product), scalar(scale));
      },
    };
  }
}
