import {
  maskedSoftmax,
  multiply,
  scalar,
  softmax,
  topKMask,
  where,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../../description.ts";
import { linear, linearSpecs } from "../../linear.ts";
import type { ParameterLookup, ParameterSpecs } from "../../part.ts";
import { checkExpertChoice, withinBestGroups, type ExpertGroups } from "./expert-groups.ts";
import type { Router, Routing } from "./router.ts";

/** Options of {@link SoftmaxRouter}. */
export interface SoftmaxRouterOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** Experts, E. */
  numExperts: number;
  /** How many experts read a token. */
  topK: number;
  /** Whether the weights of the chosen sum to 1. */
  isNormalized: boolean;
  /** @default false */
  hasBias?: boolean;
  /** Multiplies the weights. @default 1 */
  scale?: number;
  groups?: ExpertGroups | undefined;
  /** Standard deviation of the initial weights. */
  std: number;
}

/**
 * Chooses the experts with the largest logits, weighed by a softmax.
 *
 *     p = softmax(x Wᵀ + b)
 *     weights = p of the k largest, divided by their sum if normalized
 *
 * Softmax over all experts, renormalized over the chosen (Mixtral, Qwen), is the softmax over the
 * chosen logits alone (gpt-oss): the two are one formula. Without renormalization (OLMoE,
 * DeepSeek-V2) the weights sum to less than 1.
 *
 * @see Jiang et al. 2024, "Mixtral of Experts", §2.1, https://arxiv.org/abs/2401.04088
 */
export class SoftmaxRouter implements Router {
  readonly #options: SoftmaxRouterOptions;

  /** @throws {ConfigError} if there are too few experts, or they do not divide into the groups. */
  constructor(options: SoftmaxRouterOptions) {
    checkExpertChoice("SoftmaxRouter", options);
    this.#options = options;
  }

  get numExperts(): number {
    return this.#options.numExperts;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numExperts, hasBias = false, std } = this.#options;
    return linearSpecs({ inSize: hiddenSize, outSize: numExperts, hasBias, std });
  }

  describe(): PartDescription {
    return describePart("softmax router", this.#options);
  }

  route(lookup: ParameterLookup, x: Value): Routing {
    const { topK, isNormalized, hasBias = false, scale = 1, groups } = this.#options;
    const logits = linear(lookup, x, hasBias);
    const scores = softmax(logits);
    const chosen = topKMask(groups ? withinBestGroups(scores, groups) : logits, topK);
    const weights = isNormalized
      ? maskedSoftmax(logits, chosen, true)
      : where(chosen, scores, scalar(0));
    return { chosen, scores, weights: scale === 1 ? weights : multiply(weights, scalar(scale)) };
  }
}
