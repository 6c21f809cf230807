/** Rows that hold several texts, and texts whose beginning is read in both directions. */
import { fileURLToPath } from "node:url";
import { loadModel, type ForwardOptions, type Model } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { families, largestDifference, type Family } from "./reference.ts";

const VOCAB = 32;
const BOUND = 1e-5;
const models = new Map<Family, Model>();

beforeAll(async () => {
  const runtime = await nativeRuntime({ threads: 1 });
  for (const family of families) {
    const folder = fileURLToPath(new URL(`../../goldens/models/${family}`, import.meta.url));
    // oxlint-disable-next-line no-await-in-loop
    models.set(family, await loadModel(folder, { runtime }));
  }
});

async function logitsOf(family: Family, options: ForwardOptions): Promise<Float32Array> {
  return (await models.get(family)!.forward(options)).logits!.data;
}

const texts = [
  [3, 17, 9, 30],
  [4, 8],
  [11, 5, 5],
];

describe("texts packed into a row", () => {
  it.each(families)("get the logits that each gets alone (%s)", async (family) => {
    const packed = await logitsOf(family, {
      inputIds: [texts.flat()],
      sequenceIds: [texts.flatMap((text, i) => text.map(() => i))],
    });
    let start = 0;
    for (const text of texts) {
      // oxlint-disable-next-line no-await-in-loop
      const alone = await logitsOf(family, { inputIds: [text] });
      const part = packed.subarray(start * VOCAB, (start + text.length) * VOCAB);
      expect(largestDifference(part, alone)).toBeLessThan(BOUND);
      start += text.length;
    }
  });

  it("keep positions that are given", async () => {
    const ids = { inputIds: [texts.flat()], sequenceIds: [[0, 0, 0, 0, 1, 1, 2, 2, 2]] };
    const counted = await logitsOf("gpt2", ids);
    const same = { ...ids, positionIds: [[0, 1, 2, 3, 0, 1, 0, 1, 2]] };
    expect(await logitsOf("gpt2", same)).toEqual(counted);
    const other = { ...ids, positionIds: [[0, 1, 2, 3, 4, 5, 6, 7, 8]] };
    expect(largestDifference(await logitsOf("gpt2", other), counted)).toBeGreaterThan(BOUND);
  });
});

describe("a prefix", () => {
  const ids = [texts.flat(), texts.flat().toReversed()];
  const changed = ids.map((row) => row.with(3, 1));
  const rowOf = (logits: Float32Array, row: number, i: number): Float32Array =>
    logits.subarray((row * 9 + i) * VOCAB, (row * 9 + i + 1) * VOCAB);

  it.each(families)("is seen by all its tokens, and nothing else ahead is (%s)", async (family) => {
    const prefixLengths = [4, 2];
    const before = await logitsOf(family, { inputIds: ids, prefixLengths });
    const after = await logitsOf(family, { inputIds: changed, prefixLengths });
    // Place 3 belongs to the prefix of the first row; the second row's ends before it.
    const moved = (row: number, i: number): boolean =>
      largestDifference(rowOf(before, row, i), rowOf(after, row, i)) > BOUND;
    const movedIn = (row: number): number[] => [...ids[row]!.keys()].filter((i) => moved(row, i));
    expect(movedIn(0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(movedIn(1)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it("of no places changes nothing", async () => {
    const plain = await logitsOf("llama", { inputIds: ids });
    const none = await logitsOf("llama", { inputIds: ids, prefixLengths: [0, 1] });
    expect(largestDifference(plain, none)).toBeLessThan(BOUND);
  });

  it.each<[number[], string]>([
    [[1], "forward: prefixLengths: expected shape [2], got [1]"],
    [[1, 10], "forward: prefixLengths[1]: expected a whole number from 0 to 9, got 10"],
    [[-1, 1], "forward: prefixLengths[0]: expected a whole number from 0 to 9, got -1"],
    [[0.5, 1], "forward: prefixLengths[0]: expected a whole number from 0 to 9, got 0.5"],
  ])("of %j is refused", async (prefixLengths, message) => {
    await expect(logitsOf("llama", { inputIds: ids, prefixLengths })).rejects.toThrow(message);
  });
});
