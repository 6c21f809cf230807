import type { Progress } from "orrery-lm/base";
import type { Json } from "./json.ts";
import type { Store } from "./store.ts";

/** What is measured on every arm. */
export interface Measure {
  readonly name: string;
  /** Such as "nats per token" or "tokens per second". */
  readonly unit: string;
  readonly description: string;
}

/** What a run may use besides its arm and its seed. None of it may change the outcome. */
export interface RunContext {
  /** The key of the arm. */
  readonly arm: string;
  /** A folder of this arm and seed only: checkpoints, states to resume. */
  readonly store: Store;
  /** Aborted when the run shall stop; the run then throws `signal.reason`. */
  readonly signal: AbortSignal;
  /** Told how far this run is. */
  readonly progress: Progress;
}

/**
 * An experiment as data: a question, arms that differ in what it asks about, seeds to run each arm
 * with, and the measures.
 *
 * An outcome is a function of arm, seed and settings alone. So arms run in any order, on several
 * machines, and are not run again where their outcome lies already.
 */
export interface Experiment<Arm, Outcome> {
  /** Short and without spaces: it names files. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** What is compared, in the order in which tables and legends list it. */
  readonly arms: Readonly<Record<string, Arm>>;
  /** The seeds when the caller names none. */
  readonly seeds: readonly number[];
  readonly measures: readonly Measure[];
  /** Everything that arms share and outcomes depend on: data, sizes, steps. Compared on resuming. */
  readonly settings: Json;
  /** Trains and measures one arm. The outcome must be JSON: null, never NaN, for "no value". */
  readonly run: (arm: Arm, seed: number, context: RunContext) => Promise<Outcome>;
}

/** One finished arm with one seed, as it lies on disk. */
export interface OutcomeRecord<Outcome> {
  readonly experiment: string;
  readonly arm: string;
  readonly seed: number;
  /** What the arm was made of when it ran. */
  readonly description: Json;
  readonly settings: Json;
  readonly outcome: Outcome;
  /** Versions and machine. Kept for the reader, not compared. */
  readonly provenance: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
}
