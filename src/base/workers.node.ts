/**
 * Threads beside this one. The twin of `workers.browser.ts`; library code imports either as `#workers`.
 *
 * Whoever starts one writes `new Worker(new URL("./that.js", import.meta.url), { type: "module" })`,
 * which is what bundlers look for.
 */
import { Worker as Thread, parentPort } from "node:worker_threads";
import { type WorkerClient, type WorkerPort, type WorkerReply } from "./worker-calls.ts";
import { answerCalls, connectWorker } from "./worker-calls.ts";

export type { WorkerClient, WorkerReply };

/** A thread, made as a Web Worker is. */
export class Worker extends Thread {
  /** @param _options what a browser must be told; Node sees by itself that it is a module */
  // oxlint-disable-next-line no-useless-constructor -- it takes what Node's does not
  constructor(url: URL, _options: { readonly type: "module" }) {
    super(url);
  }
}

/**
 * Starts a worker and waits until it answers calls.
 * @returns undefined if it could not be loaded
 */
export async function startWorker<Request, Reply>(
  start: () => Thread,
): Promise<WorkerClient<Request, Reply> | undefined> {
  const worker = start();
  const port: WorkerPort = {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (onMessage, onFailure) => {
      worker.on("message", onMessage);
      worker.on("error", (error) => onFailure(error as Error));
      worker.on("messageerror", onFailure);
      worker.on("exit", (code) => onFailure(new Error(`the worker ended with code ${code}`)));
    },
    end: () => void worker.terminate(),
  };
  return connectWorker(port);
}

/** In a worker: answers the calls of the one who started it. */
export function serveCalls<Request, Reply>(
  answer: (request: Request) => WorkerReply<Reply> | Promise<WorkerReply<Reply>>,
): void {
  const parent = parentPort;
  if (parent === null) throw new Error("serveCalls: this is no worker");
  answerCalls(
    {
      post: (message, transfer) => parent.postMessage(message, [...transfer]),
      listen: (onMessage) => void parent.on("message", onMessage),
      end: () => parent.close(),
    },
    answer,
  );
}
