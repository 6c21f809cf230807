/** A pair of tokens that waits to be merged, with the places where it was seen. */
export interface Candidate {
  readonly left: number;
  readonly right: number;
  /** As it was when it was last put in: a count that has fallen since is noticed when it comes out. */
  count: number;
  /** Head of its list of occurrences. */
  readonly occurrences: number;
}

/** Gives out the pair with the highest count; ties by the smaller left id, then the smaller right. */
export class PairQueue {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(candidate);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!goesBefore(candidate, heap[parent]!)) break;
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
      if (child + 1 < heap.length && goesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!goesBefore(heap[child]!, last)) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = last;
    return first;
  }
}

function goesBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left !== b.left ? a.left < b.left : a.right < b.right;
}
