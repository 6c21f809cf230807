/**
 * Bytes of a known size that can be read piece by piece: a file, a URL, an array.
 * `slice` gives the bytes of `[start, end)`; the result may share memory with the source, so it is
 * for reading only.
 */
export interface ByteSource {
  readonly size: number; // bytes
  /** @throws {RangeError} if not 0 ≤ start ≤ end ≤ size. */
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** A source that holds something open until it is closed. */
export interface OpenByteSource extends ByteSource {
  close(): Promise<void>;
}

/** Presents bytes in memory as a source; slices are views, not copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    slice: async (start, end) => {
      checkRange(start, end, bytes.length);
      return bytes.subarray(start, end);
    },
  };
}

/** Refuses a range that does not lie inside `size` bytes. */
export function checkRange(start: number, end: number, size: number): void {
  if (!(start >= 0 && start <= end && end <= size)) {
    throw new RangeError(`bytes [${start}, ${end}) do not lie in a source of ${size} bytes`);
  }
}
