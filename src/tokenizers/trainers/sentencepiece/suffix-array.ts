/**
 * Sorts all suffixes of a text: `array[i]` is where the i-th smallest suffix starts. A suffix comes
 * before those that it is a beginning of.
 *
 * Induced sorting (SA-IS), O(n + alphabet): only the suffixes at local minima are sorted, by the same
 * way on a text at most half as long; the order of the others follows from theirs in two passes.
 *
 * @param text symbols in [0, alphabetSize)
 * @see Nong, Zhang and Chan 2009, Linear Suffix Array Construction by Almost Pure Induced-Sorting
 */
export function suffixArray(text: Int32Array, alphabetSize: number): Int32Array {
  const n = text.length;
  if (n < 2) return new Int32Array(n);
  const isSmaller = smallerThanNext(text);
  const sorter = new InducedSorter(text, isSmaller, alphabetSize);
  const minima = localMinima(isSmaller);
  // This much puts the stretches between minima in order, though not yet what is behind them.
  const { names, count } = nameMinima(text, minima, sorter.sort(minima));
  const order = count === minima.length ? inverse(names) : suffixArray(names, count);
  return sorter.sort(order.map((i) => minima[i]!));
}

/** 1 where a suffix is smaller than the one behind it. The empty suffix is the smallest of all. */
function smallerThanNext(text: Int32Array): Uint8Array {
  const isSmaller = new Uint8Array(text.length);
  for (let i = text.length - 2; i >= 0; i--) {
    const [here, next] = [text[i]!, text[i + 1]!];
    isSmaller[i] = here === next ? isSmaller[i + 1]! : Number(here < next);
  }
  return isSmaller;
}

/** Places whose suffix is smaller than both neighbors, in the order of the text. */
function localMinima(isSmaller: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 1; i < isSmaller.length; i++) count += isSmaller[i]! & ~isSmaller[i - 1]!;
  const minima = new Int32Array(count);
  for (let i = 1, k = 0; i < isSmaller.length; i++) {
    if (isSmaller[i] === 1 && isSmaller[i - 1] === 0) minima[k++] = i;
  }
  return minima;
}

/** Puts all suffixes in order, given those at local minima in order. */
class InducedSorter {
  readonly #text: Int32Array;
  readonly #isSmaller: Uint8Array;
  readonly #starts: Int32Array; // where the suffixes that begin with each symbol start

  constructor(text: Int32Array, isSmaller: Uint8Array, alphabetSize: number) {
    this.#text = text;
    this.#isSmaller = isSmaller;
    this.#starts = new Int32Array(alphabetSize + 1);
    for (const symbol of text) this.#starts[symbol + 1]!++;
    for (let symbol = 0; symbol < alphabetSize; symbol++) {
      this.#starts[symbol + 1]! += this.#starts[symbol]!;
    }
  }

  sort(minima: Int32Array): Int32Array {
    const [text, isSmaller] = [this.#text, this.#isSmaller];
    const n = text.length;
    const array = new Int32Array(n).fill(-1);
    const ends = this.#starts.slice(1);
    for (let k = minima.length - 1; k >= 0; k--) array[--ends[text[minima[k]!]!]!] = minima[k]!;
    const starts = this.#starts.slice();
    array[starts[text[n - 1]!]!++] = n - 1;
    for (let i = 0; i < n; i++) {
      const before = array[i]! - 1;
      if (before >= 0 && isSmaller[before] === 0) array[starts[text[before]!]!++] = before;
    }
    ends.set(this.#starts.subarray(1));
    for (let i = n - 1; i >= 0; i--) {
      const before = array[i]! - 1;
      if (before >= 0 && isSmaller[before] === 1) array[--ends[text[before]!]!] = before;
    }
    return array;
  }
}

/** Numbers the stretches between local minima so that equal stretches get equal numbers, in order. */
function nameMinima(
  text: Int32Array,
  minima: Int32Array,
  array: Int32Array,
): { names: Int32Array; count: number } {
  const numberOf = new Int32Array(text.length).fill(-1);
  for (let k = 0; k < minima.length; k++) numberOf[minima[k]!] = k;
  const names = new Int32Array(minima.length);
  let count = 0;
  let previous = -1;
  for (const place of array) {
    const k = numberOf[place]!;
    if (k < 0) continue;
    if (previous >= 0 && !isSameStretch(text, minima, previous, k)) count++;
    names[k] = count;
    previous = k;
  }
  return { names, count: previous < 0 ? 0 : count + 1 };
}

function inverse(permutation: Int32Array): Int32Array {
  const inverted = new Int32Array(permutation.length);
  for (let i = 0; i < permutation.length; i++) inverted[permutation[i]!] = i;
  return inverted;
}

function isSameStretch(text: Int32Array, minima: Int32Array, a: number, b: number): boolean {
  const [startA, startB] = [minima[a]!, minima[b]!];
  const endA = minima[a + 1] ?? text.length;
  const endB = minima[b + 1] ?? text.length;
  if (endA - startA !== endB - startB || endA === text.length || endB === text.length) return false;
  for (let i = 0; i <= endA - startA; i++) {
    if (text[startA + i] !== text[startB + i]) return false;
  }
  return true;
}
