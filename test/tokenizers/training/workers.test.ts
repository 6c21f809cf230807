import { ConfigError } from "orrery-lm/base";
import { countWords, serializeWordCounts } from "orrery-lm/tokenizers";
import { expect, it } from "vitest";
import { runBuilt } from "../../run-built.ts";

it("counts and learns the same with 1, 2 and 3 workers, which end in any case", async () => {
  const same = { areEqual: true, started: 5 };
  expect(await runBuilt("test/tokenizers/training/count-in-workers.ts")).toEqual({
    bytes: same,
    sentences: same,
    dropping: same,
    vocabularies: { areEqual: true },
    failures: {
      broken: "Error: the disk is gone",
      empty: expect.stringMatching(/^ConfigError: .*nothing to learn from: 2 texts, all empty$/),
      aborted: "Error: enough",
    },
  });
});

it("counts in the calling thread where workers cannot be loaded, as here, from the source", async () => {
  const texts = ["the sun", "the moon"];
  const [here, there] = [await countWords(texts), await countWords(texts, { workers: 2 })];
  expect(serializeWordCounts(there)).toEqual(serializeWordCounts(here));
});

it.each([0, 1.5, NaN])("refuses %d workers", async (workers) => {
  await expect(countWords(["a"], { workers })).rejects.toThrow(ConfigError);
});
