import { random } from "orrery-lm/base";
import {
  type ExtrapolationArm,
  type ExtrapolationOutcome,
  type ExtrapolationRecord,
  type ExtrapolationSettings,
  type LengthLoss,
  extrapolationExperiment,
  memoryStore,
  runExperiment,
} from "orrery-lm/lab";

// A fixture: made-up losses in the shape of real ones, to test what is made of them. No model ran.

export const settings: ExtrapolationSettings = {
  trainLength: 64,
  multiples: [1, 1.5, 2, 4, 8],
  data: { name: "fixture, made-up numbers", characters: 400_000 },
  model: { numLayers: 4, hiddenSize: 128, numHeads: 4, vocabSize: 1024 },
  training: { steps: 300, batchSize: 32, learningRate: 0.001 },
  evaluation: { tokens: 16_384, slidingStride: 16 },
};

// Nats per token by which each arm rises past the training length, per doubling.
const rises = { none: 0.31, sinusoidal: 0.92, learned: 0.62, rope: 0.16, alibi: -0.02 };

/** The made-up outcome of an arm. */
export function madeUpOutcome({ positions }: ExtrapolationArm, seed: number): ExtrapolationOutcome {
  const noise = random(seed, "fixture", positions);
  const base = 2.31 + (positions === "none" ? 0.05 : 0) + noise.normal() * 0.012;
  const slope = rises[positions] * (1 + 0.08 * noise.normal());
  const isLearned = positions === "learned";
  const at = (multiple: number): LengthLoss => ({
    length: settings.trainLength * multiple,
    lossNonOverlapping: base + slope * Math.log2(multiple),
    lossSliding: base - 0.07 + slope * 1.15 * Math.log2(multiple),
  });
  const empty = (multiple: number): LengthLoss => ({
    length: settings.trainLength * multiple,
    lossNonOverlapping: null,
    lossSliding: null,
    note: "past the table",
  });
  return {
    lengths: settings.multiples.map((multiple) =>
      isLearned && multiple > 1 ? empty(multiple) : at(multiple),
    ),
    perPosition: Array.from({ length: 32 }, (_, i) => {
      const middle = i * 16 + 8;
      const past = Math.max(0, Math.log2(middle / settings.trainLength));
      const loss =
        base - 0.15 + 1.2 / (1 + middle / 6) + slope * 1.2 * past + 0.02 * noise.normal();
      return { start: i * 16, end: (i + 1) * 16, loss: isLearned && i >= 4 ? null : loss };
    }),
    trainLoss: Array.from({ length: 300 }, (_, step) => ({
      step: step + 1,
      loss: base + 4.6 * Math.exp(-step / 45) + 0.06 * noise.normal(),
    })),
    tokensPerSecond: 21_000 + 900 * noise.normal(),
    parameters: {
      total: 924_416 + (isLearned ? 8192 : 0),
      embedding: 131_072 + (isLearned ? 8192 : 0),
    },
    sample:
      "In the town of Fernford there lived a weaver called Marina, in a blue house behind the market.\n" +
      'She had a <gray> cat & one "good" friend. The rest of this sample is made up as well.',
    ...(isLearned ? { repeatedLastRow: settings.multiples.map(at) } : {}),
  };
}

/** The experiment, answering with made-up outcomes. */
export const experiment: ReturnType<typeof extrapolationExperiment> = extrapolationExperiment({
  settings,
  seeds: [0, 1, 2],
  run: async (arm, seed) => madeUpOutcome(arm, seed),
});

/** Its records. */
export async function madeUpRecords(seeds: readonly number[]): Promise<ExtrapolationRecord[]> {
  return runExperiment(experiment, {
    out: memoryStore(),
    seeds,
    provenance: { "orrery-lm": "0.1.0", node: "v20.20.2" },
  });
}
