import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { loadModel } from "orrery-lm/models";
import { train, type StepMetrics, type TrainOptions, type TrainResult } from "orrery-lm/training";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { tinyConfig, tinyTokens, tinyTraining } from "./tiny.ts";

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 2 });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orrery-run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(change: Partial<TrainOptions> = {}): Promise<TrainResult> {
  return train({
    config: tinyConfig(),
    training: tinyTraining(),
    tokens: tinyTokens(),
    runtime,
    folder,
    saveEvery: 2,
    ...change,
  });
}

/** Runs and stops after `steps`; the step at hand is finished and saved. */
async function stopAfter(steps: number): Promise<TrainResult> {
  const controller = new AbortController();
  const onStep = ({ step }: StepMetrics): void => {
    if (step === steps) controller.abort();
  };
  return run({ signal: controller.signal, onStep });
}

describe("train", () => {
  it("leaves a folder from which the model can be loaded", async () => {
    const { model, isComplete } = await run({
      tokenizerFiles: { "tokenizer.json": new Uint8Array([123, 125]) },
    });
    expect(isComplete).toBe(true);
    expect(readdirSync(folder).sort()).toEqual([
      "config.json",
      "metrics.jsonl",
      "model.safetensors",
      "state",
      "tokenizer.json",
    ]);
    const loaded = await loadModel(folder, { runtime });
    const inputIds = [[1, 2, 4, 8]];
    expect((await loaded.forward({ inputIds })).logits).toEqual(
      (await model.forward({ inputIds })).logits,
    );
  });

  it("gives the losses of an uninterrupted run when resumed, bit for bit", async () => {
    const { history } = await run({ folder: join(folder, "whole") });
    folder = join(folder, "parts");
    const stopped = await stopAfter(3);
    expect(stopped.isComplete).toBe(false);
    expect(stopped.history).toHaveLength(3);
    const resumed = await run({ resume: true });
    expect(resumed.history).toEqual(history);
    const lines = readFileSync(join(folder, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as StepMetrics)).toEqual(history);
  });

  it("begins anew when a run that was never saved is resumed", async () => {
    const controller = new AbortController();
    controller.abort();
    await run({ signal: controller.signal });
    expect((await run({ resume: true })).history).toHaveLength(6);
  });

  it("does nothing more when a finished run is resumed", async () => {
    const { history } = await run();
    expect((await run({ resume: true })).history).toEqual(history);
  });

  it("refuses a folder that holds a run", async () => {
    await run();
    await expect(run()).rejects.toThrow(/already holds a run.*--resume/);
  });

  it("refuses a folder that holds a model", async () => {
    writeFileSync(join(folder, "model.safetensors"), "somebody's");
    await expect(run()).rejects.toThrow(/already holds a model/);
    expect(readdirSync(folder)).toEqual(["model.safetensors"]);
  });

  it.each<[string, Partial<TrainOptions>, string]>([
    ["no steps", { training: tinyTraining({ steps: 0 }) }, "training: steps: expected"],
    ["a text that is too short", { tokens: tinyTokens(8) }, "a text of more than 8 tokens"],
    [
      "sequences past the learned table",
      {
        config: tinyConfig({ position_encoding: "learned" }),
        training: tinyTraining({ sequenceLength: 9 }),
      },
      "longer than the table of learned positions",
    ],
    [
      "heads that do not divide",
      { config: tinyConfig({ num_attention_heads: 3 }) },
      "not divisible by num_attention_heads 3",
    ],
  ])("writes nothing for %s", async (_, change, message) => {
    await expect(run(change)).rejects.toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses to resume what is not a run", async () => {
    await expect(run({ resume: true })).rejects.toThrow(
      /is not a run: it has no state\/settings.json/,
    );
  });

  it.each<[string, Partial<TrainOptions>, string]>([
    ["settings", { training: tinyTraining({ steps: 9 }) }, "training.steps: 6 then, 9 now"],
    [
      "model",
      { config: tinyConfig({ position_encoding: "alibi" }) },
      'config.position_encoding: "rope" then, "alibi" now',
    ],
    ["data", { tokens: tinyTokens(401) }, "data:"],
  ])("refuses to resume with another %s", async (_, change, message) => {
    await stopAfter(2);
    await expect(run({ resume: true, ...change })).rejects.toThrow(message);
  });

  it("says that a damaged state is damaged", async () => {
    await stopAfter(2);
    const path = join(folder, "state/state.safetensors");
    writeFileSync(path, readFileSync(path).subarray(0, -10));
    await expect(run({ resume: true })).rejects.toThrow("the file is cut short");
  });
});
