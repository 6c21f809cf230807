import { ConfigError } from "orrery-lm/base";
import {
  add,
  divide,
  maximum,
  meanOfRow,
  multiply,
  rmsNorm,
  scalar,
  slice,
  sqrt,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import type { ParameterLookup, ParameterSpecs } from "../part.ts";
import { gainSpecs, gainValue, type Gain } from "./gain.ts";
import type { Norm } from "./norm.ts";

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  /** Channels, C. */
  size: number;
  /** Added to the mean square, or to its root. */
  eps: number;
  /** Inside the root in every model that is known; outside it in the code of the paper's authors. @default "inside" */
  epsPlace?: "inside" | "outside";
  /** Of how many first channels the mean square is taken (pRMSNorm). @default size */
  measured?: number;
  /** @default "plain" */
  gain?: Gain;
}

/**
 * Root mean square normalization: each token to unit mean square, then a learned gain. No mean is
 * subtracted and there is no bias.
 *
 *     y = x / √(mean(x²) + eps) · gain        or  x / (√mean(x²) + eps) · gain
 *
 * pRMSNorm takes the mean over the first channels only, and divides all by it.
 *
 * References in half precision differ in when they leave float32: Llama before the gain, Gemma and
 * OLMo 2 behind it. Here everything is float32, where the two are one.
 *
 * @see Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467
 */
export class RMSNorm implements Norm {
  readonly #size: number;
  readonly #eps: number;
  readonly #epsPlace: "inside" | "outside";
  readonly #measured: number;
  readonly #gain: Gain;

  /** @throws {ConfigError} if no channel, or more than there are, would be measured. */
  constructor(options: RMSNormOptions) {
    const { size, eps, epsPlace = "inside", measured = size, gain = "plain" } = options;
    if (!(measured >= 1 && measured <= size)) {
      throw new ConfigError(
        `RMSNorm: expected from 1 to ${size} measured channels, got ${measured}`,
      );
    }
    this.#size = size;
    this.#eps = eps;
    this.#epsPlace = epsPlace;
    this.#measured = measured;
    this.#gain = gain;
  }

  parameters(): ParameterSpecs {
    return gainSpecs(this.#gain, this.#size);
  }

  describe(): PartDescription {
    const isPartial = this.#measured < this.#size;
    return describePart(
      isPartial ? "pRMSNorm" : "RMSNorm",
      {
        size: this.#size,
        eps: this.#eps,
        gain: this.#gain,
        ...(isPartial && { measured: this.#measured }),
      },
      this.#epsPlace === "inside" ? "x / √(mean(x²) + eps) · gain" : "x / (√mean(x²) + eps) · gain",
    );
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    const gain = gainValue(this.#gain, this.#size, lookup);
    if (this.#epsPlace === "inside" && this.#measured === this.#size) {
      return rmsNorm(x, gain, this.#eps);
    }
    return multiply(divide(x, this.#divisor(x)), gain);
  }

  /** [..., 1] */
  #divisor(x: Value): Value {
    const measured = slice(x, -1, 0, this.#measured);
    const square = meanOfRow(multiply(measured, measured));
    if (this.#epsPlace === "inside") return sqrt(add(square, scalar(this.#eps)));
    // The root has no slope at 0: a row of zeros gets none rather than an infinite one.
    return add(sqrt(maximum(square, scalar(SMALLEST_SQUARE))), scalar(this.#eps));
  }
}

/** Its root is lost beside any eps, and it is no denormal number in float32. */
const SMALLEST_SQUARE = 1e-36;
