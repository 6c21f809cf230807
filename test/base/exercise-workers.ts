/** A program that does the contract of workers with what is built, and prints what came out. */
import { Worker, startWorker } from "#workers";
import { exerciseWorkers } from "../contracts/workers.ts";

const startFrom = (name: string): ReturnType<typeof startWorker> =>
  startWorker(() => new Worker(new URL(name, import.meta.url), { type: "module" }));

const found = await exerciseWorkers({
  start: () => startFrom("./answering-worker.js"),
  startMissing: () => startFrom("./nowhere.js"),
});
process.stdout.write(JSON.stringify(found));
