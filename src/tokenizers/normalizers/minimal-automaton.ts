/** A state of an automaton that reads byte strings. */
export interface AutomatonState {
  /** Of the key that ends here, if one does. */
  readonly value: number | undefined;
  /** In ascending order of bytes. */
  readonly children: ReadonlyMap<number, AutomatonState>;
}

/** A byte string and its number. */
export interface NumberedKey {
  readonly bytes: Uint8Array;
  readonly value: number;
}

/**
 * Makes the smallest automaton that gives each key its value: states from which everything is equal
 * are one object.
 * @param keys different from each other
 */
export function minimalAutomaton(keys: readonly NumberedKey[]): AutomatonState {
  const sorted = keys.toSorted((a, b) => compareBytes(a.bytes, b.bytes));
  const numberOf = new Map<AutomatonState, number>();
  const known = new Map<string, AutomatonState>();
  const build = (from: number, to: number, depth: number): AutomatonState => {
    const endsHere = sorted[from]!.bytes.length === depth;
    const value = endsHere ? sorted[from]!.value : undefined;
    const children = new Map<number, AutomatonState>();
    let name = String(value);
    for (let first = endsHere ? from + 1 : from; first < to;) {
      const byte = sorted[first]!.bytes[depth]!;
      let end = first + 1;
      while (end < to && sorted[end]!.bytes[depth] === byte) end++;
      const child = build(first, end, depth + 1);
      children.set(byte, child);
      name += ` ${byte}:${numberOf.get(child)}`;
      first = end;
    }
    const same = known.get(name);
    if (same !== undefined) return same;
    const state = { value, children };
    known.set(name, state);
    numberOf.set(state, numberOf.size);
    return state;
  };
  return build(0, sorted.length, 0);
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
