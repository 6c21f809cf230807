import { fileURLToPath } from "node:url";
import { ConfigError, ShapeError } from "orrery-lm/base";
import { loadModel, type ForwardOptions, type Model } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { families, largestDifference, type Family } from "./reference.ts";

const VOCAB = 32;
const ROWS = [
  [3, 17, 9, 30, 4, 8],
  [11, 5, 5, 22, 29, 7],
];

let runtime: Runtime;
const models = new Map<Family, Model>();
const load = (family: Family): Promise<Model> =>
  loadModel(fileURLToPath(new URL(`../../goldens/models/${family}`, import.meta.url)), { runtime });
const modelOf = (family: Family): Model => models.get(family)!;

beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 1 });
  // oxlint-disable-next-line no-await-in-loop
  for (const family of families) models.set(family, await load(family));
});

async function logitsOf(family: Family, options: ForwardOptions): Promise<Float32Array> {
  return (await modelOf(family).forward(options)).logits!.data;
}

/** The rows [V] of logits [B, T, V] at the given indices of B · T. */
const rowsAt = (logits: Float32Array, indices: readonly number[]): number[] =>
  indices.flatMap((i) => Array.from(logits.subarray(i * VOCAB, (i + 1) * VOCAB)));

describe("forward refuses", () => {
  it.each<[string, Family, ForwardOptions, string]>([
    ["no rows", "llama", { inputIds: [] }, "inputIds: expected shape [batch, tokens], got [0, 0]"],
    ["empty rows", "llama", { inputIds: [[], []] }, "expected shape [batch, tokens], got [2, 0]"],
    [
      "rows of different lengths",
      "llama",
      { inputIds: [[1, 2], [3]] },
      "inputIds[1]: expected shape [2], got [1]",
    ],
    [
      "a tensor of one axis",
      "llama",
      { inputIds: { data: Int32Array.of(1, 2), shape: [2] } },
      "expected shape [batch, tokens], got [2]",
    ],
    [
      "data that its shape does not fit",
      "llama",
      { inputIds: { data: Int32Array.of(1, 2, 3), shape: [2, 2] } },
      "inputIds: data: expected shape [4], got [3]",
    ],
    [
      "labels of another shape",
      "llama",
      { inputIds: [[1, 2]], labels: [[1]] },
      "labels: expected shape [1, 2], got [1, 1]",
    ],
    [
      "a mask of another shape",
      "bloom",
      { inputIds: [[1, 2]], attentionMask: { data: Int32Array.of(1, 1), shape: [2, 1] } },
      "attentionMask: expected shape [1, 2], got [2, 1]",
    ],
  ])("%s", async (_, family, options, message) => {
    const error: unknown = await modelOf(family)
      .forward(options)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(message);
  });

  it.each<[string, Family, ForwardOptions, string]>([
    [
      "an id past the vocabulary",
      "llama",
      { inputIds: [[1, 32]] },
      "inputIds: expected ids in [0, 32), got 32 at index 1",
    ],
    ["a negative id", "llama", { inputIds: [[-1]] }, "got -1 at index 0"],
    ["half an id", "llama", { inputIds: [[1, 1.5]] }, "expected whole numbers, got 1.5 at index 1"],
    ["an id past 32 bits", "llama", { inputIds: [[2 ** 32 + 1]] }, "got 4294967297 at index 0"],
    [
      "a label past the vocabulary",
      "llama",
      { inputIds: [[1, 2]], labels: [[1, 99]] },
      "labels: expected ids in [0, 32), got 99 at index 1",
    ],
    [
      "more tokens than learned positions",
      "gpt2",
      { inputIds: [Array<number>(17).fill(3)] },
      "position 16 is past the table of learned positions, which has 16 rows",
    ],
    [
      "a position past the table",
      "gpt2",
      { inputIds: [[1, 2]], positionIds: [[0, 16]] },
      "position 16 is past",
    ],
    [
      "a negative position",
      "gpt2",
      { inputIds: [[1, 2]], positionIds: [[-1, 0]] },
      "position -1 is past",
    ],
    ["nothing to compute", "llama", { inputIds: [[1]], logits: "none" }, "nothing to compute"],
    [
      "a pattern that nothing matches",
      "llama",
      { inputIds: [[1]], capture: ["layers.9.output"] },
      "nothing is named layers.9.output; names are embedding.output",
    ],
  ])("%s", async (_, family, options, message) => {
    const error: unknown = await modelOf(family)
      .forward(options)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toContain(message);
  });
});

describe.each(families)("forward of %s", (family) => {
  it("takes rows and tensors alike", async () => {
    const tensor = { data: Int32Array.from(ROWS.flat()), shape: [2, 6] };
    expect(await logitsOf(family, { inputIds: ROWS })).toEqual(
      await logitsOf(family, { inputIds: tensor }),
    );
  });

  it("is not changed by a mask without padding, or by positions that count from 0", async () => {
    const plain = await logitsOf(family, { inputIds: ROWS });
    const attentionMask = ROWS.map((row) => row.map(() => 1));
    const positionIds = ROWS.map((row) => row.map((_, i) => i));
    for (const extra of [{ attentionMask }, { positionIds }, { attentionMask, positionIds }]) {
      // oxlint-disable-next-line no-await-in-loop
      const other = await logitsOf(family, { inputIds: ROWS, ...extra });
      expect(largestDifference(other, plain)).toBeLessThan(2e-6);
    }
  });

  it("gives a padded row the logits that it has alone, whatever the padding says", async () => {
    const alone = await logitsOf(family, { inputIds: [ROWS[1]!.slice(0, 4)] });
    for (const padding of [0, 31]) {
      const inputIds = [ROWS[0]!, [padding, padding, ...ROWS[1]!.slice(0, 4)]];
      const attentionMask = [
        [1, 1, 1, 1, 1, 1],
        [0, 0, 1, 1, 1, 1],
      ];
      // oxlint-disable-next-line no-await-in-loop
      const both = await logitsOf(family, { inputIds, attentionMask });
      expect(largestDifference(rowsAt(both, [8, 9, 10, 11]), alone)).toBeLessThan(2e-6);
      expect(both.every(Number.isFinite)).toBe(true);
    }
  });

  it("gives no token knowledge of later ones", async () => {
    const changed = ROWS.map((row) => row.with(5, 15));
    const [a, b] = [
      await logitsOf(family, { inputIds: ROWS }),
      await logitsOf(family, { inputIds: changed }),
    ];
    const early = [0, 1, 2, 3, 4, 6, 7, 8, 9, 10];
    expect(largestDifference(rowsAt(a, early), rowsAt(b, early))).toBeLessThan(1e-6);
    expect(largestDifference(rowsAt(a, [5, 11]), rowsAt(b, [5, 11]))).toBeGreaterThan(1e-2);
  });

  it("gives all logits, the last ones, or none", async () => {
    const model = modelOf(family);
    const all = await model.forward({ inputIds: ROWS, labels: ROWS });
    const last = await model.forward({ inputIds: ROWS, logits: "last" });
    const none = await model.forward({ inputIds: ROWS, labels: ROWS, logits: "none" });
    expect(all.logits!.shape).toEqual([2, 6, VOCAB]);
    expect(last.logits!.shape).toEqual([2, 1, VOCAB]);
    expect(Object.keys(none)).toEqual(["loss"]);
    expect(largestDifference(last.logits!.data, rowsAt(all.logits!.data, [5, 11]))).toBeLessThan(
      1e-6,
    );
    expect(none.loss).toBeCloseTo(all.loss!, 6);
  });

  it("scores only labels that are not negative, each against the token before it", async () => {
    const labels = [
      [-100, 17, -100, -1, 4, -100],
      [-100, -100, -100, -100, -100, 7],
    ];
    const { logits, loss } = await modelOf(family).forward({ inputIds: ROWS, labels });
    const surprise = (index: number, label: number): number => {
      const row = rowsAt(logits!.data, [index]);
      return Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[label]!;
    };
    expect(loss).toBeCloseTo((surprise(0, 17) + surprise(3, 4) + surprise(10, 7)) / 3, 5);
  });

  it("has the loss 0 where nothing is scored", async () => {
    const labels = ROWS.map((row) => row.map(() => -100));
    const { loss } = await modelOf(family).forward({ inputIds: ROWS, labels, logits: "none" });
    expect(loss).toBe(0);
  });

  it("tells the loss of each token", async () => {
    const model = modelOf(family);
    const { loss } = await model.forward({ inputIds: ROWS, labels: ROWS, logits: "none" });
    const nextIds = ROWS.map((row) => [...row.slice(1), -1]);
    const losses = await model.tokenLosses({ inputIds: ROWS, nextIds });
    expect(losses.length).toBe(12);
    expect([losses[5], losses[11]]).toEqual([0, 0]);
    expect(losses.reduce((a, b) => a + b, 0) / 10).toBeCloseTo(loss!, 5);
  });
});

describe("capture", () => {
  it.each(families)(
    "gives attention probabilities that sum to 1 and see no later token (%s)",
    async (family) => {
      const model = modelOf(family);
      const plain = await model.forward({ inputIds: ROWS });
      const capture = ["layers.*.attention.probabilities"];
      const { logits, captured } = await model.forward({ inputIds: ROWS, capture });
      const size = Math.max(1, ...plain.logits!.data.map(Math.abs));
      expect(largestDifference(logits!.data, plain.logits!.data) / size).toBeLessThan(1e-6);
      expect(Object.keys(captured!).sort()).toEqual([
        "layers.0.attention.probabilities",
        "layers.1.attention.probabilities",
      ]);
      for (const { data, shape } of Object.values(captured!)) {
        const [queries, keys] = shape.slice(-2) as [number, number];
        expect([shape.length, queries, keys]).toEqual([5, 6, 6]);
        for (let row = 0; row < data.length / keys; row++) {
          const probabilities = Array.from(data.subarray(row * keys, (row + 1) * keys));
          expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
          expect(probabilities.slice((row % queries) + 1).every((p) => p === 0)).toBe(true);
          expect(probabilities[row % queries]).toBeGreaterThan(0);
        }
      }
    },
  );

  it("gives padding no probability", async () => {
    const attentionMask = [[0, 0, 1, 1, 1, 1]];
    const capture = ["layers.0.attention.probabilities"];
    const options = { inputIds: [ROWS[0]!], attentionMask, capture, logits: "none" } as const;
    const { captured } = await modelOf("llama").forward(options);
    const { data } = captured!["layers.0.attention.probabilities"]!;
    const toPadding = Array.from(data).filter((_, i) => i % 6 < 2);
    expect(toPadding.every((p) => p === 0)).toBe(true);
  });

  it("needs no logits", async () => {
    const capture = ["finalNorm.output"];
    const result = await modelOf("llama").forward({ inputIds: ROWS, capture, logits: "none" });
    expect(Object.keys(result)).toEqual(["captured"]);
    expect(result.captured!["finalNorm.output"]!.shape).toEqual([2, 6, 16]);
  });
});

it("works on after it was released", async () => {
  const model = await load("llama");
  const before = await model.forward({ inputIds: ROWS });
  await model.release();
  expect(await model.forward({ inputIds: ROWS })).toEqual(before);
});
