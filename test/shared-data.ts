/**
 * Real vocabularies, checkpoints and texts that are too large for the repository lie beside it.
 * Tests that read them skip where they are missing, except in CI, where that is a failure.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Why a test that needs this data is skipped. */
export const NO_SHARED_DATA = "needs ../shared/data, which is not here";

/**
 * The absolute path of `../shared/data/<path>`, or undefined if the data is absent.
 * @throws {Error} if it is absent in CI.
 */
export function sharedData(path: string): string | undefined {
  const absolute = fileURLToPath(new URL(`../../shared/data/${path}`, import.meta.url));
  if (existsSync(absolute)) return absolute;
  if (process.env.CI !== undefined) throw new Error(`${NO_SHARED_DATA}: ${path}`);
  return undefined;
}
