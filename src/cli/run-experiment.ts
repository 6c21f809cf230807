import { join } from "node:path";
import type { ExperimentProgress } from "orrery-lm/lab";
import type { OptionValues } from "./command.ts";
import { machine, removeResults, runOrReplace } from "./experiment-folder.ts";
import { type ProgressBar, formatDuration, progressBar } from "./progress-bar.ts";
import type { experimentOptions, jsonOption } from "./shared-options.ts";
import { type Terminal, write } from "./terminal.ts";

/** What every experiment of the lab takes beside its settings. */
export interface ExperimentSurroundings {
  readonly folder: string;
  readonly command: string;
  readonly provenance: { readonly node: string; readonly machine: string };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExperimentProgress) => void;
}

/** An experiment as a command runs it. */
export interface ExperimentCommand<RunRecord> {
  readonly folder: string;
  /** What goes on with the experiment in a shell. */
  readonly command: string;
  /** The question that it answers, said before it starts. */
  readonly introduction: string;
  readonly run: (
    surroundings: ExperimentSurroundings,
    showProgress: ProgressBar["update"],
  ) => Promise<readonly RunRecord[]>;
  /** What the records say, for people. */
  readonly result: (records: readonly RunRecord[]) => string;
}

/** The values of the options that all experiments have. */
export type ExperimentValues = OptionValues<typeof experimentOptions & typeof jsonOption>;

/**
 * Runs an experiment with a bar, and prints what it found and how to run it again. Ctrl-C ends it, and
 * the same command goes on.
 *
 * @returns the exit status: 1 if it was interrupted
 */
export async function runExperimentCommand<RunRecord>(
  { folder, command, introduction, run, result }: ExperimentCommand<RunRecord>,
  { fresh, replace, json }: ExperimentValues,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr } = terminal;
  await write(stderr, `${introduction}\n`);
  const interrupts = terminal.catchInterrupts();
  const bar = progressBar(terminal);
  const begun = performance.now();
  let skipped = 0;
  const surroundings: ExperimentSurroundings = {
    folder,
    command,
    provenance: { node: process.version, machine: machine() },
    signal: interrupts.signal,
    onProgress: ({ arm, seed, state, fraction, note = "" }) => {
      if (state === "skipped") skipped++;
      bar.update(fraction, `${arm}, seed ${seed}  ${note}`);
    },
  };
  let records: readonly RunRecord[];
  try {
    if (fresh) await removeResults(folder);
    records = await runOrReplace(() => run(surroundings, bar.update), {
      folder,
      mayReplace: replace,
      tell: async (message) => {
        bar.clear();
        await write(stderr, `${message}\n`);
      },
    });
  } catch (error) {
    bar.clear();
    if (!interrupts.signal.aborted) throw error;
    await write(stderr, `interrupted; to go on: ${command}\n`);
    return 1;
  } finally {
    interrupts.release();
  }
  bar.clear();
  if (skipped > 0) {
    await write(
      stderr,
      `${skipped} of ${records.length} arms were finished before, and not run again (--fresh does)\n`,
    );
  }
  const report = join(folder, "report.html");
  const duration = formatDuration(performance.now() - begun);
  await write(
    stdout,
    json
      ? `${JSON.stringify({ folder, report, command, records }, undefined, 2)}\n`
      : `${result(records)}\n\nTime    ${duration}\nReport  ${report}\nAgain   ${command}\n`,
  );
  return 0;
}
