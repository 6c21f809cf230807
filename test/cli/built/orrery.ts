/** Runs the built command as a user does: a process, its streams, and signals. */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll } from "vitest";

const main = join(import.meta.dirname, "../../../dist/cli/main.js");

/** How a command ended. */
export interface Outcome {
  /** The exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a command is run. */
export interface Surroundings {
  /** For standard input; nothing comes from it otherwise. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
}

/** Starts `orrery` with these arguments. */
export function start(args: readonly string[], cwd?: string): ChildProcessWithoutNullStreams {
  if (!existsSync(main)) throw new Error("dist/ is missing; `npm run build` makes it");
  return spawn(process.execPath, [main, ...args], { cwd });
}

/** Waits until a process has ended. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) };
}

/** Runs `orrery` with these arguments to its end. */
export function orrery(
  args: readonly string[],
  { input = "", cwd }: Surroundings = {},
): Promise<Outcome> {
  const child = start(args, cwd);
  child.stdin.on("error", () => {}); // not every command reads what it is given
  child.stdin.end(input);
  return ended(child);
}

/** An empty folder that is gone after the tests of the file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "orrery-built-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A text with something to learn, of about 4000 characters. */
export const smallText: string = Array.from(
  { length: 100 },
  (_, i) => `The ${i % 7 ? "cat" : "owl"} sat on the ${i % 3 ? "mat" : "roof"} for ${i} days.\n`,
).join("");

/** Options of a model that does a step in milliseconds. */
export const smallModel: readonly string[] = (
  "--layers 1 --hidden-size 16 --heads 2 --vocab-size 270 " +
  "--batch-size 2 --sequence-length 16 --threads 1"
).split(" ");

/** Trains a small model in `folder/name`. */
export async function trainSmall(
  folder: string,
  name: string,
  options: readonly string[] = [],
): Promise<string> {
  const text = join(folder, "text.txt");
  writeFileSync(text, smallText);
  const run = join(folder, name);
  const { code, stderr } = await orrery(["train", text, "--out", run, ...smallModel, ...options]);
  if (code !== 0) throw new Error(`training failed: ${stderr}`);
  return run;
}

/** Waits for a file that another process is about to write. */
export async function untilThereIs(path: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!existsSync(path)) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${path}`);
    // oxlint-disable-next-line no-await-in-loop
    await setTimeout(2);
  }
}
