import { ConfigError } from "orrery-lm/base";
import type { BPEJson } from "orrery-lm/formats";
import { ALPHABET_BYTES, BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { MergeLearner, type SymbolRows } from "./merge-learner.ts";
import type { PieceCounter } from "./piece-counter.ts";

/** Options of {@link trainBPE}. */
export interface TrainBPEOptions {
  /** Tokens in all: special tokens, 256 bytes and merges. */
  readonly vocabSize: number;
  readonly specialTokens: readonly string[];
  /** A pair that occurs less often is not merged. */
  readonly minFrequency: number;
  /** Called after each merge; may wait. */
  readonly afterMerge: (done: number, total: number) => Promise<void> | undefined;
}

/**
 * Learns a byte-level BPE from counted pieces. Ids: the special tokens, the 256 bytes in the order of
 * the byte alphabet, then the merges as they are learned, most frequent pair first, ties by the
 * smaller (left id, right id). Equal to `BpeTrainer` of Hugging Face `tokenizers` 0.23.
 *
 * A merge whose text is a token already gives that token its second derivation, and no new id.
 *
 * @throws {ConfigError} if `vocabSize` has no room for the special tokens and the bytes.
 */
export async function trainBPE(
  counter: PieceCounter,
  { vocabSize, specialTokens, minFrequency, afterMerge }: TrainBPEOptions,
): Promise<BPEJson> {
  const vocab = startingVocabulary(specialTokens);
  if (!Number.isInteger(vocabSize) || vocabSize < vocab.size) {
    throw new ConfigError(
      `trainTokenizer: vocabSize must be at least ${vocab.size} ` +
        `(256 bytes and ${vocab.size - 256} special tokens), got ${vocabSize}`,
    );
  }
  const tokens = [...vocab.keys()];
  const learner = new MergeLearner(symbolRows(counter, vocab));
  const merges: [string, string][] = [];
  const start = vocab.size;
  while (vocab.size < vocabSize) {
    const best = learner.takeBest(Math.max(1, minFrequency));
    if (best === undefined) break;
    const [left, right] = [tokens[best.left]!, tokens[best.right]!];
    const id = vocab.get(left + right) ?? vocab.size;
    if (id === vocab.size) {
      vocab.set(left + right, id);
      tokens.push(left + right);
    }
    merges.push([left, right]);
    learner.merge(best, id);
    const pause = afterMerge(vocab.size - start, vocabSize - start);
    // oxlint-disable-next-line no-await-in-loop -- merges follow each other
    if (pause !== undefined) await pause;
  }
  return {
    type: "BPE",
    unkToken: null,
    fuseUnk: false,
    ignoreMerges: false,
    byteFallback: false,
    dropout: null,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
    vocab,
    merges: lastOfEach(merges),
  };
}

function startingVocabulary(specialTokens: readonly string[]): Map<string, number> {
  const vocab = new Map<string, number>();
  const alphabet = Array.from(ALPHABET_BYTES, (byte) => BYTE_CHARACTERS[byte]!);
  for (const token of [...specialTokens, ...alphabet]) {
    if (!vocab.has(token)) vocab.set(token, vocab.size);
  }
  return vocab;
}

function symbolRows(
  { pieces, counts }: PieceCounter,
  vocab: ReadonlyMap<string, number>,
): SymbolRows {
  const byteIds = Int32Array.from(BYTE_CHARACTERS, (character) => vocab.get(character)!);
  const starts = new Int32Array(pieces.size + 1);
  for (let i = 0; i < pieces.size; i++) starts[i + 1] = starts[i]! + pieces.bytesOf(i).length;
  const symbols = new Int32Array(starts[pieces.size]!);
  for (let i = 0; i < pieces.size; i++) {
    const bytes = pieces.bytesOf(i);
    for (let k = 0; k < bytes.length; k++) symbols[starts[i]! + k] = byteIds[bytes[k]!]!;
  }
  return { symbols, starts, counts: counts.subarray(0, pieces.size) };
}

/** A pair that was merged twice (only where a token has two derivations) keeps its last place. */
function lastOfEach(merges: readonly [string, string][]): [string, string][] {
  const last = new Map(merges.map(([left, right], i) => [`${left} ${right}`, i]));
  return merges.filter(([left, right], i) => last.get(`${left} ${right}`) === i);
}
