/** Models that are almost the right ones: a check that does not see the difference checks nothing. */

import type { Model } from "orrery-lm/models";

type Config = Readonly<Record<string, unknown>>;

/** One mistake, and which checkpoints could make it. */
export interface WrongVariant {
  readonly what: string;
  /** Whether a checkpoint's model would be another one. */
  appliesTo(config: Config): boolean;
  /** What config.json says in place. */
  config?(config: Config): Config;
  /** What the parameters are in place. */
  parameters?(model: Model): ReadonlyMap<string, Float32Array>;
  /** How far positions are moved. */
  readonly shift?: number;
}

const GELUS: readonly unknown[] = ["gelu", "gelu_new", "gelu_pytorch_tanh"];
const activationKeys = ["activation_function", "hidden_act", "hidden_activation"];
const epsilonKeys = [
  "layer_norm_epsilon",
  "layer_norm_eps",
  "norm_epsilon",
  "norm_eps",
  "rms_norm_eps",
];

/** Families whose activation is not what the key says. */
const fixedActivation: readonly unknown[] = ["gemma", "openai-gpt"];

/** Families that add an encoding of positions to the embeddings. */
const absolutePositions: readonly unknown[] = ["gpt2", "openai-gpt", "opt", "xglm"];

/** Families that pair neighboring channels. */
const interleaved: readonly unknown[] = ["gptj", "codegen", "cohere", "glm", "glm4"];

/** Every mistake. */
export const wrongVariants: readonly WrongVariant[] = [
  {
    what: "the other GELU",
    appliesTo: (config) =>
      !fixedActivation.includes(config["model_type"]) &&
      activationKeys.some((key) => GELUS.includes(config[key])),
    config: (config) =>
      changeKeys(config, activationKeys, (name) => (name === "gelu" ? "gelu_new" : "gelu")),
  },
  {
    what: "ten times the epsilon",
    appliesTo: (config) => epsilonKeys.some((key) => key in config),
    config: (config) => changeKeys(config, epsilonKeys, (eps) => (eps as number) * 10),
  },
  {
    what: "another base of the rotary frequencies",
    appliesTo: (config) => typeof ropeOf(config)["rope_theta"] === "number",
    config: (config) => changeRope(config, { rope_theta: 20_000 }),
  },
  {
    what: "rotary frequencies that are not scaled",
    appliesTo: (config) => (ropeOf(config)["rope_type"] ?? "default") !== "default",
    config: (config) => ({
      ...config,
      rope_parameters: { rope_type: "default", rope_theta: ropeOf(config)["rope_theta"] },
    }),
  },
  {
    what: "the other rotary layout",
    appliesTo: (config) => "rope_parameters" in config || "rotary_dim" in config,
    parameters: repaired,
  },
  {
    what: "no window",
    appliesTo: (config) => typeof config["sliding_window"] === "number",
    config: (config) => changeKeys(config, ["sliding_window"], () => 1000),
  },
  {
    what: "positions that are off by one",
    appliesTo: (config) => absolutePositions.includes(config["model_type"]),
    shift: 1,
  },
];

function ropeOf(config: Config): Config {
  return (config["rope_parameters"] ?? {}) as Config;
}

function changeRope(config: Config, change: Config): Config {
  return { ...config, rope_parameters: { ...ropeOf(config), ...change } };
}

function changeKeys(
  config: Config,
  keys: readonly string[],
  change: (value: unknown) => unknown,
): Config {
  const changed = keys.filter((key) => key in config && config[key] !== null);
  return { ...config, ...Object.fromEntries(changed.map((key) => [key, change(config[key])])) };
}

/** Parameters with the channels of queries and keys in the order that the other layout wants. */
function repaired({ config, parameters, architecture }: Model): ReadonlyMap<string, Float32Array> {
  const heads = (config["num_attention_heads"] ?? config["n_head"]) as number;
  const hidden = (config["hidden_size"] ?? config["n_embd"]) as number;
  const headDim = (config["head_dim"] as number | undefined) ?? hidden / heads;
  const partial = (ropeOf(config)["partial_rotary_factor"] ?? 1) as number;
  const turned = (config["rotary_dim"] as number | undefined) ?? headDim * partial;
  const toHalves = interleaved.includes(config["model_type"]);
  const specs = architecture.network.parameters();
  const result = new Map(parameters);
  for (const [name, data] of parameters) {
    if (!/attention\.(query|key)\.(weight|bias)$/.test(name)) continue;
    const columns = specs[name]!.shape[1] ?? 1;
    const changed = Float32Array.from(data);
    for (let row = 0; row < data.length / columns; row++) {
      const [head, i] = [Math.floor(row / headDim), row % headDim];
      if (i >= turned) continue;
      const [pair, member] = toHalves
        ? [i % (turned / 2), Math.floor(i / (turned / 2))]
        : [Math.floor(i / 2), i % 2];
      const from = head * headDim + (toHalves ? 2 * pair + member : pair + (member * turned) / 2);
      changed.set(data.subarray(from * columns, (from + 1) * columns), row * columns);
    }
    result.set(name, changed);
  }
  return result;
}
