import { IdBuffer } from "../collections/id-buffer.ts";
import { NumberHeap } from "../collections/number-heap.ts";

/** Entries are `rank * PLACES + place`: exact in a double for ranks up to 2^22. */
export const PLACES: number = 2 ** 31;
// A heap is fastest as long as it is small.
const SMALL = 1024;

/**
 * The merges that are due, the one with the lowest rank first, leftmost first. A heap; but in long
 * texts nearly all places of a rank come in ascending order, and those just queue up, which takes no
 * longer the longer the text is.
 */
export class MergeQueue {
  readonly #heap = new NumberHeap();
  readonly #runs = new Map<number, Run>(); // by rank, none of them empty
  readonly #ranks = new NumberHeap(); // of the runs

  push(rank: number, place: number): void {
    if (this.#heap.length >= SMALL && this.#queue(rank, place)) return;
    this.#heap.push(rank * PLACES + place);
  }

  /** Takes the first entry out; undefined if there is none. */
  pop(): number | undefined {
    const rank = this.#ranks.peek();
    if (rank === undefined) return this.#heap.pop();
    const run = this.#runs.get(rank)!;
    const entry = rank * PLACES + run.places.data[run.head]!;
    const other = this.#heap.peek();
    if (other !== undefined && other <= entry) return this.#heap.pop();
    if (++run.head === run.places.length) {
      this.#runs.delete(rank);
      this.#ranks.pop();
    }
    return entry;
  }

  clear(): void {
    this.#heap.clear();
    this.#runs.clear();
    this.#ranks.clear();
  }

  /** @returns false if the place comes before one that queues already */
  #queue(rank: number, place: number): boolean {
    const run = this.#runs.get(rank);
    if (run === undefined) {
      const places = new IdBuffer();
      places.push(place);
      this.#runs.set(rank, { places, head: 0 });
      this.#ranks.push(rank);
      return true;
    }
    const { places } = run;
    if (places.data[places.length - 1]! > place) return false;
    places.push(place);
    return true;
  }
}

interface Run {
  readonly places: IdBuffer;
  head: number;
}
