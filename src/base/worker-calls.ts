import { ConfigError } from "./errors.ts";

/** One end of a line between a worker and the one who started it. */
export interface WorkerPort {
  readonly post: (message: unknown, transfer: readonly ArrayBuffer[]) => void;
  /** @param onFailure told when the other end broke, or is gone */
  readonly listen: (
    onMessage: (message: unknown) => void,
    onFailure: (error: Error) => void,
  ) => void;
  readonly end: () => void;
}

/** What a worker answers, and the buffers that go over with it instead of being copied. */
export interface WorkerReply<Reply> {
  readonly reply: Reply;
  readonly transfer?: readonly ArrayBuffer[];
}

/** A worker that answers calls, one after the other. */
export interface WorkerClient<Request, Reply> {
  /** @throws {Error} what the worker threw, or why it is gone */
  readonly call: (request: Request) => Promise<Reply>;
  /** Ends the worker; calls that are open reject. */
  readonly end: () => void;
}

interface WaitingCall {
  readonly resolve: (reply: never) => void;
  readonly reject: (error: Error) => void;
}

interface Call {
  readonly id: number;
  readonly request: unknown;
}

type Answer =
  | { readonly type: "ready" }
  | { readonly type: "reply"; readonly id: number; readonly reply: unknown }
  | {
      readonly type: "error";
      readonly id: number;
      readonly name: string;
      readonly message: string;
    };

/**
 * Waits for a worker that answers calls; undefined if it could not be loaded, as where there are no
 * workers, or the package runs from its source.
 */
export function connectWorker<Request, Reply>(
  port: WorkerPort,
): Promise<WorkerClient<Request, Reply> | undefined> {
  const waiting = new Map<number, WaitingCall>();
  let lost: Error | undefined;
  let nextId = 0;
  const lose = (error: Error): void => {
    lost ??= error;
    for (const { reject } of waiting.values()) reject(lost);
    waiting.clear();
  };
  const client: WorkerClient<Request, Reply> = {
    call: (request) =>
      new Promise((resolve, reject) => {
        if (lost !== undefined) return reject(lost);
        const call: Call = { id: nextId++, request };
        waiting.set(call.id, { resolve, reject });
        port.post(call, []);
      }),
    end: () => {
      lose(new Error("the worker was ended"));
      port.end();
    },
  };
  return new Promise((resolve) => {
    port.listen(
      (message) => {
        const answer = message as Answer;
        if (answer.type === "ready") return resolve(client);
        const call = waiting.get(answer.id);
        waiting.delete(answer.id);
        if (answer.type === "reply") call?.resolve(answer.reply as never);
        else call?.reject(errorOf(answer));
      },
      (error) => {
        lose(error);
        port.end();
        resolve(undefined); // has no effect once it was ready
      },
    );
  });
}

/** Answers the calls that come over a port, one after the other, and says that it is ready to. */
export function answerCalls<Request, Reply>(
  port: WorkerPort,
  answer: (request: Request) => WorkerReply<Reply> | Promise<WorkerReply<Reply>>,
): void {
  const reply = async ({ id, request }: Call): Promise<void> => {
    try {
      const { reply, transfer = [] } = await answer(request as Request);
      port.post({ type: "reply", id, reply } satisfies Answer, transfer);
    } catch (cause) {
      const { name, message: text } = cause instanceof Error ? cause : new Error(String(cause));
      port.post({ type: "error", id, name, message: text } satisfies Answer, []);
    }
  };
  let last = Promise.resolve();
  port.listen(
    (message) => {
      last = last.then(() => reply(message as Call));
    },
    () => {},
  );
  port.post({ type: "ready" } satisfies Answer, []);
}

function errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name === "ConfigError"
    ? new ConfigError(message)
    : Object.assign(new Error(message), { name });
}
