import { FormatError } from "orrery-lm/base";

// Longer replacements than any Unicode form has would let a hostile file fill the memory.
const MAX_REPLACEMENT = 4096;
// Leaves carry this bit beside the value.
const LEAF = 0x80000000;

/**
 * A compiled set of rules "these bytes become those bytes", as SentencePiece stores it:
 *
 *     size of the trie in bytes (uint32, little-endian) | trie | replacements, each ended by a 0 byte
 *
 * The trie is a double array of Darts-clone: unit i has a label in bits 0–7, "a rule ends here" in
 * bit 8, and in bits 10–30 the offset to its children, times 256 if bit 9 is set; the child for byte c
 * is at `i ^ offset ^ c`, and the value at `i ^ offset` is where the replacement starts.
 *
 * @see https://github.com/s-yata/darts-clone
 */
export class Charsmap {
  /** How many bytes the rule that {@link findLongest} or {@link findShortest} found reads. */
  matchLength = 0;
  /** Where its replacement lies in {@link replacements}. */
  matchStart = 0;
  matchEnd = 0;
  readonly replacements: Uint8Array;
  readonly #units: Uint32Array;

  /** @throws {FormatError} if the sizes do not fit. */
  constructor(blob: Uint8Array, format: string) {
    const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
    const trieSize = blob.length < 4 ? 0 : view.getUint32(0, true);
    if (trieSize === 0 || trieSize % 4 !== 0 || trieSize > blob.length - 4) {
      throw new FormatError(
        format,
        `precompiled_charsmap: expected the size of a trie and the trie, got ${blob.length} bytes in all, ${trieSize} of them for the trie`,
      );
    }
    this.#units = Uint32Array.from({ length: trieSize / 4 }, (_, i) =>
      view.getUint32(4 + 4 * i, true),
    );
    this.replacements = blob.slice(4 + trieSize);
    checkReplacements(this.replacements, format);
  }

  /** Whether some rule starts with this byte. */
  hasRuleFor(byte: number): boolean {
    const node = offsetOf(this.#units[0]!) ^ byte;
    return labelOf(this.#units[node] ?? LEAF) === byte;
  }

  /** Whether some rule has this byte behind its first one. */
  hasInner(byte: number): boolean {
    const units = this.#units;
    const pending = [offsetOf(units[0]!)];
    const seen = new Uint8Array(units.length); // a broken trie may go in circles
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      for (let label = 1; label < 256; label++) {
        const child = node ^ label;
        if (child >= units.length || seen[child] === 1 || labelOf(units[child]!) !== label)
          continue;
        seen[child] = 1;
        const below = child ^ offsetOf(units[child]!);
        if (labelOf(units[below ^ byte] ?? LEAF) === byte) return true;
        pending.push(below);
      }
    }
    return false;
  }

  /** Finds the longest rule that `bytes[start, end)` starts with, as SentencePiece does. */
  findLongest(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#find(bytes, start, end, true);
  }

  /** Finds the shortest, as the `Precompiled` of Hugging Face does. */
  findShortest(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#find(bytes, start, end, false);
  }

  #find(bytes: Uint8Array, start: number, end: number, longest: boolean): boolean {
    const units = this.#units;
    let node = offsetOf(units[0]!);
    this.matchLength = 0;
    let value = 0;
    for (let i = start; i < end; i++) {
      node ^= bytes[i]!;
      // A broken trie may lead out of the array.
      const unit = units[node] ?? LEAF;
      if (labelOf(unit) !== bytes[i]) break;
      node ^= offsetOf(unit);
      if ((unit & 0x100) === 0) continue;
      this.matchLength = i + 1 - start;
      value = (units[node] ?? 0) & ~LEAF;
      if (!longest) break;
    }
    if (this.matchLength === 0) return false;
    this.matchStart = Math.min(value, this.replacements.length);
    const terminator = this.replacements.indexOf(0, this.matchStart);
    this.matchEnd = terminator < 0 ? this.replacements.length : terminator;
    return true;
  }
}

/** Only a leaf has bit 31, so that it equals no byte. */
function labelOf(unit: number): number {
  return (unit & (LEAF | 0xff)) >>> 0;
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function checkReplacements(bytes: Uint8Array, format: string): void {
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0) continue;
    if (i - start > MAX_REPLACEMENT) {
      throw new FormatError(
        format,
        `precompiled_charsmap: expected replacements of at most ${MAX_REPLACEMENT} bytes, got ${i - start}`,
      );
    }
    start = i + 1;
  }
}
