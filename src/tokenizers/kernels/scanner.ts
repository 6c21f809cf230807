import type { IdBuffer } from "../collections/id-buffer.ts";

/** Cuts `bytes[0, length)`, valid UTF-8, into pieces, and appends the end of each to `ends`. */
export type Scanner = (bytes: Uint8Array, length: number, ends: IdBuffer) => void;
