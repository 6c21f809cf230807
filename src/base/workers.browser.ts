/** Threads beside this one: Web Workers. The twin of `workers.node.ts`, which says how to start one. */
import { type WorkerClient, type WorkerPort, type WorkerReply } from "./worker-calls.ts";
import { answerCalls, connectWorker } from "./worker-calls.ts";

export type { WorkerClient, WorkerReply };

/** The platform's own; where there is none, what is thrown is caught by {@link startWorker}. */
export const Worker: typeof globalThis.Worker = globalThis.Worker;

/**
 * Starts a worker and waits until it answers calls.
 * @returns undefined if it could not be loaded
 */
export async function startWorker<Request, Reply>(
  start: () => globalThis.Worker,
): Promise<WorkerClient<Request, Reply> | undefined> {
  let worker: globalThis.Worker;
  try {
    worker = start();
  } catch {
    return undefined; // some runtimes have none, some pages must not start any
  }
  const port: WorkerPort = {
    post: (message, transfer) => worker.postMessage(message, { transfer: [...transfer] }),
    listen: (onMessage, onFailure) => {
      worker.addEventListener("message", ({ data }) => onMessage(data));
      worker.addEventListener("error", (event) => {
        event.preventDefault(); // whoever waits is told, so the page need not be
        onFailure(new Error(event.message || "the worker could not be loaded"));
      });
      worker.addEventListener("messageerror", () => {
        onFailure(new Error("a message of the worker could not be read"));
      });
    },
    end: () => worker.terminate(),
  };
  return connectWorker(port);
}

/** In a worker: answers the calls of the one who started it. */
export function serveCalls<Request, Reply>(
  answer: (request: Request) => WorkerReply<Reply> | Promise<WorkerReply<Reply>>,
): void {
  answerCalls(
    {
      post: (message, transfer) => globalThis.postMessage(message, { transfer: [...transfer] }),
      listen: (onMessage) => {
        globalThis.addEventListener("message", ({ data }) => onMessage(data));
      },
      end: () => globalThis.close(),
    },
    answer,
  );
}
