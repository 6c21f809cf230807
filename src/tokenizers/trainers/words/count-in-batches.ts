import { Worker, type WorkerClient, startWorker } from "#workers";
import { makePauses } from "../pauses.ts";
import { type ReadingOptions, type Texts, checkText } from "../training-options.ts";
import type { CountingCall } from "./counting-worker.ts";
import { type PackedWords, addPacked } from "./packed-words.ts";
import { type Preparation, countBatch, makeTextCounter } from "./text-counter.ts";
import type { WordCounts } from "./word-counts.ts";

// Large enough that to send a batch and to add its words costs little beside counting them.
const BATCH_CHARACTERS = 2 ** 20;
// So that none waits while another batch is being made.
const BATCHES_PER_WORKER = 2;

interface BatchCounter {
  readonly count: (texts: string[]) => Promise<PackedWords>;
  readonly end: () => void;
}

/** Where {@link countInBatches} counts. */
export interface CountInBatchesOptions extends Pick<ReadingOptions, "signal"> {
  readonly workers: number;
  /** Told how many texts have been read, after each of them and after each batch. */
  readonly onRead: (texts: number) => void;
}

/**
 * Counts words in batches of texts, each apart, and adds them up in the order of the texts. What comes
 * out, and in which order, does not depend on how many workers counted.
 *
 * Where workers cannot be started this thread counts, batch by batch.
 */
export async function countInBatches(
  texts: Texts,
  preparation: Preparation,
  words: WordCounts,
  { workers, signal, onRead }: CountInBatchesOptions,
): Promise<void> {
  const counters = await startCounters(preparation, workers);
  const end = (): void => {
    for (const counter of counters) counter.end();
  };
  signal?.addEventListener("abort", end);
  const breathe = makePauses(signal);
  const open: Promise<PackedWords>[] = [];
  let read = 0;
  const addFirst = async (): Promise<void> => {
    addPacked(words, (await open.shift())!);
    onRead(read);
    await breathe();
  };
  try {
    let next = 0;
    for await (const batch of batchesOf(texts, () => onRead(++read))) {
      signal?.throwIfAborted();
      const packed = counters[next]!.count(batch);
      packed.catch(() => {}); // it is heard of when its turn comes
      open.push(packed);
      next = (next + 1) % counters.length;
      if (open.length >= BATCHES_PER_WORKER * counters.length) await addFirst();
    }
    // oxlint-disable-next-line no-await-in-loop -- in the order of the texts
    while (open.length > 0) await addFirst();
  } catch (error) {
    // That workers were ended is not the reason, but what follows from it.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", end);
    end();
  }
}

async function* batchesOf(texts: Texts, onText: () => void): AsyncGenerator<string[]> {
  let batch: string[] = [];
  let characters = 0;
  const isFullWith = (text: string): boolean => {
    checkText(text);
    batch.push(text);
    characters += text.length + 1; // an empty one takes room too
    onText();
    return characters >= BATCH_CHARACTERS;
  };
  const taken = (): string[] => {
    const full = batch;
    batch = [];
    characters = 0;
    return full;
  };
  if (Symbol.asyncIterator in texts) {
    for await (const text of texts) if (isFullWith(text)) yield taken();
  } else {
    for (const text of texts) if (isFullWith(text)) yield taken();
  }
  if (batch.length > 0) yield batch;
}

async function startCounters(preparation: Preparation, workers: number): Promise<BatchCounter[]> {
  const started =
    workers === 1
      ? []
      : await Promise.all(Array.from({ length: workers }, () => startCounter(preparation)));
  const counters = started.filter((counter) => counter !== undefined);
  return counters.length > 0 ? counters : [await counterHere(preparation)];
}

async function startCounter(preparation: Preparation): Promise<BatchCounter | undefined> {
  const client: WorkerClient<CountingCall, PackedWords | undefined> | undefined = await startWorker(
    () => new Worker(new URL("./counting-worker.js", import.meta.url), { type: "module" }),
  );
  if (client === undefined) return undefined;
  await client.call({ preparation });
  const { end } = client;
  return { count: async (texts) => (await client.call({ texts }))!, end };
}

async function counterHere(preparation: Preparation): Promise<BatchCounter> {
  const count = await makeTextCounter(preparation);
  return { count: async (texts) => countBatch(count, texts), end: () => {} };
}
