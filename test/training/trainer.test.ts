import { initialize } from "orrery-lm/models";
import { nativeRuntime, wasmRuntime, type Runtime } from "orrery-lm/runtime";
import { Trainer, type StepMetrics, type TrainingOptions } from "orrery-lm/training";
import { beforeAll, describe, expect, it } from "vitest";
import { tinyArchitecture, tinyTokens, tinyTraining } from "./tiny.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 2 });
});

async function open(
  change: Partial<TrainingOptions> = {},
  on: Runtime = runtime,
): Promise<Trainer> {
  const architecture = tinyArchitecture();
  const start = initialize(architecture.network.parameters(), 1);
  return Trainer.open({
    architecture,
    options: tinyTraining(change),
    runtime: on,
    tokens: tinyTokens(),
    start,
  });
}

async function steps(trainer: Trainer, count: number): Promise<StepMetrics[]> {
  const metrics: StepMetrics[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let i = 0; i < count; i++) metrics.push(await trainer.step());
  return metrics;
}

describe("Trainer", () => {
  it("learns", async () => {
    const losses = (await steps(await open({ steps: 150 }), 150)).map(({ loss }) => loss);
    expect(losses[0]).toBeCloseTo(Math.log(32), 1);
    expect(losses.at(-1)).toBeLessThan(1.5); // the text itself has log 2 = 0.69
  });

  it("gives equal losses for equal settings, other ones for another seed", async () => {
    const [a, b, c] = [await open(), await open(), await open({ seed: 2 })];
    const first = await steps(a, 4);
    expect(await steps(b, 4)).toEqual(first);
    expect((await steps(c, 4)).map(({ loss }) => loss)).not.toEqual(first.map(({ loss }) => loss));
  });

  it("goes on from a state as if it had never stopped", async () => {
    const whole = await steps(await open(), 6);
    const before = await open();
    await steps(before, 3);
    const architecture = tinyArchitecture();
    const after = await Trainer.open({
      architecture,
      options: tinyTraining(),
      runtime,
      tokens: tinyTokens(),
      start: before.state,
    });
    expect(await steps(after, 3)).toEqual(whole.slice(3));
  });

  it("stays where it is at a learning rate of 0", async () => {
    const trainer = await open({ steps: 1, finalRatio: 0, warmupSteps: 0 });
    const before = trainer.state.parameters;
    await trainer.step(); // the only step is the last one: the cosine has come down to 0
    for (const [name, data] of trainer.state.parameters) expect(data).toEqual(before.get(name));
  });

  it("accumulates what a larger batch would give", async () => {
    // Two passes of two sequences see other windows than one of four, so let every window be equal.
    const architecture = tinyArchitecture();
    const start = initialize(architecture.network.parameters(), 1);
    const tokens = new Uint32Array(9).map((_, i) => i);
    const run = (batchSize: number, accumulationSteps: number): Promise<Trainer> =>
      Trainer.open({
        architecture,
        options: tinyTraining({ batchSize, accumulationSteps }),
        runtime,
        tokens,
        start,
      });
    const [large, small] = [await steps(await run(4, 1), 3), await steps(await run(2, 2), 3)];
    small.forEach((metrics, i) => {
      expect(metrics.loss).toBeCloseTo(large[i]!.loss, 5);
      expect(metrics.gradientNorm).toBeCloseTo(large[i]!.gradientNorm, 4);
    });
  });

  it("gives the native build's losses in WASM", async () => {
    const native = await steps(await open(), 4);
    const wasm = await steps(await open({}, await wasmRuntime()), 4);
    wasm.forEach(({ loss }, i) => expect(Math.abs(loss - native[i]!.loss)).toBeLessThan(1e-4));
  });

  it("stops when the run diverges, and says so", async () => {
    const trainer = await open({ learningRate: 1e30, warmupSteps: 0 });
    await expect(steps(trainer, 6)).rejects.toThrow(/step \d: the loss is .*smaller learning rate/);
  });

  it.each<[Partial<TrainingOptions>, string]>([
    [{ steps: 0 }, "steps: expected a whole number, 1 or more, got 0"],
    [{ learningRate: NaN }, "learningRate: expected a positive number, got NaN"],
    [{ beta1: 1 }, "beta1: expected at least 0 and less than 1, got 1"],
    [{ weightDecay: -1 }, "weightDecay: expected 0 or more, got -1"],
    [{ finalRatio: 2 }, "finalRatio: expected 0 to 1, got 2"],
    [{ warmupSteps: 1.5 }, "warmupSteps: expected a whole number, 0 or more, got 1.5"],
    [{ seed: -1 }, "seed: expected a whole number, 0 or more, got -1"],
  ])("refuses %o", async (change, message) => {
    await expect(open(change)).rejects.toThrow(message);
  });

  it("refuses a sequence past a table of learned positions", async () => {
    const architecture = tinyArchitecture({ position_encoding: "learned" });
    const start = initialize(architecture.network.parameters(), 1);
    const options = tinyTraining({ sequenceLength: 9 });
    await expect(
      Trainer.open({ architecture, options, runtime, tokens: tinyTokens(), start }),
    ).rejects.toThrow(
      "a sequence of 9 tokens is longer than the table of learned positions, which has 8 rows",
    );
  });

  it("refuses a text shorter than a sequence, before the first step", async () => {
    const architecture = tinyArchitecture();
    const start = initialize(architecture.network.parameters(), 1);
    const trainer = Trainer.open({
      architecture,
      options: tinyTraining(),
      runtime,
      tokens: tinyTokens(8),
      start,
    });
    await expect(trainer).rejects.toThrow("expected a text of more than 8 tokens");
  });
});
