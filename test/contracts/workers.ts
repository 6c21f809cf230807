import type { WorkerClient } from "#workers";
import { ConfigError } from "orrery-lm/base";

/** What `test/base/answering-worker.js` is asked. */
interface Task {
  readonly task: string;
  readonly value: unknown;
}

/** How a worker is started on a platform. */
export interface Platform {
  readonly start: () => Promise<WorkerClient<Task, unknown> | undefined>;
  /** Starts one from a file that is not there. */
  readonly startMissing: () => Promise<WorkerClient<Task, unknown> | undefined>;
}

/** Does with workers all that can be done with them; the result is plain JSON. */
export async function exerciseWorkers({ start, startMissing }: Platform): Promise<unknown> {
  const [client, other] = await Promise.all([start(), start()]);
  if (client === undefined || other === undefined) return "could not be started";
  const errorOf = (task: string, value: unknown = "way"): Promise<unknown> =>
    client.call({ task, value }).then(
      () => "no error",
      (error: unknown) => [error instanceof ConfigError, String(error)],
    );
  const doubled = await Promise.all(
    [1, 2, 3].map((value) => client.call({ task: "double", value })),
  );
  const [text, length] = (await client.call({ task: "lone surrogate", value: "a\uD800" })) as [
    string,
    number,
  ];
  const numbers = (await client.call({ task: "transfer", value: 2 ** 53 })) as Float64Array;
  const refused = await errorOf("refuse");
  const [isConfigError, broken] = (await errorOf("break", {})) as [boolean, string];
  const afterErrors = await client.call({ task: "double", value: 21 });
  const unending = errorOf("loop");
  client.end();
  return {
    doubled,
    surrogate: [text === "a\uD800", length],
    numbers: [...numbers],
    refused,
    broken: [isConfigError, broken.startsWith("TypeError: ")],
    afterErrors,
    ended: await unending,
    calledAfterTheEnd: await errorOf("double"),
    // The other one is not touched by that.
    other: await other.call({ task: "double", value: 4 }).finally(() => other.end()),
    missing: (await startMissing()) === undefined,
  };
}

/** What comes out on every platform. */
export const workersDo = {
  doubled: [2, 4, 6],
  surrogate: [true, 2],
  numbers: [1, 2 ** 53],
  refused: [true, "ConfigError: no way"],
  broken: [false, true],
  afterErrors: 42,
  ended: [false, "Error: the worker was ended"],
  calledAfterTheEnd: [false, "Error: the worker was ended"],
  other: 8,
  missing: true,
};
