import { rotaryFrequencies } from "./rotary-frequencies.ts";
import type { RotaryScaling } from "./rotary-scaling.ts";

/** Options of {@link proportionalScaling}. */
export interface ProportionalOptions {
  /** Share of the pairs that turn, from the fastest on. */
  share: number;
  /** What their frequencies are divided by. @default 1 */
  factor?: number | undefined;
}

/**
 * Proportional RoPE: the slow pairs do not turn at all. Unlike partial rotation, those that turn
 * have the frequencies of the whole head, and their partners are R/2 channels away.
 *
 *     frequency(i) = theta^(-2i/R) / factor        i < ⌊share · R / 2⌋, else 0
 *
 * @see Barbero et al. 2024, §6, https://arxiv.org/abs/2410.06205 (p-RoPE)
 */
export function proportionalScaling({ share, factor = 1 }: ProportionalOptions): RotaryScaling {
  return {
    name: "proportional",
    frequencies({ rotaryDim, theta }) {
      const turning = Math.floor((share * rotaryDim) / 2);
      return rotaryFrequencies(rotaryDim, theta).map((frequency, i) =>
        i < turning ? frequency / factor : 0,
      );
    },
  };
}
