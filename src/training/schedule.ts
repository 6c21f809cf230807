/** How the learning rate changes over a run. */

/** A warm-up followed by a cosine. */
export interface ScheduleOptions {
  /** Steps in the run. */
  steps: number;
  /** The largest learning rate. */
  learningRate: number;
  /** Steps until it is reached, from 0 in equal increments. */
  warmupSteps: number;
  /** The learning rate at the end, as a part of the largest. */
  finalRatio: number;
}

/**
 * The learning rate of a step, counted from 1.
 *
 *     warm-up: lr · step / warmupSteps
 *     then:    lr · (finalRatio + (1 - finalRatio) · ½(1 + cos(π · progress)))
 *
 * @see Loshchilov & Hutter 2016, https://arxiv.org/abs/1608.03983
 */
export function learningRateAt(
  step: number,
  { steps, learningRate, warmupSteps, finalRatio }: ScheduleOptions,
): number {
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  const cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
  return learningRate * (finalRatio + (1 - finalRatio) * cosine);
}
