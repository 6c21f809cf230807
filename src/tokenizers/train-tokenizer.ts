import { ConfigError, type Progress } from "orrery-lm/base";
import type { AddedTokenJson, ByteLevelJson } from "orrery-lm/formats";
import { splitGpt2 } from "./kernels/gpt2-scanner.ts";
import { Tokenizer } from "./tokenizer.ts";
import { trainBPE } from "./trainers/bpe-trainer.ts";
import { PieceCounter } from "./trainers/piece-counter.ts";

/** Options of {@link trainTokenizer}. */
export interface TrainTokenizerOptions {
  /** Tokens in all: special tokens, the 256 bytes, and merges. Fewer if the text has no more pairs. */
  readonly vocabSize: number;
  /** Control tokens, such as "<|endoftext|>"; they get the first ids. @default [] */
  readonly specialTokens?: readonly string[];
  /** A pair that occurs less often is not merged. @default 2 */
  readonly minFrequency?: number;
  /** How text is cut into pieces that no token crosses. @default "gpt2" */
  readonly pattern?: "gpt2";
  /** Told of texts read (of an unknown total: 0), then of merges. */
  readonly onProgress?: Progress;
  /** Aborts the training: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

// How long training may keep the thread before it lets others work.
const SLICE_MS = 50;

/**
 * Learns a byte-level BPE tokenizer from texts. The same texts give the same tokenizer; its ids are
 * those that Hugging Face `tokenizers` 0.23 learns: special tokens, bytes, then merges, the most
 * frequent pair first, ties by the smaller (left id, right id).
 *
 * No token crosses the end of a text. That library reads files line by line, so feed a file as
 * `splitLines(text)` to learn what it learns.
 *
 * @throws {ConfigError} if there is no text, `vocabSize` is below the special tokens and 256 bytes,
 * or a special token is empty.
 * @example
 * const tokenizer = await trainTokenizer(splitLines(text), { vocabSize: 1024 });
 */
export async function trainTokenizer(
  texts: Iterable<string> | AsyncIterable<string>,
  options: TrainTokenizerOptions,
): Promise<Tokenizer> {
  const { vocabSize, specialTokens = [], minFrequency = 2, onProgress, signal } = options;
  if (typeof texts === "string") {
    throw new ConfigError(
      "trainTokenizer: expected a list of texts, got one string; pass splitLines(text)",
    );
  }
  if (specialTokens.includes("")) throw new ConfigError("trainTokenizer: a special token is empty");
  const breathe = makePauses(signal);
  const counter = new PieceCounter(splitGpt2);
  let count = 0;
  const read = (text: string): Promise<void> | undefined => {
    counter.add(text);
    count++;
    onProgress?.(count, 0, "reading");
    return breathe();
  };
  if (Symbol.asyncIterator in texts) {
    for await (const text of texts) await read(text);
  } else {
    // To wait for each of a hundred thousand lines would take as long as counting them.
    for (const text of texts) {
      const pause = read(text);
      // oxlint-disable-next-line no-await-in-loop -- the pause is the purpose
      if (pause !== undefined) await pause;
    }
  }
  if (counter.pieces.size === 0) {
    throw new ConfigError(
      `trainTokenizer: there is nothing to learn from: ${count} texts, all empty`,
    );
  }
  const model = await trainBPE(counter, {
    vocabSize,
    specialTokens,
    minFrequency,
    afterMerge: (done, total) => {
      onProgress?.(done, total, "merging");
      return breathe();
    },
  });
  const addedTokens = specialTokens.map((content) => specialToken(content, model.vocab));
  const byteLevel: ByteLevelJson = {
    type: "ByteLevel",
    addPrefixSpace: true,
    trimOffsets: true,
    useRegex: true,
  };
  return new Tokenizer({
    truncation: null,
    padding: null,
    addedTokens,
    normalizer: null,
    preTokenizer: { ...byteLevel, addPrefixSpace: false },
    // As in GPT-2: offsets keep the blank before a word. What else differs here has no effect.
    postProcessor: { ...byteLevel, trimOffsets: false },
    decoder: byteLevel,
    model,
  });
}

/**
 * Cuts a text behind each line feed, which stays with its line.
 * @yields the lines; joined, they are the text
 */
export function* splitLines(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed + 1;
    yield text.slice(start, end);
    start = end;
  }
}

function specialToken(content: string, vocab: ReadonlyMap<string, number>): AddedTokenJson {
  return {
    id: vocab.get(content)!,
    content,
    singleWord: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
}

/** Makes a function that gives a promise to wait for when it is time to let others work. */
function makePauses(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let sliceStart = performance.now();
  return () => {
    signal?.throwIfAborted();
    if (performance.now() - sliceStart < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        sliceStart = performance.now();
        resolve();
      });
    });
  };
}
