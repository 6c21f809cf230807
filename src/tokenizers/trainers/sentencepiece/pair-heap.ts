/** Gives out pairs by count, the highest first; each pair is in it at most once. */
export class PairHeap {
  readonly #goesFirst: (a: number, b: number) => boolean;
  readonly #pairs: number[] = [];
  #counts = new Float64Array(1024); // by pair, as it was when it was put in

  /** @param goesFirst which of two pairs of equal count goes first */
  constructor(goesFirst: (a: number, b: number) => boolean) {
    this.#goesFirst = goesFirst;
  }

  push(pair: number, count: number): void {
    if (pair >= this.#counts.length) {
      const counts = new Float64Array(Math.max(pair + 1, 2 * this.#counts.length));
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[pair] = count;
    const pairs = this.#pairs;
    let hole = pairs.length;
    pairs.push(pair);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#isBefore(pair, pairs[parent]!)) break;
      pairs[hole] = pairs[parent]!;
      hole = parent;
    }
    pairs[hole] = pair;
  }

  /** Takes the first pair out; undefined if there is none. */
  pop(): { readonly pair: number; readonly count: number } | undefined {
    const pairs = this.#pairs;
    const first = pairs[0];
    const last = pairs.pop();
    if (first === undefined || last === undefined) return undefined;
    if (pairs.length > 0) {
      let hole = 0;
      for (;;) {
        let child = 2 * hole + 1;
        if (child >= pairs.length) break;
        if (child + 1 < pairs.length && this.#isBefore(pairs[child + 1]!, pairs[child]!)) child++;
        if (!this.#isBefore(pairs[child]!, last)) break;
        pairs[hole] = pairs[child]!;
        hole = child;
      }
      pairs[hole] = last;
    }
    return { pair: first, count: this.#counts[first]! };
  }

  #isBefore(a: number, b: number): boolean {
    const [countA, countB] = [this.#counts[a]!, this.#counts[b]!];
    return countA === countB ? this.#goesFirst(a, b) : countA > countB;
  }
}
