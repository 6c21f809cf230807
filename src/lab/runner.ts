import { ConfigError, FormatError, OtherSettingsError, type Progress } from "orrery-lm/base";
import type { Experiment, OutcomeRecord } from "./experiment.ts";
import { firstDifference, toJson, type Json } from "./json.ts";
import type { Store } from "./store.ts";

/** How far an experiment is. */
export interface ExperimentProgress {
  readonly arm: string;
  readonly seed: number;
  readonly state: "skipped" | "running" | "finished";
  /** Of the whole experiment, in [0, 1]. */
  readonly fraction: number;
  readonly note?: string;
}

/** Options of {@link runExperiment}. */
export interface RunExperimentOptions {
  /** Where outcomes are written, each when it is finished, and looked for. */
  readonly out: Store;
  /** @default the experiment's own */
  readonly seeds?: readonly number[];
  readonly onProgress?: (progress: ExperimentProgress) => void;
  readonly signal?: AbortSignal;
  /** Versions and machine, kept in every record. */
  readonly provenance?: Readonly<Record<string, string>>;
}

/**
 * Runs every arm with every seed, and returns the records by seed, then by arm.
 *
 * An outcome that lies in `out` is not run again: more seeds or more arms may be added later, and an
 * interrupted experiment goes on. Outcomes of other settings are never mixed in: all are compared
 * before the first arm runs.
 *
 * @throws {OtherSettingsError} if an outcome in `out` was made with other settings.
 * @throws {ConfigError} if an outcome is not JSON, or there is nothing to run.
 * @throws {FormatError} if a file of outcomes is damaged.
 */
export async function runExperiment<Arm, Outcome>(
  experiment: Experiment<Arm, Outcome>,
  options: RunExperimentOptions,
): Promise<OutcomeRecord<Outcome>[]> {
  const { out, seeds = experiment.seeds, onProgress, provenance = {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  const cells = cellsOf(experiment, seeds);
  const found = await Promise.all(cells.map((cell) => readRecord(experiment, cell, out)));

  const records: OutcomeRecord<Outcome>[] = [];
  for (const [i, cell] of cells.entries()) {
    const { arm, seed } = cell;
    const report = (state: ExperimentProgress["state"], done: number, note?: string): void => {
      const fraction = (i + done) / cells.length;
      onProgress?.({ arm, seed, state, fraction, ...(note === undefined ? {} : { note }) });
    };
    let record = found[i];
    if (record) {
      report("skipped", 1);
    } else {
      signal.throwIfAborted();
      report("running", 0);
      const progress: Progress = (done, total, note) => report("running", done / total, note);
      const store = out.folder(`arms/${cellName(cell)}`);
      // One arm after another: each uses every core, and parallel arms would share them.
      // oxlint-disable-next-line no-await-in-loop
      const result = await experiment.run(experiment.arms[arm]!, seed, {
        arm,
        store,
        signal,
        progress,
      });
      record = {
        experiment: experiment.name,
        arm,
        seed,
        description: describeArm(experiment, arm),
        settings: experiment.settings,
        outcome: toJson(result, `${arm}, seed ${seed}`) as Outcome,
        provenance,
        finishedAt: new Date().toISOString(),
      };
      // oxlint-disable-next-line no-await-in-loop
      await out.write({ [recordPath(cell)]: encodeJson(record) });
      report("finished", 1);
    }
    records.push(record);
  }
  return records;
}

interface Cell {
  readonly arm: string;
  readonly seed: number;
}

function cellsOf<Arm, Outcome>(
  experiment: Experiment<Arm, Outcome>,
  seeds: readonly number[],
): Cell[] {
  const arms = Object.keys(experiment.arms);
  const where = `experiment ${experiment.name}`;
  if (arms.length === 0) throw new ConfigError(`${where}: expected at least one arm, got none`);
  if (seeds.length === 0) throw new ConfigError(`${where}: expected at least one seed, got none`);
  for (const [i, seed] of seeds.entries()) {
    if (!Number.isSafeInteger(seed) || seeds.indexOf(seed) !== i) {
      throw new ConfigError(
        `${where}: seeds must be different whole numbers, got ${seeds.join(", ")}`,
      );
    }
  }
  for (const name of [experiment.name, ...arms]) {
    if (!/^[\w-]+$/.test(name)) {
      throw new ConfigError(
        `${where}: "${name}" names files; use letters, digits, "-" and "_" only`,
      );
    }
  }
  return seeds.flatMap((seed) => arms.map((arm) => ({ arm, seed })));
}

async function readRecord<Arm, Outcome>(
  experiment: Experiment<Arm, Outcome>,
  cell: Cell,
  out: Store,
): Promise<OutcomeRecord<Outcome> | undefined> {
  const path = recordPath(cell);
  const bytes = await out.read(path);
  if (!bytes) return undefined;
  const stored = parseRecord(bytes, path);
  const asked: Json = {
    experiment: experiment.name,
    ...cell,
    description: describeArm(experiment, cell.arm),
    settings: toJson(experiment.settings, "settings"),
  };
  for (const key of ["experiment", "arm", "seed", "description", "settings"]) {
    const difference = firstDifference(stored[key], asked[key], key);
    if (difference) {
      throw new OtherSettingsError(
        `${path}: this outcome was made with other settings: ${difference.path} was ` +
          `${difference.left} there and is ${difference.right} now; write to another folder, ` +
          "or delete the old outcomes",
      );
    }
  }
  return stored as unknown as OutcomeRecord<Outcome>;
}

function parseRecord(bytes: Uint8Array, path: string): Readonly<Record<string, Json>> {
  const remedy = "delete it and run again";
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FormatError("outcome", `${path} is damaged; ${remedy}`, { cause });
  }
  if (typeof value !== "object" || value === null || !("outcome" in value)) {
    throw new FormatError("outcome", `${path} has no outcome; ${remedy}`);
  }
  return value as Record<string, Json>;
}

function describeArm<Arm, Outcome>(experiment: Experiment<Arm, Outcome>, arm: string): Json {
  return toJson(experiment.arms[arm], `arms.${arm}`);
}

function cellName({ arm, seed }: Cell): string {
  return `${arm}.seed-${seed}`;
}

function recordPath(cell: Cell): string {
  return `outcomes/${cellName(cell)}.json`;
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`);
}
