/** What a stranger does: counts words in workers, and learns from them. */
import { countWords, serializeWordCounts, trainTokenizer } from "orrery-lm/tokenizers";

// Two batches and a bit.
const texts = Array.from(
  { length: 60_000 },
  (_, i) => `row ${i % 777}, its moon ${i % 13} and 中\n`,
);
const alone = await countWords(texts);
const shared = await countWords(texts, { workers: 2 });
const tokenizer = await trainTokenizer(shared, { vocabSize: 290 });
// What a page has fetched tells whether the worker came out of the bundle.
const fetched = performance.getEntriesByType("resource").map(({ name }) => name);

export const result: unknown = {
  areEqual: serializeWordCounts(alone).join() === serializeWordCounts(shared).join(),
  learned: tokenizer.encode(" moon").length,
  fetchedWorkers: fetched.filter((name) => name.includes("counting-worker")).length,
};
