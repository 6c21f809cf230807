import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryBase, RotaryScaling } from "./rotary-scaling.ts";

/** Options of {@link yarnScaling}. */
export interface YarnOptions {
  factor: number;
  /** Tokens of the longest text before the extension, L. */
  originalMaxPositions: number;
  /** Pairs that turn more often than this within L tokens stay as they are. @default 32 */
  betaFast?: number | undefined;
  /** Pairs that turn less often than this are interpolated. @default 1 */
  betaSlow?: number | undefined;
  /** Whether the bounds between them are whole pairs; gpt-oss leaves them as they are. @default true */
  isTruncated?: boolean | undefined;
  /** @default {@link yarnAttentionFactor} of the factor */
  attentionFactor?: number | undefined;
}

/**
 * How much YaRN multiplies cosines and sines by, so that attention over more tokens stays as sharp.
 *
 *     0.1 · mscale · ln(factor) + 1        factor > 1
 */
export function yarnAttentionFactor(factor: number, mscale = 1): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
}

/**
 * YaRN: pairs that turn often within a text of training stay as they are, those that never turn
 * once are interpolated, with a ramp over the pairs between.
 *
 *     pair(β) = R · ln(L / 2πβ) / (2 ln theta)
 *     ramp(i) = clamp((i - pair(betaFast)) / (pair(betaSlow) - pair(betaFast)), 0, 1)
 *     frequency(i) = theta^(-2i/R) · (1 - ramp(i) + ramp(i) / factor)
 *
 * The factor of attention is part of the method: without it a model that was tuned with YaRN is wrong.
 *
 * @see Peng et al. 2023, §3.2 and §3.4, https://arxiv.org/abs/2309.00071
 */
export function yarnScaling(options: YarnOptions): RotaryScaling {
  const { factor, attentionFactor = yarnAttentionFactor(factor) } = options;
  return {
    name: "yarn",
    attentionFactor,
    frequencies(base) {
      const [low, high] = rampOf(base, options);
      return rotaryFrequencies(base.rotaryDim, base.theta).map((frequency, i) => {
        const ramp = Math.min(Math.max((i - low) / (high - low), 0), 1);
        return frequency * (1 - ramp + ramp / factor);
      });
    },
  };
}

/** The last pair that stays and the first that is interpolated. */
function rampOf(
  { rotaryDim, theta }: RotaryBase,
  { originalMaxPositions, betaFast = 32, betaSlow = 1, isTruncated = true }: YarnOptions,
): [low: number, high: number] {
  const pair = (turns: number): number =>
    (rotaryDim * Math.log(originalMaxPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [fast, slow] = [pair(betaFast), pair(betaSlow)];
  const low = Math.max(isTruncated ? Math.floor(fast) : fast, 0);
  const high = Math.min(isTruncated ? Math.ceil(slow) : slow, rotaryDim - 1);
  return [low, low === high ? high + 0.001 : high]; // the reference's way around 0 / 0
}
