import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { generateStories } from "orrery-lm/lab";
import { afterAll } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.ts";

/** What a command line did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command line is surrounded. */
export interface Surroundings {
  /** The folder that it runs in. @default the repository */
  readonly cwd?: string;
  /** What standard input gives. */
  readonly input?: string | Uint8Array;
  /** How many bytes of it come at once. @default all */
  readonly chunkLength?: number;
  /** Whether standard error is a terminal. @default false */
  readonly isTTY?: boolean;
}

/** A text that a tokenizer is learned from at once. */
export const smallText: string = generateStories(3, 6000);

/** Runs `orrery` in this process, as fast as a function. */
export async function orrery(
  args: readonly string[],
  { cwd, input = "", chunkLength = Infinity, isTTY = false }: Surroundings = {},
): Promise<Outcome> {
  const stdout = new Collector();
  const stderr = Object.assign(new Collector(), { isTTY, columns: 80 });
  const { signal } = new AbortController();
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    const code = await runCommandLine(args, {
      stdin: Readable.from(chunksOf(Buffer.from(input as string), chunkLength), {
        objectMode: false,
      }),
      stdout,
      stderr,
      catchInterrupts: () => ({ signal, release: () => {} }),
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before);
  }
}

function* chunksOf(bytes: Buffer, length: number): Generator<Buffer> {
  for (let i = 0; i < bytes.length; i += length) yield bytes.subarray(i, i + length);
}

class Collector extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}

/** An empty folder for the tests of a file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "orrery-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
