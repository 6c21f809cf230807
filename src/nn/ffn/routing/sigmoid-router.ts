import {
  add,
  divide,
  multiply,
  reduceSum,
  scalar,
  sigmoid,
  topKMask,
  where,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../../description.ts";
import { linear, linearSpecs } from "../../linear.ts";
import { vectorSpec, type ParameterLookup, type ParameterSpecs } from "../../part.ts";
import { checkExpertChoice, withinBestGroups, type ExpertGroups } from "./expert-groups.ts";
import type { Router, Routing } from "./router.ts";

/** Options of {@link SigmoidRouter}. */
export interface SigmoidRouterOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** Experts, E. */
  numExperts: number;
  /** How many experts read a token. */
  topK: number;
  /** Whether the weights of the chosen sum to `scale`. */
  isNormalized: boolean;
  /** Multiplies the weights. */
  scale: number;
  groups: ExpertGroups;
  /** Standard deviation of the initial weights. */
  std: number;
}

/**
 * DeepSeek-V3's router: each expert scores on its own, by a sigmoid. A correction per expert, which
 * training moves by hand to balance the load, takes part in the choice and not in the weights.
 *
 *     s = sigmoid(x Wᵀ)
 *     chosen = the k largest of s + correction, within the best groups
 *     weights = scale · s / Σ s of the chosen
 *
 * @see DeepSeek-AI 2024, §2.1.2, https://arxiv.org/abs/2412.19437
 */
export class SigmoidRouter implements Router {
  readonly #options: SigmoidRouterOptions;

  /** @throws {ConfigError} if there are too few experts, or they do not divide into the groups. */
  constructor(options: SigmoidRouterOptions) {
    checkExpertChoice("SigmoidRouter", options);
    this.#options = options;
  }

  get numExperts(): number {
    return this.#options.numExperts;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numExperts, std } = this.#options;
    return {
      ...linearSpecs({ inSize: hiddenSize, outSize: numExperts, hasBias: false, std }),
      correction: vectorSpec(numExperts, "zeros"),
    };
  }

  describe(): PartDescription {
    return describePart("sigmoid router", this.#options);
  }

  route(lookup: ParameterLookup, x: Value): Routing {
    const { topK, isNormalized, scale, groups } = this.#options;
    const scores = sigmoid(linear(lookup, x, false));
    const corrected = add(scores, lookup("correction"));
    const chosen = topKMask(withinBestGroups(corrected, groups), topK);
    const kept = where(chosen, scores, scalar(0));
    // 1e-20 as in the reference, for tokens that no expert wants.
    const total = add(reduceSum(kept, [1], true), scalar(1e-20));
    const weights = isNormalized ? divide(kept, total) : kept;
    return { chosen, scores, weights: multiply(weights, scalar(scale)) };
  }
}
