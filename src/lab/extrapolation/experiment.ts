import { ConfigError } from "orrery-lm/base";
import type { Experiment } from "../experiment.ts";
import { toJson } from "../json.ts";

/** An arm: a decoder that differs from the others in its position encoding only. */
export type ExtrapolationArm = {
  readonly positions: "none" | "sinusoidal" | "learned" | "rope" | "alibi";
  /** As people write it. */
  readonly label: string;
};

/** What all arms share. */
export interface ExtrapolationSettings {
  /** Tokens of a training sequence. */
  readonly trainLength: number;
  /** Reading lengths as multiples of the training length, ascending; the first one is 1. */
  readonly multiples: readonly number[];
  readonly data: { readonly name: string; readonly characters: number; readonly sha256?: string };
  readonly model: Readonly<Record<string, number | string | boolean>>;
  readonly training: Readonly<Record<string, number | string | boolean>>;
  readonly evaluation: Readonly<Record<string, number | string | boolean>>;
}

/** Losses at one reading length, in nats per token; null where there is nothing to read. */
export interface LengthLoss {
  /** Tokens. */
  readonly length: number;
  /** Mean over windows that lie side by side; every token of a window counts. */
  readonly lossNonOverlapping: number | null;
  /** Mean over tokens that have a nearly full window before them; the window slides. */
  readonly lossSliding: number | null;
  /** Why there is no number, or what was done to get it. */
  readonly note?: string;
}

/** Mean loss of the tokens at the positions [start, end) of the longest window. */
export interface PositionLoss {
  readonly start: number;
  readonly end: number;
  readonly loss: number | null;
}

/** What one arm with one seed gave. */
export interface ExtrapolationOutcome {
  /** In the order of the settings' multiples. */
  readonly lengths: readonly LengthLoss[];
  readonly perPosition: readonly PositionLoss[];
  readonly trainLoss: readonly { readonly step: number; readonly loss: number }[];
  /** Of training; null if the arm was interrupted when all steps were done. */
  readonly tokensPerSecond: number | null;
  readonly parameters: { readonly total: number; readonly embedding: number };
  /** Text that the trained model wrote. */
  readonly sample: string;
  /** Learned positions only: the last row of the table stands for all positions past it. */
  readonly repeatedLastRow?: readonly LengthLoss[];
}

/** Options of {@link extrapolationExperiment}. */
export interface ExtrapolationOptions {
  readonly settings: ExtrapolationSettings;
  readonly seeds: readonly number[];
  /** Trains and measures one arm. */
  readonly run: Experiment<ExtrapolationArm, ExtrapolationOutcome>["run"];
  /** Fewer arms, for a quick look. @default all five */
  readonly arms?: readonly string[];
}

/**
 * Which position encoding survives length: decoders that differ in nothing else are trained on
 * short sequences with equal seeds, data and token budget, and read longer ones.
 *
 * @throws {ConfigError} if the multiples do not ascend from 1, give no whole lengths, or there is
 *   an arm that is not known.
 * @see Press et al. 2021, "Train Short, Test Long", https://arxiv.org/abs/2108.12409
 */
export function extrapolationExperiment(
  options: ExtrapolationOptions,
): Experiment<ExtrapolationArm, ExtrapolationOutcome> {
  const { settings, seeds, run, arms = Object.keys(extrapolationArms) } = options;
  checkLengths(settings);
  return {
    name: "extrapolation",
    title: "Which position encoding survives length?",
    question:
      `A decoder learns from texts of ${settings.trainLength} tokens. What does it make of texts ` +
      `that are up to ${settings.multiples.at(-1)} times as long?`,
    arms: Object.fromEntries(arms.map((name) => [name, armOf(name)])),
    seeds,
    measures: [
      {
        name: "loss",
        unit: "nats per token",
        description: "cross entropy on text that was held out, at each reading length",
      },
      {
        name: "rise",
        unit: "nats per token",
        description: "loss at the longest reading length minus loss at the training length",
      },
    ],
    settings: toJson(settings, "settings"),
    run,
  };
}

const extrapolationArms: Readonly<Record<ExtrapolationArm["positions"], ExtrapolationArm>> = {
  none: { positions: "none", label: "none (NoPE)" },
  sinusoidal: { positions: "sinusoidal", label: "sinusoidal" },
  learned: { positions: "learned", label: "learned" },
  rope: { positions: "rope", label: "RoPE" },
  alibi: { positions: "alibi", label: "ALiBi" },
};

/** The names of the arms that there are. */
export const extrapolationArmNames: readonly string[] = Object.keys(extrapolationArms);

function armOf(name: string): ExtrapolationArm {
  const arm = Object.values(extrapolationArms).find(({ positions }) => positions === name);
  if (arm) return arm;
  const known = Object.keys(extrapolationArms).join(", ");
  throw new ConfigError(`extrapolation: expected arms of ${known}; got "${name}"`);
}

function checkLengths({ trainLength, multiples }: ExtrapolationSettings): void {
  const isAscending = multiples.every((multiple, i) => i === 0 || multiple > multiples[i - 1]!);
  if (multiples[0] !== 1 || !isAscending || multiples.length < 2) {
    throw new ConfigError(
      `extrapolation: expected multiples that ascend from 1, got ${multiples.join(", ")}`,
    );
  }
  const broken = multiples.find((multiple) => !Number.isInteger(multiple * trainLength));
  if (broken !== undefined) {
    throw new ConfigError(
      `extrapolation: ${broken} times ${trainLength} is no whole length; choose another training length`,
    );
  }
}
