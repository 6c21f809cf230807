/** A program that counts and learns with what is built, in threads, and prints what came out. */
import { createHash } from "node:crypto";
import { generateStories } from "orrery-lm/lab";
import {
  type WordOptions,
  countWords,
  serializeWordCounts,
  splitLines,
  trainTokenizer,
} from "orrery-lm/tokenizers";

let started = 0;
process.on("worker", () => started++);

const text = generateStories(7, 200_000);
// Three batches, the last one short: two threads do not get equally many.
const texts = [...splitLines(text.repeat(11)), "中文字符 \uD800 é\n", text.slice(0, 12_345)];
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function* arriving(): AsyncGenerator<string> {
  yield* texts;
}

async function countsBy(options: WordOptions & { readonly maxWords?: number }): Promise<unknown> {
  const hashes: string[] = [];
  const before = started;
  for (const workers of [1, 2, 3]) {
    const source = workers === 2 ? arriving() : texts;
    // oxlint-disable-next-line no-await-in-loop -- two cores
    const words = await countWords(source, { ...options, workers });
    hashes.push(hashOf(serializeWordCounts(words)));
  }
  return { areEqual: new Set(hashes).size === 1, started: started - before };
}

async function failures(): Promise<unknown> {
  async function* broken(): AsyncGenerator<string> {
    yield* texts;
    throw new Error("the disk is gone");
  }
  async function* unending(): AsyncGenerator<string> {
    for (;;) yield* texts;
  }
  const errorOf = (counting: Promise<unknown>): Promise<string> =>
    counting.then(
      () => "no error",
      (error: unknown) => String(error),
    );
  const controller = new AbortController();
  const { signal } = controller;
  return {
    broken: await errorOf(countWords(broken(), { workers: 2 })),
    empty: await errorOf(countWords(["", ""], { workers: 2 })),
    aborted: await errorOf(
      countWords(unending(), {
        workers: 2,
        signal,
        onProgress: (done) => {
          if (done > 20_000) controller.abort(new Error("enough"));
        },
      }),
    ),
  };
}

async function vocabularies(): Promise<unknown> {
  const hashes: string[] = [];
  for (const workers of [1, 3]) {
    // The order of the words decides here, so it has to be that of the texts.
    const options = { vocabSize: 400, tieBreak: "first", workers } as const;
    // oxlint-disable-next-line no-await-in-loop
    const tokenizer = await trainTokenizer(texts, options);
    hashes.push(hashOf(tokenizer.save("tokenizer.json")["tokenizer.json"]!));
  }
  return { areEqual: new Set(hashes).size === 1 };
}

const found = {
  bytes: await countsBy({}),
  sentences: await countsBy({
    algorithm: "unigram",
    normalization: "identity",
    maxSentenceLength: 60,
  }),
  dropping: await countsBy({ maxWords: 100 }),
  vocabularies: await vocabularies(),
  failures: await failures(),
};
process.stdout.write(JSON.stringify(found));
