import { ConfigError } from "orrery-lm/base";
import { type AutomatonState, minimalAutomaton } from "./minimal-automaton.ts";

// The offset of a unit has 21 bits, so no two units may be further apart.
const MAX_UNITS = 2 ** 21;
const BLOCK = 256;
const HAS_VALUE = 0x100;
const IS_VALUE = 0x80000000;
// How many free places for a state's units are tried before it goes behind everything.
const MAX_TRIES = 128;

/**
 * Compiles rules "this text becomes that text" into the form in which a SentencePiece `.model` has
 * them; {@link Charsmap} says what it looks like. States of the trie from which everything is equal
 * are stored once, which makes it several times smaller.
 *
 * @throws {ConfigError} if a key is empty or has a NUL, a replacement has one, or there are too many.
 */
export function buildCharsmap(rules: ReadonlyMap<string, string>): Uint8Array {
  for (const [key, replacement] of rules) {
    if (key !== "" && !key.includes("\0") && !replacement.includes("\0")) continue;
    const rule = `${JSON.stringify(key)} → ${JSON.stringify(replacement)}`;
    throw new ConfigError(`normalization: expected a text without U+0000, got the rule ${rule}`);
  }
  if (rules.size === 0) return new Uint8Array(0);
  const encoder = new TextEncoder();
  const replacements = [...new Set(rules.values())].toSorted();
  const placeOf = new Map<string, number>();
  let poolSize = 0;
  const pool = replacements.map((replacement) => {
    const bytes = encoder.encode(`${replacement}\0`);
    placeOf.set(replacement, poolSize);
    poolSize += bytes.length;
    return bytes;
  });
  const states = minimalAutomaton(rules, (replacement) => placeOf.get(replacement)!);
  const units = new UnitArray().place(states);
  const blob = new Uint8Array(4 + 4 * units.length + poolSize);
  const view = new DataView(blob.buffer);
  view.setUint32(0, 4 * units.length, true);
  for (const [i, unit] of units.entries()) view.setUint32(4 + 4 * i, unit, true);
  let at = 4 + 4 * units.length;
  for (const bytes of pool) {
    blob.set(bytes, at);
    at += bytes.length;
  }
  return blob;
}

/** Lays states into a double array: the unit for byte b of a state at `base` is `base ^ b`. */
class UnitArray {
  #units = new Uint32Array(4 * BLOCK);
  #isTaken = new Uint8Array(4 * BLOCK);
  #isBase = new Uint8Array(4 * BLOCK);
  #lowestFree = 1;
  #end = BLOCK; // a whole number of blocks
  readonly #bases = new Map<AutomatonState, number>();

  place(root: AutomatonState): Uint32Array {
    this.#isTaken[0] = 1;
    // The root must have an offset: SentencePiece refuses it without one.
    this.#isBase[0] = 1;
    const pending: { readonly unit: number; readonly state: AutomatonState }[] = [];
    const link = (unit: number, state: AutomatonState): void => {
      const known = this.#bases.get(state);
      const base = known ?? this.#findBase(state);
      this.#units[unit]! |= ((unit ^ base) << 10) | (state.value === undefined ? 0 : HAS_VALUE);
      if (known !== undefined) return;
      this.#bases.set(state, base);
      this.#isBase[base] = 1;
      if (state.value !== undefined) this.#take(base, IS_VALUE | state.value);
      for (const byte of state.children.keys()) this.#take(base ^ byte, byte);
      for (const [byte, child] of state.children) pending.push({ unit: base ^ byte, state: child });
    };
    link(0, root);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      link(next.unit, next.state);
    }
    this.#markFree();
    return this.#units.slice(0, this.#end);
  }

  /** Gives free units a label that no state in their block can be asked for. */
  #markFree(): void {
    for (let block = 0; block < this.#end; block += BLOCK) {
      let base = block;
      while (base < block + BLOCK - 1 && this.#isBase[base] === 1) base++;
      for (let unit = block; unit < block + BLOCK; unit++) {
        if (this.#isTaken[unit] === 0) this.#units[unit] = unit ^ base;
      }
    }
  }

  #take(unit: number, content: number): void {
    this.#isTaken[unit] = 1;
    this.#units[unit] = content;
  }

  #findBase({ value, children }: AutomatonState): number {
    const labels = value === undefined ? [...children.keys()] : [0, ...children.keys()];
    while (this.#lowestFree < this.#end && this.#isTaken[this.#lowestFree] === 1) {
      this.#lowestFree++;
    }
    let tries = 0;
    for (let place = this.#lowestFree; place < this.#end && tries < MAX_TRIES; place++) {
      if (this.#isTaken[place] === 1) continue;
      tries++;
      const base = place ^ labels[0]!;
      if (this.#isBase[base] === 0 && this.#isFree(base, labels)) return base;
    }
    const base = this.#end;
    this.#grow();
    return base;
  }

  #isFree(base: number, labels: readonly number[]): boolean {
    for (let i = 0; i < labels.length; i++) {
      if (this.#isTaken[base ^ labels[i]!] === 1) return false;
    }
    return true;
  }

  #grow(): void {
    this.#end += BLOCK;
    if (this.#end > MAX_UNITS) {
      throw new ConfigError(`normalization: the rules need more than ${MAX_UNITS} units`);
    }
    if (this.#end <= this.#units.length) return;
    const units = new Uint32Array(2 * this.#units.length);
    units.set(this.#units);
    this.#units = units;
    this.#isTaken = enlarged(this.#isTaken);
    this.#isBase = enlarged(this.#isBase);
  }
}

function enlarged(flags: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * flags.length);
  larger.set(flags);
  return larger;
}
