import { ConfigError } from "./errors.ts";
import { type FourWords, philox4x32 } from "./philox.ts";
import { cosSinOfTurn, logOfFraction } from "./portable-math.ts";

/**
 * Opens the random stream of a seed and a name, as in `random(seed, "dropout", step, "layers.3")`.
 * Equal seeds and names give equal bits in every runtime; other names give independent streams,
 * and no stream depends on what was drawn from another.
 *
 *     key = FNV-1a, 64 bits, of the UTF-8 bytes of JSON.stringify([seed, ...name])
 *
 * As JSON, so that ("a", "b"), ("ab") and ("1"), (1) differ.
 *
 * @throws {ConfigError} if a number among them is not a safe integer.
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function random(seed: number, ...name: (string | number)[]): RandomStream {
  for (const part of [seed, ...name]) {
    if (typeof part === "number" && !Number.isSafeInteger(part)) {
      throw new ConfigError(`random: a seed must be a whole number below 2^53, got ${part}`);
    }
  }
  return new RandomStream(hash64(JSON.stringify([seed, ...name])));
}

/**
 * An endless sequence of random 32-bit words and a position in it. Word 4i + j is word j of
 * Philox 4x32-10 at counter i.
 * `fill…` and `permutation` are for bulk; single draws take the next one, two or four words.
 */
export class RandomStream {
  readonly #key: readonly [number, number];
  /** How many words were drawn. */
  #position = 0;
  /** The words of the block that `#position` lies in, once one was drawn. */
  #block: FourWords = [0, 0, 0, 0];

  constructor(key: readonly [number, number]) {
    this.#key = key;
  }

  /** Draws a whole number in [0, 2^32). */
  uint32(): number {
    const lane = this.#position & 3;
    if (lane === 0) this.#block = this.#blockAt(Math.floor(this.#position / 4));
    this.#position += 1;
    return this.#block[lane]!;
  }

  /** Draws from [0, 1), in steps of 2^-53. */
  uniform(): number {
    return this.#bits53() / 2 ** 53;
  }

  /** Draws from the normal distribution of mean 0 and standard deviation 1. */
  normal(): number {
    return boxMuller(this.#bits53(), this.#bits53())[0];
  }

  /**
   * Draws a whole number in [0, n), each equally likely.
   * @throws {ConfigError} if n is not a whole number in [1, 2^53].
   */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 53) {
      throw new ConfigError(`random: integer(n) takes a whole number from 1 to 2^53, got ${n}`);
    }
    const isWide = n > 2 ** 32;
    const range = isWide ? 2 ** 53 : 2 ** 32;
    // Draws past the last whole multiple of n would favor small results; they are thrown away.
    const limit = range - (range % n);
    let draw: number;
    do draw = isWide ? this.#bits53() : this.uint32();
    while (draw >= limit);
    return draw % n;
  }

  /* oxlint-disable no-param-reassign -- the two methods that fill an argument say so in their names. */

  /** Fills with normal numbers, two from each block of four words, from the next whole block on. */
  fillNormal(out: Float32Array, std: number, mean = 0): void {
    const first = this.#skipToBlock();
    for (let i = 0; i < out.length; i += 2) {
      const [a, b, c, d] = this.#blockAt(first + i / 2);
      const pair = boxMuller(join53(a, b), join53(c, d));
      out[i] = mean + std * pair[0];
      // Writing past the end of a typed array does nothing.
      out[i + 1] = mean + std * pair[1];
    }
    this.#position += 4 * Math.ceil(out.length / 2);
  }

  /**
   * Fills evenly from [low, high) with 24 bits each, a word for each, from the next whole block on.
   * Rounding to float32 can give `high` itself, though not for [0, 1).
   */
  fillUniform(out: Float32Array, low: number, high: number): void {
    const first = this.#skipToBlock();
    for (let i = 0; i < out.length; i += 4) {
      const words = this.#blockAt(first + i / 4);
      for (let lane = 0; lane < 4; lane++) {
        out[i + lane] = low + (high - low) * ((words[lane]! >>> 8) / 2 ** 24);
      }
    }
    this.#position += 4 * Math.ceil(out.length / 4);
  }

  /* oxlint-enable no-param-reassign */

  /** Draws an order of 0 … n - 1, each equally likely (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }

  #bits53(): number {
    return join53(this.uint32(), this.uint32());
  }

  #skipToBlock(): number {
    const block = Math.ceil(this.#position / 4);
    this.#position = 4 * block;
    return block;
  }

  #blockAt(index: number): FourWords {
    return philox4x32([index >>> 0, Math.floor(index / 2 ** 32), 0, 0], this.#key);
  }
}

/** 53 bits as a whole number: all of the first word, the upper 21 bits of the second. */
function join53(a: number, b: number): number {
  return a * 2 ** 21 + (b >>> 11);
}

/** Two independent normal numbers from two whole numbers in [0, 2^53) (Box and Muller 1958). */
function boxMuller(k1: number, k2: number): readonly [number, number] {
  // k1 + 1, since the logarithm of zero is not a number; one is as likely.
  const radius = Math.sqrt(-2 * logOfFraction(k1 + 1));
  const [cos, sin] = cosSinOfTurn(k2 / 2 ** 53);
  return [radius * cos, radius * sin];
}

/** FNV-1a of a text's UTF-8 bytes, as its lower and its upper 32 bits. */
function hash64(text: string): readonly [number, number] {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return [Number(hash & 0xffffffffn), Number(hash >> 32n)];
}
