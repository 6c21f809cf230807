import {
  countParameters,
  initialize,
  languageModelProgram,
  positionEncodingNames,
} from "orrery-lm/models";
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
