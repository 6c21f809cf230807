import type { WordCounts } from "./word-counts.ts";

/** Counted words as arrays, which go from one thread to another. */
export interface PackedWords {
  /** The words, one behind the other, in the order in which they were seen. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By word: where it ends. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** By word. */
  readonly counts: Float64Array<ArrayBuffer>;
  readonly leftOut: WordCounts["leftOut"];
}

/** Packs words of which none were dropped. */
export function packWords(words: WordCounts): PackedWords {
  const ends = new Uint32Array(words.size);
  let length = 0;
  for (let word = 0; word < words.size; word++) {
    length += words.bytesOf(word).length;
    ends[word] = length;
  }
  const bytes = new Uint8Array(length);
  for (let word = 0; word < words.size; word++) {
    bytes.set(words.bytesOf(word), word === 0 ? 0 : ends[word - 1]);
  }
  return { bytes, ends, counts: words.counts.slice(), leftOut: words.leftOut };
}

/** Adds packed words, the new ones in their order. */
export function addPacked(words: WordCounts, { bytes, ends, counts, leftOut }: PackedWords): void {
  let start = 0;
  for (let word = 0; word < ends.length; word++) {
    const end = ends[word]!;
    words.add(bytes.subarray(start, end), counts[word]!);
    start = end;
  }
  for (const [reason, count] of Object.entries(leftOut)) words.noteLeftOut(reason, count);
}
