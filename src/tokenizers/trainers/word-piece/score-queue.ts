/**
 * Keeps pairs in the order of their scores, then of their counts; both may be changed at any time. A
 * heap with an index.
 */
export class ScoreQueue {
  readonly #goesFirst: (a: number, b: number) => boolean;
  readonly #heap: number[] = []; // pairs
  #places = new Int32Array(1024).fill(-1); // in #heap, by pair
  #scores = new Float64Array(1024); // by pair
  #counts = new Float64Array(1024); // by pair

  /** @param goesFirst tells which of two pairs of equal score and count goes first */
  constructor(goesFirst: (a: number, b: number) => boolean) {
    this.#goesFirst = goesFirst;
  }

  /** The first pair, or undefined if there is none. */
  get first(): number | undefined {
    return this.#heap[0];
  }

  scoreOf(pair: number): number {
    return this.#scores[pair]!;
  }

  /** Puts a pair in, or gives it another score and count. */
  set(pair: number, score: number, count: number): void {
    if (pair >= this.#places.length) this.#grow(pair);
    this.#scores[pair] = score;
    this.#counts[pair] = count;
    let place = this.#places[pair]!;
    if (place === -1) {
      place = this.#heap.length;
      this.#heap.push(pair);
    }
    this.#settle(pair, place);
  }

  /** Takes a pair out, if it is in. */
  delete(pair: number): void {
    const place = this.#places[pair] ?? -1;
    if (place === -1) return;
    this.#places[pair] = -1;
    const last = this.#heap.pop()!;
    if (last !== pair) this.#settle(last, place);
  }

  /** Moves a pair up or down from a place that is free. */
  #settle(pair: number, start: number): void {
    const heap = this.#heap;
    let hole = start;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#goesBefore(pair, heap[parent]!)) break;
      this.#put(heap[parent]!, hole);
      hole = parent;
    }
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#goesBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#goesBefore(heap[child]!, pair)) break;
      this.#put(heap[child]!, hole);
      hole = child;
    }
    this.#put(pair, hole);
  }

  #put(pair: number, place: number): void {
    this.#heap[place] = pair;
    this.#places[pair] = place;
  }

  #goesBefore(a: number, b: number): boolean {
    const [scoreA, scoreB] = [this.#scores[a]!, this.#scores[b]!];
    if (scoreA !== scoreB) return scoreA > scoreB;
    const [countA, countB] = [this.#counts[a]!, this.#counts[b]!];
    return countA !== countB ? countA > countB : this.#goesFirst(a, b);
  }

  #grow(pair: number): void {
    const capacity = Math.max(pair + 1, 2 * this.#places.length);
    const places = new Int32Array(capacity).fill(-1);
    places.set(this.#places);
    this.#places = places;
    const scores = new Float64Array(capacity);
    scores.set(this.#scores);
    this.#scores = scores;
    const counts = new Float64Array(capacity);
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
