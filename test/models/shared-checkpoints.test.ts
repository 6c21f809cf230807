import { Model, loadModel, type ModelOptions } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import {
  LOGITS_BOUND,
  Reference,
  checkAgainstReference,
  errorOfLogits,
  families,
  largestDifference,
  type Family,
} from "./reference.ts";

const folder = sharedData("checkpoints");

describe.skipIf(folder === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await nativeRuntime({ threads: 2 });
  });
  const load = (family: Family): Promise<Model> => loadModel(`${folder}/${family}`, { runtime });
  const read = (family: Family): Promise<Reference> => Reference.read(`${folder}/${family}`);

  describe.each(families)("%s", (family) => {
    checkAgainstReference(`${folder}/${family}`, () => runtime);
  });

  // Each of these computes something else; the bound must be tight enough to see it.
  it.each<[string, Family, Record<string, unknown>]>([
    ["the other GELU", "gpt2", { activation_function: "gelu" }],
    ["ten times the epsilon", "gpt2", { layer_norm_epsilon: 1e-4 }],
    ["ten times the epsilon", "llama", { rms_norm_eps: 1e-5 }],
    ["ten times the epsilon", "bloom", { layer_norm_epsilon: 1e-4 }],
    [
      "another base of the rotary frequencies",
      "llama",
      { rope_parameters: { rope_theta: 20_000 } },
    ],
  ])("%s would be caught (%s)", async (_, family, change) => {
    const model = await load(family);
    const other = changed(model, { config: { ...model.config, ...change } });
    expect(await errorOfLogits(other, await read(family))).toBeGreaterThan(LOGITS_BOUND);
  });

  it("the other rotary layout would be caught (llama)", async () => {
    const model = await load("llama");
    const parameters = new Map(model.parameters);
    for (const name of parameters.keys()) {
      if (/attention\.(query|key)\.weight$/.test(name)) {
        parameters.set(name, interleaveRows(parameters.get(name)!, 8, 32));
      }
    }
    const other = changed(model, { parameters });
    expect(await errorOfLogits(other, await read("llama"))).toBeGreaterThan(LOGITS_BOUND);
  });

  it("positions that are off by one would be caught (gpt2)", async () => {
    const model = await load("gpt2");
    const expected = await read("gpt2");
    const inputIds = await expected.ids("input_ids");
    const positionIds = {
      data: inputIds.data.map((_, i) => (i % 24) + 1),
      shape: inputIds.shape,
    };
    const { logits } = await model.forward({ inputIds, positionIds });
    expect(largestDifference(logits!.data, await expected.floats("logits"))).toBeGreaterThan(
      LOGITS_BOUND,
    );
  });
});

/** The same model with something else in it. */
function changed(model: Model, change: Partial<ModelOptions>): Model {
  const { config, parameters, runtime } = model;
  return new Model({ config, parameters, runtime, ...change });
}

/** Rows (0, 1, …, D-1) of each head as (0, D/2, 1, D/2 + 1, …): what the paper's pairing wants. */
function interleaveRows(weight: Float32Array, headDim: number, columns: number): Float32Array {
  const result = new Float32Array(weight.length);
  for (let row = 0; row < weight.length / columns; row++) {
    const [head, i] = [Math.floor(row / headDim), row % headDim];
    const from = head * headDim + (i % 2 === 0 ? i / 2 : headDim / 2 + (i - 1) / 2);
    result.set(weight.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return result;
}
