/**
 * Philox 4x32-10, a counter-based generator: each counter and key give four random words, and no
 * state is kept, so that any place in the sequence is as near as the first.
 *
 *     (hi0, lo0) = 0xD2511F53 · c0      (hi1, lo1) = 0xCD9E8D57 · c2
 *     c ← (hi1 ⊕ c1 ⊕ k0, lo1, hi0 ⊕ c3 ⊕ k1, lo0)      k ← k + (0x9E3779B9, 0xBB67AE85)
 *
 * ten times over; all words have 32 bits.
 *
 * @see Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3",
 * https://doi.org/10.1145/2063384.2063405
 */

/** Four words: a counter, or the random words that it gives. */
export type FourWords = readonly [number, number, number, number];

const ROUNDS = 10;

/** Computes the four random words of a counter under a key. */
export function philox4x32(counter: FourWords, key: readonly [number, number]): FourWords {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const hi0 = multiplyHigh(c0, 0xd251, 0x1f53);
    const lo0 = Math.imul(c0, 0xd2511f53);
    const hi1 = multiplyHigh(c2, 0xcd9e, 0x8d57);
    const lo1 = Math.imul(c2, 0xcd9e8d57);
    c0 = hi1 ^ c1 ^ k0;
    c1 = lo1;
    c2 = hi0 ^ c3 ^ k1;
    c3 = lo0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** The upper 32 bits of a · b, where b is given as two halves of 16 bits. */
function multiplyHigh(a: number, bHigh: number, bLow: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = Math.imul(aHigh, bLow) >>> 0;
  const low = (Math.imul(aLow, bLow) >>> 16) + (middle & 0xffff);
  const cross = Math.imul(aLow, bHigh) >>> 0;
  const carry = (low + (cross & 0xffff)) >>> 16;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16) + carry) | 0;
}
