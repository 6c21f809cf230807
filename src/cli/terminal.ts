import type { Readable, Writable } from "node:stream";

/** Where a command reads and writes. Tests give streams of their own. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /**
   * From now on Ctrl-C, SIGTERM and the end of the terminal abort the signal, and a second one ends
   * the process at once.
   * A command that does not ask for this ends at the first.
   */
  readonly catchInterrupts: () => Interrupts;
}

/** Tells that the user wants to stop. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /** Lets interrupts end the process again. */
  readonly release: () => void;
}

/** The exit code that shells give to a program that ended by Ctrl-C. */
const INTERRUPTED = 130;

/** The terminal, pipes or files that the process was started with. */
export function processTerminal(): Terminal {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read the output has seen enough, as in `orrery … | head`.
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`orrery: standard output could not be written: ${error.message}\n`);
    process.exit(1);
  });
  // Where nobody can be told, the work goes on: a terminal may be closed while a run is saved.
  process.stderr.on("error", () => {});
  return {
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    catchInterrupts: () => {
      const controller = new AbortController();
      const onInterrupt = (): void => {
        if (controller.signal.aborted) process.exit(INTERRUPTED);
        process.stderr.write("\nstopping after what is at hand; Ctrl-C again ends at once\n");
        controller.abort();
      };
      // SIGHUP: the terminal was closed.
      const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
      for (const name of names) process.on(name, onInterrupt);
      const release = (): void => {
        for (const name of names) process.off(name, onInterrupt);
      };
      return { signal: controller.signal, release };
    },
  };
}

/** Writes, and waits where the reader is slow, so that output never piles up in memory. */
export async function write(stream: Writable, data: string | Uint8Array): Promise<void> {
  if (stream.write(data)) return;
  await new Promise<void>((resolve) => {
    stream.once("drain", resolve);
    stream.once("close", resolve);
  });
}
