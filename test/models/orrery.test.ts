import {
  Model,
  countParameters,
  initialize,
  languageModelProgram,
  positionEncodingNames,
} from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { interpret } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import { build, ours, type Config } from "./configs.ts";

const ids = [3, 9, 9, 31, 0, 7];

function logitsOf(change: Config): Promise<Float32Array> {
  return run({ ...ours, num_hidden_layers: 1, ...change });
}

async function run(config: Config): Promise<Float32Array> {
  const { network } = build(config);
  const program = languageModelProgram(network, {
    batch: 1,
    tokens: "tokens",
    hasMask: false,
    hasPositions: false,
    logits: "all",
    hasLabels: false,
  });
  const numbers = initialize(network.parameters(), 1);
  const parameters = Object.fromEntries(
    Object.entries(network.parameters()).map(([name, { shape }]) => [
      name,
      { data: Float64Array.from(numbers.get(name)!), shape },
    ]),
  );
  const feeds = {
    ...parameters,
    inputIds: { data: Float64Array.from(ids), shape: [1, ids.length] },
  };
  const { y } = interpret({ y: program.logits! }, feeds);
  return Float32Array.from(y.data);
}

describe.each([
  ["position_encoding", positionEncodingNames],
  ["norm", ["rms_norm", "layer_norm"]],
  ["norm_placement", ["pre", "post", "sandwich", "branch", "parallel", "parallel-two"]],
  ["ffn", ["gated", "mlp"]],
  ["hidden_act", ["silu", "gelu", "relu"]],
])("orrery's %s", (key, names) => {
  it("makes a model of each choice, and no two alike", async () => {
    const models = await Promise.all(
      names.map(async (name) => {
        const logits = await logitsOf({ [key]: name });
        expect(logits.every(Number.isFinite)).toBe(true);
        // One norm or two in parallel begin alike: gains start at one.
        const parameters = Object.keys(build({ ...ours, [key]: name }).network.parameters());
        return `${parameters.join()} ${logits.join()}`;
      }),
    );
    expect(new Set(models).size).toBe(names.length);
  });
});

it.each([
  ["alibi and sinusoids", "alibi", 0],
  ["a learned table", "learned", 8 * 32],
  ["Shaw's tables in both layers", "shaw", 2 * 2 * 33 * 8],
  ["T5's table", "t5", 32 * 4],
  ["Transformer-XL's projections", "transformer-xl", 2 * (32 * 32 + 2 * 32)],
])("counts what %s cost", (_, position_encoding, more) => {
  const count = (name: string): number =>
    countParameters(build({ ...ours, position_encoding: name }).network.parameters()).total;
  expect(count(position_encoding) - count("sinusoidal")).toBe(more);
});

it("reads the scalings of RoPE", async () => {
  const rope_parameters = { rope_type: "linear", rope_theta: 10_000, factor: 4 };
  expect(await logitsOf({ rope_parameters })).not.toEqual(await logitsOf({}));
});

describe("no_position_layers", () => {
  const two = (change: Config): Promise<Float32Array> => run({ ...ours, ...change });
  const bare = (position_encoding: string, no_position_layers: number[]): Config => ({
    position_encoding,
    no_position_layers,
  });

  it.each(["rope", "alibi", "xpos", "t5", "shaw", "transformer-xl"])(
    "takes %s out of the layers that it names",
    async (name) => {
      const logits = await Promise.all([[], [0], [1]].map((layers) => two(bare(name, layers))));
      const none = await two({ position_encoding: "none" });
      expect(await two(bare(name, [0, 1]))).toEqual(none);
      expect(new Set([...logits, none].map((row) => row.join())).size).toBe(4);
    },
  );

  it("gives layers without positions no terms to learn", () => {
    const names = Object.keys(build({ ...ours, ...bare("shaw", [1]) }).network.parameters());
    const terms = names.filter((name) => name.includes("relative"));
    expect(terms.map((name) => name.split(".")[1])).toEqual(["0", "0"]);
  });

  it.each([
    ["a layer that is not there", "rope", [2], "expected layers from 0 to 1, got 2"],
    ["sinusoids", "sinusoidal", [0], "got position_encoding sinusoidal, which is added"],
    ["a learned table", "learned", [1], "got position_encoding learned, which is added"],
  ])("refuses %s", (_, name, layers, message) => {
    expect(() => build({ ...ours, ...bare(name, layers) })).toThrow(message);
  });
});

it("refuses a text that is longer than xPos's scales reach", async () => {
  const config = { ...ours, num_hidden_layers: 1, position_encoding: "xpos" };
  const parameters = initialize(build(config).network.parameters(), 1);
  const model = new Model({ config, parameters, runtime: await nativeRuntime({ threads: 1 }) });
  const positionIds = [[35_556, 35_557]];
  await expect(model.forward({ inputIds: [[1, 2]], positionIds })).rejects.toThrow(
    "position 35556 is past",
  );
});
