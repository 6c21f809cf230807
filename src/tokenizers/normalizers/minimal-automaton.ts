import { PairTable } from "../collections/pair-table.ts";

/** A state of an automaton that reads byte strings. */
export interface AutomatonState {
  /** Of the key that ends here, if one does. */
  readonly value: number | undefined;
  readonly children: ReadonlyMap<number, AutomatonState>;
}

/**
 * Makes a small automaton that gives each key, read as UTF-8, its value: states from which everything
 * is equal are one object.
 *
 * It works on characters first, where ten thousand Hangul syllables that can be written in twenty ways
 * each are few different states, and then spells those out in bytes.
 * @param valueOf the value, not negative, for what a key has in `map`
 */
export function minimalAutomaton<T>(
  map: ReadonlyMap<string, T>,
  valueOf: (item: T) => number,
): AutomatonState {
  const root: CharacterNode = { value: undefined, children: undefined };
  for (const [key, item] of map) {
    let node = root;
    for (const character of key) {
      node.children ??= new Map();
      let child = node.children.get(character);
      if (child === undefined) {
        child = { value: undefined, children: undefined };
        node.children.set(character, child);
      }
      node = child;
    }
    node.value = valueOf(item);
  }
  return new Minimizer().minimize(root);
}

interface CharacterNode {
  value: number | undefined;
  children: Map<string, CharacterNode> | undefined;
}

/** What follows behind some first bytes of characters. */
interface Branch {
  readonly bytes: Uint8Array;
  readonly state: AutomatonState;
}

class Minimizer {
  readonly #encoder = new TextEncoder();
  // What a state consists of, as a chain of pairs: value, then (label, number of the child) for each.
  readonly #chains = new PairTable(1024);
  readonly #states = new Map<number, AutomatonState>(); // by chain of bytes
  readonly #nodes = new Map<number, AutomatonState>(); // by chain of characters
  readonly #numberOf = new Map<AutomatonState, number>();

  minimize({ value, children }: CharacterNode): AutomatonState {
    // Characters and bytes must not be mixed up.
    let chain = this.#chains.intern(-2, value ?? -1);
    const minimized: (readonly [character: string, state: AutomatonState])[] = [];
    for (const [character, child] of children ?? []) {
      const state = this.minimize(child);
      minimized.push([character, state]);
      chain = this.#chains.intern(chain, character.codePointAt(0)!);
      chain = this.#chains.intern(chain, this.#numberOf.get(state)!);
    }
    const known = this.#nodes.get(chain);
    if (known !== undefined) return known;
    const branches = minimized.map(([character, state]) => ({
      bytes: this.#encoder.encode(character),
      state,
    }));
    const state = this.#spell(branches, 0, value);
    this.#nodes.set(chain, state);
    return state;
  }

  /** The state for characters that have their first `depth` bytes in common. */
  #spell(branches: readonly Branch[], depth: number, value: number | undefined): AutomatonState {
    const groups: Branch[][] = [];
    for (const branch of branches) (groups[branch.bytes[depth]!] ??= []).push(branch);
    const children = new Map<number, AutomatonState>();
    let chain = this.#chains.intern(-1, value ?? -1);
    for (const [byte, group] of groups.entries()) {
      if (group === undefined) continue;
      const [{ bytes, state }] = group as [Branch];
      const child = bytes.length === depth + 1 ? state : this.#spell(group, depth + 1, undefined);
      children.set(byte, child);
      chain = this.#chains.intern(chain, 256 * this.#numberOf.get(child)! + byte);
    }
    const known = this.#states.get(chain);
    if (known !== undefined) return known;
    const state = { value, children };
    this.#states.set(chain, state);
    this.#numberOf.set(state, this.#numberOf.size);
    return state;
  }
}
