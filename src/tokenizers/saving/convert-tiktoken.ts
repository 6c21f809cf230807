import type { BPEJson, TiktokenJson } from "orrery-lm/formats";
import { BYTE_CHARACTERS } from "../byte-alphabet.ts";

/** A merge, with the ranks by which it is sorted. */
interface RankedMerge {
  readonly merge: readonly [left: string, right: string];
  readonly left: number;
  readonly right: number;
}

/**
 * The BPE that encodes as a rank file does: each cut of a token into two tokens is a merge, those that
 * make the token of the lowest rank first, and a piece that is a token gets its id.
 *
 * Of two merges that make the same token `tiktoken` does the leftmost first, BPE the one of the lower
 * ranks. It matters only where they share their middle part, as in a|aa|a, and only if the text
 * around them has not been merged with them before: no case is known from a real vocabulary.
 *
 * @see https://github.com/huggingface/transformers, convert_slow_tokenizer.py, TikTokenConverter
 */
export function convertTiktoken({ bytes, ends }: TiktokenJson): BPEJson {
  const vocab = spellTokens(bytes, ends);
  const merges: (readonly [string, string])[] = [];
  for (const token of vocab.keys()) {
    const cuts = cutsOf(token, vocab);
    if (cuts.length > 1) cuts.sort((a, b) => a.left - b.left || a.right - b.right);
    for (const { merge } of cuts) merges.push(merge);
  }
  return {
    type: "BPE",
    unkToken: null,
    fuseUnk: false,
    ignoreMerges: true,
    byteFallback: false,
    dropout: null,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
    vocab,
    merges,
  };
}

/** Ranks by token, in the order of ranks. */
function spellTokens(bytes: Uint8Array, ends: Uint32Array): ReadonlyMap<string, number> {
  const vocab = new Map<string, number>();
  let start = 0;
  for (const [rank, end] of ends.entries()) {
    let token = "";
    for (let i = start; i < end; i++) token += BYTE_CHARACTERS[bytes[i]!]!;
    if (end > start) vocab.set(token, rank);
    start = end;
  }
  return vocab;
}

function cutsOf(token: string, vocab: ReadonlyMap<string, number>): RankedMerge[] {
  const cuts: RankedMerge[] = [];
  for (let i = 1; i < token.length; i++) {
    const left = vocab.get(token.slice(0, i));
    if (left === undefined) continue;
    const right = vocab.get(token.slice(i));
    if (right !== undefined) {
      cuts.push({ merge: [token.slice(0, i), token.slice(i)], left, right });
    }
  }
  return cuts;
}
