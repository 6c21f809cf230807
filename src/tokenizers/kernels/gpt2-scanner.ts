import { LETTER, NUMBER, SPACE } from "../unicode/classes.ts";
import { contractionEnd } from "./contraction.ts";
import type { IdBuffer } from "../collections/id-buffer.ts";
import { classAt, runOf, runWithout, spacesEnd } from "./runs.ts";

const BLANK = 0x20;
const KINDS = LETTER | NUMBER | SPACE;

/**
 * Cuts as GPT-2 does:
 *
 *     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
 *
 * One pass without a regular expression: JavaScript's `\s` is not White_Space and its `\p{L}`
 * depends on the engine. `\s+(?!\S)` gives the last space of a run to the word behind it.
 *
 * @see Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", §2.2
 */
export function splitGpt2(bytes: Uint8Array, length: number, ends: IdBuffer): void {
  let position = 0;
  while (position < length) {
    position = pieceEnd(bytes, position, length);
    ends.push(position);
  }
}

function pieceEnd(bytes: Uint8Array, start: number, length: number): number {
  const contraction = contractionEnd(bytes, start, length);
  if (contraction !== 0) return contraction;
  const body = bytes[start] === BLANK && start + 1 < length ? start + 1 : start;
  const kind = classAt(bytes, body) & KINDS;
  if (kind === SPACE) return spacesEnd(bytes, start, length);
  return kind === 0 ? runWithout(bytes, body, length, KINDS) : runOf(bytes, body, length, kind);
}
