import { random } from "orrery-lm/base";
import { firstUpdate, initialize, languageModelProgram, layerSignals } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { captureValues, gradients, interpret, topologicalOrder } from "orrery-lm/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "./configs.ts";

const stream = random(1, "ids");
const row = (): number[] => Array.from({ length: 16 }, () => stream.integer(32));
const inputIds = [row(), row(), row()];
const labels = [row(), row(), row()];
let runtime: Runtime;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 2 });
});

const networkOf = (norm_placement: string, num_hidden_layers: number) =>
  build({
    model_type: "orrery",
    vocab_size: 32,
    hidden_size: 32,
    intermediate_size: 128,
    num_hidden_layers,
    num_attention_heads: 4,
    max_position_embeddings: 64,
    position_encoding: "none",
    norm: "layer_norm",
    ffn: "mlp",
    hidden_act: "relu",
    norm_placement,
    initializer: norm_placement.startsWith("deep") ? "deep_norm" : "xavier",
  }).network;
const signals = (placement: string, layers: number) =>
  layerSignals(networkOf(placement, layers), { runtime, seed: 1, inputIds, labels });
const update = (placement: string, layers: number, learningRate = 1e-3): Promise<number> =>
  firstUpdate(networkOf(placement, layers), { runtime, seed: 1, inputIds, labels, learningRate });
const rms = (x: Iterable<number>): number => {
  const all = Array.from(x);
  return Math.sqrt(all.reduce((sum, v) => sum + v * v, 0) / all.length);
};

it("measures what the interpreter computes", async () => {
  const network = networkOf("pre", 2);
  const program = languageModelProgram(network, {
    batch: 3,
    tokens: 16,
    hasMask: false,
    hasPositions: false,
    hasLabels: true,
    logits: "none",
  });
  const { outputs, captured } = captureValues({ loss: program.loss! }, ["layers.1.output"]);
  const matrix = topologicalOrder([outputs.loss]).find(
    ({ attributes }) => (attributes as { name?: string }).name === "layers.1.ffn.down.weight",
  )!;
  const specs = network.parameters();
  const numbers = [...initialize(specs, 1)].map(([name, data]) => [
    name,
    { data: Float64Array.from(data), shape: specs[name]!.shape },
  ]);
  const ids = (rows: number[][]) => ({ data: Float64Array.from(rows.flat()), shape: [3, 16] });
  const { x, slope } = interpret(
    { x: captured["layers.1.output"]!, slope: gradients(outputs.loss, [matrix])[0]! },
    { ...Object.fromEntries(numbers), inputIds: ids(inputIds), labels: ids(labels) },
  );
  const found = await signals("pre", 2);
  const size = rms(x.data);
  const means = Array.from({ length: 48 }, (_, t) => {
    const token = x.data.slice(32 * t, 32 * t + 32);
    return token.reduce((a, b) => a + b, 0) / 32;
  });
  expect(found.streamRms[1]! / size).toBeCloseTo(1, 5);
  expect(found.meanShares[1]! / (rms(means) / size)).toBeCloseTo(1, 4);
  expect(found.gradientNorms[1]! / (rms(slope.data) * Math.sqrt(slope.data.length))).toBeCloseTo(
    1,
    4,
  );
});

describe("at first weights", () => {
  it("post-norm and DeepNorm keep the stream at 1, pre-norm lets it grow", async () => {
    for (const placement of ["post", "deep"]) {
      const { streamRms, meanShares } = await signals(placement, 8);
      for (const size of streamRms) expect(size, placement).toBeCloseTo(1, 3);
      for (const share of meanShares) expect(share, placement).toBeLessThan(1e-6);
    }
    const { streamRms } = await signals("pre", 8);
    expect(streamRms).toEqual(streamRms.toSorted((a, b) => a - b));
    expect(streamRms[7]!).toBeGreaterThan(1.5 * streamRms[0]!);
  });

  // Xiong et al.: the last gradient is O(1) for post-norm and O(1/√N) for pre-norm.
  it("pre-norm halves the last gradient at four times the layers", async () => {
    const [few, many] = [await signals("pre", 3), await signals("pre", 12)];
    const ratio = many.gradientNorms.at(-1)! / few.gradientNorms.at(-1)!;
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(0.65);
  });

  it("post-norm has a larger last gradient than pre-norm", async () => {
    const [post, pre] = [await signals("post", 8), await signals("pre", 8)];
    expect(post.gradientNorms.at(-1)!).toBeGreaterThan(1.5 * pre.gradientNorms.at(-1)!);
  });

  it("DeepNorm has gradients of one size in all layers", async () => {
    const { gradientNorms } = await signals("deep", 8);
    const first = gradientNorms[0]!;
    for (const norm of gradientNorms) expect(Math.abs(norm / first - 1)).toBeLessThan(0.2);
  });

  it("only DeepNorm's first update does not grow with depth", async () => {
    const growth = async (placement: string): Promise<number> =>
      (await update(placement, 12)) / (await update(placement, 3));
    const [post, pre, deep] = [await growth("post"), await growth("pre"), await growth("deep")];
    expect(Math.abs(deep - 1)).toBeLessThan(0.35);
    expect(pre).toBeGreaterThan(1.2);
    expect(post).toBeGreaterThan(pre);
  });

  it("with Adam's first step DeepNorm's update grows, too", async () => {
    const of = (layers: number): Promise<number> =>
      firstUpdate(networkOf("deep", layers), { runtime, seed: 1, inputIds, labels, step: "adam" });
    expect((await of(8)) / (await of(2))).toBeGreaterThan(1.5);
  });

  it("is divided by the rate", async () => {
    const [one, two] = [await update("pre", 2, 1e-3), await update("pre", 2, 2e-3)];
    expect(two / one).toBeCloseTo(1, 1);
  });
});
