// How long training may keep the thread before it lets others work.
const SLICE_MS = 50;

/** Gives a promise to wait for when it is time to let others work; throws when it is time to stop. */
export type Breathe = () => Promise<void> | undefined;

/** Makes the pauses of one training. */
export function makePauses(signal: AbortSignal | undefined): Breathe {
  let sliceStart = performance.now();
  return () => {
    signal?.throwIfAborted();
    if (performance.now() - sliceStart < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        sliceStart = performance.now();
        resolve();
      });
    });
  };
}
