import { ByteBuffer } from "../kernels/byte-buffer.ts";
import { PairTable } from "../kernels/pair-table.ts";
import { Utf8Encoder } from "../kernels/utf8-encoder.ts";

/** A state of an automaton that reads byte strings. */
export interface AutomatonState {
  /** Of the key that ends here, if one does. */
  readonly value: number | undefined;
  readonly children: ReadonlyMap<number, AutomatonState>;
}

/**
 * Makes the smallest automaton that gives each key, read as UTF-8, its value: states from which
 * everything is equal are one object.
 * @param values not negative
 */
export function minimalAutomaton(values: ReadonlyMap<string, number>): AutomatonState {
  return new Builder(values).build(0, values.size, 0);
}

class Builder {
  readonly #values: Int32Array; // by key
  readonly #starts: Int32Array; // by key, into #bytes; one more than there are keys
  readonly #bytes = new ByteBuffer(1 << 16);
  readonly #numberOf = new Map<AutomatonState, number>();
  // What a state consists of, as a chain of pairs: value, then (byte, number of the child) for each.
  readonly #chains = new PairTable(1024);
  readonly #stateOfChain = new Map<number, AutomatonState>();
  // Children of the states that are being built, outermost first.
  readonly #pending: (readonly [number, AutomatonState])[] = [];

  constructor(values: ReadonlyMap<string, number>) {
    // In the order of UTF-16, too, keys with the same first bytes stand together, the shortest first.
    const keys = [...values.keys()].toSorted();
    this.#values = Int32Array.from(keys, (key) => values.get(key)!);
    this.#starts = new Int32Array(keys.length + 1);
    const utf8 = new Utf8Encoder();
    for (const [i, key] of keys.entries()) {
      const { bytes, length } = utf8.encode(key);
      this.#bytes.append(bytes, 0, length);
      this.#starts[i + 1] = this.#bytes.length;
    }
  }

  /** The state for the keys `[from, to)`, which have their first `depth` bytes in common. */
  build(from: number, to: number, depth: number): AutomatonState {
    const endsHere = this.#starts[from + 1]! - this.#starts[from]! === depth;
    const value = endsHere ? this.#values[from]! : undefined;
    const pending = this.#pending.length;
    let chain = this.#chains.intern(-1, value ?? -1);
    for (let first = endsHere ? from + 1 : from; first < to;) {
      const byte = this.#byteAt(first, depth);
      let end = first + 1;
      while (end < to && this.#byteAt(end, depth) === byte) end++;
      const child = this.build(first, end, depth + 1);
      this.#pending.push([byte, child]);
      chain = this.#chains.intern(chain, 256 * this.#numberOf.get(child)! + byte);
      first = end;
    }
    const same = this.#stateOfChain.get(chain);
    const children = this.#pending.splice(pending);
    if (same !== undefined) return same;
    const state = { value, children: new Map(children) };
    this.#stateOfChain.set(chain, state);
    this.#numberOf.set(state, this.#numberOf.size);
    return state;
  }

  #byteAt(key: number, depth: number): number {
    return this.#bytes.data[this.#starts[key]! + depth]!;
  }
}
