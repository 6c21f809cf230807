import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { arch, cpus, platform } from "node:os";
import { ConfigError, OtherSettingsError } from "orrery-lm/base";
import { exists } from "#files";

const CELL = /^[\w-]+\.seed-\d+$/;

/**
 * Removes the outcomes and the arms that an experiment left in its folder, and nothing else.
 *
 * @returns how many there were
 */
export async function removeResults(folder: string): Promise<number> {
  const outcomes = (await namesIn(join(folder, "outcomes")))
    .filter((name) => name.endsWith(".json") && CELL.test(name.slice(0, -".json".length)))
    .map((name) => join(folder, "outcomes", name));
  const cells = (await namesIn(join(folder, "arms")))
    .filter((name) => CELL.test(name))
    .map((name) => join(folder, "arms", name));
  // A folder of that name that holds no run was not made by us.
  const areRuns = await Promise.all(cells.map((cell) => exists(join(cell, "state"))));
  const arms = cells.filter((_, i) => areRuns[i]);
  // Outcomes first: one that outlived its arm would be taken for a finished one.
  await Promise.all(outcomes.map((path) => rm(path)));
  await Promise.all(arms.map((path) => rm(path, { recursive: true })));
  return outcomes.length + arms.length;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await exists(folder)) ? readdir(folder) : [];
}

/** How {@link runOrReplace} treats old results. */
export interface ReplaceOptions {
  readonly folder: string;
  /** Whether results of other settings may be removed. */
  readonly mayReplace: boolean;
  readonly tell: (message: string) => Promise<void>;
}

/**
 * Runs an experiment; where results of other settings are in the way, removes them if allowed.
 * @throws {ConfigError} if they are in the way and must stay.
 */
export async function runOrReplace<Records>(
  run: () => Promise<Records>,
  { folder, mayReplace, tell }: ReplaceOptions,
): Promise<Records> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OtherSettingsError)) throw error;
    if (!mayReplace) {
      throw new ConfigError(`${error.message} (--fresh removes the old results)`, { cause: error });
    }
    await tell(`${folder} holds results of other settings; they are replaced`);
    await removeResults(folder);
    return run();
  }
}

/** The machine, for the provenance of results. */
export function machine(): string {
  const cores = cpus();
  return `${platform()} ${arch()}, ${cores.length} × ${cores[0]?.model.trim() ?? "unknown"}`;
}
