import { Worker, startWorker } from "#workers";
import { exerciseWorkers } from "../../contracts/workers.ts";

/** Does the contract of workers in a page. */
export function run(): Promise<unknown> {
  return exerciseWorkers({
    start: () =>
      startWorker(
        () =>
          new Worker(new URL("../../base/answering-worker.js", import.meta.url), {
            type: "module",
          }),
      ),
    startMissing: () => startWorker(() => new Worker(missing, { type: "module" })),
  });
}

const missing = new URL("/nowhere.js", globalThis.location.href);
