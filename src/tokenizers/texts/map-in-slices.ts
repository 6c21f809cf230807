// How long a batch may keep the thread before it lets others work.
const SLICE_MS = 50;

/** Maps a list, and lets others use the thread from time to time. */
export async function mapInSlices<T, Result>(
  items: readonly T[],
  map: (item: T) => Result,
): Promise<Result[]> {
  const all: Result[] = [];
  let sliceStart = performance.now();
  for (const item of items) {
    all.push(map(item));
    if (performance.now() - sliceStart < SLICE_MS) continue;
    // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
    await new Promise((resolve) => setTimeout(resolve));
    sliceStart = performance.now();
  }
  return all;
}
