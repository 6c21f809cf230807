import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "..");

/**
 * Runs a program of the tests in a process of its own, where the package's names lead to dist/ (a
 * thread of Node 20 cannot load TypeScript), and gives the JSON that it prints. It must end by itself.
 */
export async function runBuilt(path: string, ...args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", join(root, path), ...args],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: "" }, timeout: 100_000 },
  );
  return JSON.parse(stdout);
}
