import { ConfigError } from "orrery-lm/base";
import type { OutcomeRecord } from "../experiment.ts";
import { mean, median, pairedDifference, summarize, type Summary } from "../statistics.ts";
import type { ExtrapolationArm, ExtrapolationOutcome, LengthLoss } from "./experiment.ts";

/** A finished run of this experiment. */
export type ExtrapolationRecord = OutcomeRecord<ExtrapolationOutcome>;

/** The two ways to read a long text. */
export type Reading = "lossNonOverlapping" | "lossSliding";

/** One curve of loss against length, over the seeds. */
export interface ArmCurve {
  readonly name: string;
  /** Place of the arm: its color everywhere. */
  readonly slot: number;
  /** True for learned positions with the last row repeated, which does not compete. */
  readonly isRepeated: boolean;
  readonly lengths: readonly CurvePoint[];
  /** Loss at the longest length minus loss at the training length, seed by seed. */
  readonly rise: Readonly<Record<Reading, Summary | null>>;
}

/** A reading length of a curve. */
export interface CurvePoint extends Readonly<Record<Reading, Summary | null>> {
  /** Tokens. */
  readonly length: number;
  /** Of the training length. */
  readonly multiple: number;
  readonly note: string | undefined;
}

/** An arm over its seeds. */
export interface ArmSummary {
  readonly label: string;
  readonly slot: number;
  readonly curves: readonly ArmCurve[];
  readonly perPosition: readonly { start: number; end: number; loss: Summary | null }[];
  readonly training: readonly { step: number; loss: Summary }[];
  /** Median over the seeds that know it. */
  readonly tokensPerSecond: number | null;
  readonly parameters: ExtrapolationOutcome["parameters"];
  readonly samples: readonly { readonly seed: number; readonly text: string }[];
}

/** The experiment over its seeds. */
export interface ExtrapolationSummary {
  /** Tokens. */
  readonly trainLength: number;
  readonly longest: CurvePoint;
  readonly seeds: readonly number[];
  readonly arms: readonly ArmSummary[];
}

/**
 * Joins the outcomes of all seeds, arm by arm, in the order in which the arms first appear.
 *
 * A length has a mean only where every seed has a loss: a mean over the runs that did not fail would
 * be too good.
 *
 * @throws {ConfigError} if there are no records, or arms have different seeds or lengths.
 */
export function summarizeExtrapolation(
  records: readonly ExtrapolationRecord[],
): ExtrapolationSummary {
  const names = [...new Set(records.map(({ arm }) => arm))];
  const groups = names.map((name) => records.filter(({ arm }) => arm === name));
  const first = groups[0]?.[0];
  if (!first) throw new ConfigError("extrapolation: expected outcomes to summarize, got none");
  const seeds = groups[0]!.map(({ seed }) => seed);
  const lengths = first.outcome.lengths.map(({ length }) => length);
  for (const { arm, seed, outcome } of records) {
    const found = outcome.lengths.map(({ length }) => length);
    if (found.join() !== lengths.join()) {
      throw new ConfigError(
        `extrapolation: ${arm}, seed ${seed}: expected lengths ${lengths.join(", ")}, got ${found.join(", ")}`,
      );
    }
  }
  const arms = groups.map((group, slot) => {
    const found = group.map(({ seed }) => seed).join(", ");
    if (found !== seeds.join(", ")) {
      throw new ConfigError(
        `extrapolation: ${group[0]!.arm}: expected seeds ${seeds.join(", ")} as in ${first.arm}, got ${found}`,
      );
    }
    return summarizeArm(group, slot);
  });
  const longest = arms[0]!.curves[0]!.lengths.at(-1)!;
  return { trainLength: lengths[0]!, longest, seeds, arms };
}

function summarizeArm(records: readonly ExtrapolationRecord[], slot: number): ArmSummary {
  const outcomes = records.map(({ outcome }) => outcome);
  const { label } = records[0]!.description as ExtrapolationArm;
  const repeated = outcomes.flatMap(({ repeatedLastRow }) =>
    repeatedLastRow ? [repeatedLastRow] : [],
  );
  const curves = [
    curve(
      outcomes.map(({ lengths }) => lengths),
      { name: label, slot },
    ),
  ];
  if (repeated.length === outcomes.length) {
    curves.push(curve(repeated, { name: `${label}, last row repeated`, slot, isRepeated: true }));
  }
  const first = outcomes[0]!;
  const speeds = outcomes.flatMap(({ tokensPerSecond }) => tokensPerSecond ?? []);
  return {
    label,
    slot,
    curves,
    perPosition: first.perPosition.map(({ start, end }, i) => ({
      start,
      end,
      loss: overSeeds(outcomes.map(({ perPosition }) => perPosition[i]?.loss ?? null)),
    })),
    training: thinned(outcomes.map(({ trainLoss }) => trainLoss)),
    tokensPerSecond: speeds.length > 0 ? median(speeds) : null,
    parameters: first.parameters,
    samples: records.map(({ seed, outcome }) => ({ seed, text: outcome.sample })),
  };
}

function curve(
  seeds: readonly (readonly LengthLoss[])[],
  { name, slot, isRepeated = false }: { name: string; slot: number; isRepeated?: boolean },
): ArmCurve {
  const trainLength = seeds[0]![0]!.length;
  const losses = (i: number, reading: Reading): (number | null)[] =>
    seeds.map((lengths) => lengths[i]?.[reading] ?? null);
  const rise = (reading: Reading): Summary | null => {
    const start = losses(0, reading).filter((loss) => loss !== null);
    const end = losses(seeds[0]!.length - 1, reading).filter((loss) => loss !== null);
    const isWhole = start.length === seeds.length && end.length === seeds.length;
    return isWhole ? pairedDifference(end, start) : null;
  };
  return {
    name,
    slot,
    isRepeated,
    lengths: seeds[0]!.map(({ length }, i) => ({
      length,
      multiple: length / trainLength,
      lossNonOverlapping: overSeeds(losses(i, "lossNonOverlapping")),
      lossSliding: overSeeds(losses(i, "lossSliding")),
      note: seeds.map((lengths) => lengths[i]?.note).find((note) => note !== undefined),
    })),
    rise: { lossNonOverlapping: rise("lossNonOverlapping"), lossSliding: rise("lossSliding") },
  };
}

function overSeeds(losses: readonly (number | null)[]): Summary | null {
  const values = losses.filter((loss) => loss !== null);
  return values.length === losses.length && values.length > 0 ? summarize(values) : null;
}

/** At most this many points of a training curve; each is the mean of its steps. */
const mostSteps = 60;

function thinned(
  seeds: readonly (readonly { step: number; loss: number }[])[],
): { step: number; loss: Summary }[] {
  // As far as every seed came.
  const steps = seeds.reduce((a, b) => (b.length < a.length ? b : a));
  const size = Math.max(1, Math.ceil(steps.length / mostSteps));
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, i) => {
    const range = [i * size, Math.min((i + 1) * size, steps.length)] as const;
    const losses = seeds.map((points) => mean(points.slice(...range).map(({ loss }) => loss)));
    return { step: mean(steps.slice(...range).map(({ step }) => step)), loss: summarize(losses) };
  });
}
