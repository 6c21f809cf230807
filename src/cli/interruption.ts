/** Ctrl-C: the first asks to stop and save, the second ends at once. */

/** The work was stopped by the user; the message says how to go on. */
export class Interrupted extends Error {
  override name = "Interrupted" as const;
}

/** A signal that is aborted at the first SIGINT or SIGTERM. A second one ends the process. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(1);
    process.stderr.write("\nstopping; once more to end at once\n");
    controller.abort(new Interrupted("stopped"));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return controller.signal;
}
