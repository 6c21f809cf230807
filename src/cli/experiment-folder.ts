import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
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
