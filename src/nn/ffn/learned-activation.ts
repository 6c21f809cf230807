/** Activations that have parameters of their own. */

import {
  add,
  exp,
  less,
  minimum,
  multiply,
  scalar,
  sigmoid,
  subtract,
  where,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import {
  vectorSpec,
  within,
  type ParameterLookup,
  type ParameterSpecs,
  type Part,
} from "../part.ts";
import { activate, softplus, type Activation } from "./activation.ts";

/** An activation with parameters. */
export interface LearnedActivation extends Part {
  /** @param x [..., F]; @returns [..., F] */
  apply(lookup: ParameterLookup, x: Value): Value;
}

/** Declares what an activation learns, under `activation.`; a named one learns nothing. */
export function activationSpecs(activation: Activation | LearnedActivation): ParameterSpecs {
  return typeof activation === "string" ? {} : activation.parameters();
}

/** Applies either kind. @param lookup of the part that has the activation */
export function applyActivation(
  activation: Activation | LearnedActivation,
  lookup: ParameterLookup,
  x: Value,
): Value {
  return typeof activation === "string"
    ? activate(activation, x)
    : activation.apply(within(lookup, "activation"), x);
}

/**
 * Swish with a β for each channel, learned, which starts at 1. Models that say "Swish" mean SiLU,
 * where β stays 1.
 *
 *     y = x·σ(βx)
 *
 * @see Ramachandran et al. 2017, https://arxiv.org/abs/1710.05941
 */
export class LearnedSwish implements LearnedActivation {
  readonly #size: number;

  /** @param size channels, F */
  constructor(size: number) {
    this.#size = size;
  }

  parameters(): ParameterSpecs {
    return { beta: vectorSpec(this.#size, "ones") };
  }

  describe(): PartDescription {
    return describePart("Swish with a learned β", { size: this.#size });
  }

  apply(lookup: ParameterLookup, x: Value): Value {
    return multiply(x, sigmoid(multiply(x, lookup("beta"))));
  }
}

// softplus(αp) = 0.8 and β + softplus(αn) = 0.8, as in the paper.
const XIELU = {
  beta: 0.5,
  alphaPositive: Math.log(Math.expm1(0.8)),
  alphaNegative: Math.log(Math.expm1(0.3)),
};

/**
 * xIELU with two learned numbers, `alphaPositive` and `alphaNegative` [1]; what acts is their
 * softplus, so that both bends stay positive.
 *
 *     softplus(αp)·x² + x/2                 x > 0
 *     (½ + softplus(αn))·(eˣ - 1 - x) + x/2     else
 *
 * @see Huang & Schlag 2024, https://arxiv.org/abs/2411.13010
 */
export const learnedXielu: LearnedActivation = {
  describe: () => describePart("xIELU", {}),
  parameters: () => ({
    alphaPositive: {
      shape: [1],
      init: { type: "constant", value: XIELU.alphaPositive },
      decay: false,
    },
    alphaNegative: {
      shape: [1],
      init: { type: "constant", value: XIELU.alphaNegative },
      decay: false,
    },
  }),
  apply(lookup, x) {
    const positive = multiply(softplus(lookup("alphaPositive")), multiply(x, x));
    const bend = add(softplus(lookup("alphaNegative")), scalar(XIELU.beta));
    const below = minimum(x, scalar(0));
    const negative = multiply(bend, subtract(subtract(exp(below), scalar(1)), below));
    return add(where(less(scalar(0), x), positive, negative), multiply(x, scalar(XIELU.beta)));
  },
};
