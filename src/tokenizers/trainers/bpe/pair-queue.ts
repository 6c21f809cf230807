import type { GoesFirst } from "./tie-break.ts";

/** A pair of tokens that waits to be merged. */
export interface Candidate {
  readonly left: number;
  readonly right: number;
  /** Its number in the table of pairs. */
  readonly pair: number;
  /** As it was when it was last put in: a count that has fallen since is noticed when it comes out. */
  count: number;
  /** Where it comes first, as it was when it was last put in; 0 where nobody asks. */
  place: number;
}

/** Gives out the pair with the highest count; ties as a rule says. */
export class PairQueue {
  readonly #heap: Candidate[] = [];
  readonly #goesFirst: GoesFirst;

  constructor(goesFirst: GoesFirst) {
    this.#goesFirst = goesFirst;
  }

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(candidate);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#goesBefore(candidate, heap[parent]!)) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#goesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#goesBefore(heap[child]!, last)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return first;
  }

  #goesBefore(a: Candidate, b: Candidate): boolean {
    return a.count !== b.count ? a.count > b.count : this.#goesFirst(a, b);
  }
}
