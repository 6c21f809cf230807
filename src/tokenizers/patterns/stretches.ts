/** How many stretches are remembered; this bounds memory. What is forgotten is only found out again. */
const MAX_STRETCHES = 256;

/** Stretches of places in a text, from the first to the last of each, in order and apart from each other. */
export class Stretches {
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  /** The stretch that was found last. */
  #found = 0;

  get length(): number {
    return this.#first.length;
  }

  first(i: number): number {
    return this.#first[i]!;
  }

  last(i: number): number {
    return this.#last[i]!;
  }

  /** The stretch with this place in it, or -1. */
  find(position: number): number {
    if (!this.#isWithin(this.#found, position)) this.#found = this.indexBehind(position);
    return this.#isWithin(this.#found, position) ? this.#found : -1;
  }

  /** How many stretches end before this place. */
  indexBehind(position: number): number {
    let low = 0;
    let high = this.#last.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#last[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts a stretch in place of `count` others; gives where it is. */
  replace(i: number, count: number, first: number, last: number): number {
    this.#first.splice(i, count, first);
    this.#last.splice(i, count, last);
    if (this.length <= MAX_STRETCHES) return i;
    const farthest = i === 0 ? this.length - 1 : 0;
    this.#first.splice(farthest, 1);
    this.#last.splice(farthest, 1);
    return farthest === 0 ? i - 1 : i;
  }

  /** Forgets a place and all before it; `after` is the place after it. */
  forget(position: number, after: number): void {
    let count = 0;
    while (count < this.length && this.#last[count]! <= position) count++;
    this.#first.splice(0, count);
    this.#last.splice(0, count);
    if (this.length > 0 && this.#first[0]! <= position) this.#first[0] = after;
  }

  #isWithin(i: number, position: number): boolean {
    return i < this.length && this.#first[i]! <= position && position <= this.#last[i]!;
  }
}
