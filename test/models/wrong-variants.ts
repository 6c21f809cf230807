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
const interleaved: readonly unknown[] = ["gptj", "codegen", "cohere", "cohere2", "glm", "glm4"];

/** Families whose norms store their gains less one. */
const offsetGains: readonly unknown[] = ["gemma", "gemma2", "gemma3_text", "nemotron"];

/** It would refuse weights that sum to one. */
const isDeepseekV2 = (config: Config): boolean => config["model_type"] === "deepseek_v2";

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
    // One of 1e-12, as BERT's, is nothing at all in float32.
    appliesTo: (config) => epsilonKeys.some((key) => Number(config[key]) >= 1e-7),
    config: (config) => changeKeys(config, epsilonKeys, (eps) => (eps as number) * 10),
  },
  {
    what: "another base of the rotary frequencies",
    appliesTo: (config) => usesRope(config) && turnedOf(config) > 2,
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
    appliesTo: (config) => hasPairs(config) && !isLatent(config),
    parameters: repaired,
  },
  {
    what: "no window",
    appliesTo: (config) =>
      typeof config["sliding_window"] === "number" && config["use_sliding_window"] !== false,
    config: (config) => changeKeys(config, ["sliding_window"], () => 1000),
  },
  {
    what: "gains that are not stored less one",
    appliesTo: (config) => offsetGains.includes(config["model_type"]),
    parameters: (model) => changeParameters(model, /norm(\.|$)/i, (gain) => gain - 1),
  },
  {
    what: "no bound on the logits",
    appliesTo: (config) => typeof config["final_logit_softcapping"] === "number",
    config: (config) => ({ ...config, final_logit_softcapping: null }),
  },
  {
    what: "twice the logits",
    appliesTo: (config) => config["model_type"] === "cohere",
    config: (config) => ({ ...config, logit_scale: 2 * (config["logit_scale"] as number) }),
  },
  {
    what: "one expert more for each token",
    appliesTo: (config) => typeof config["num_experts_per_tok"] === "number",
    config: (config) => changeKeys(config, ["num_experts_per_tok"], (k) => (k as number) + 1),
  },
  {
    what: "no sinks",
    appliesTo: (config) => config["model_type"] === "gpt_oss",
    parameters: (model) => changeParameters(model, /sinks$/, () => -1000),
  },
  {
    what: "a correction of the experts' scores that is forgotten",
    appliesTo: (config) => config["model_type"] === "deepseek_v3",
    parameters: (model) => changeParameters(model, /correction$/, () => 0),
  },
  {
    what: "the experts' weights as they are, or made to sum to one",
    appliesTo: (config) => typeof config["norm_topk_prob"] === "boolean" && !isDeepseekV2(config),
    config: (config) => changeKeys(config, ["norm_topk_prob"], (isNormalized) => !isNormalized),
  },
  {
    what: "experts from any group",
    appliesTo: (config) => Number(config["n_group"] ?? 1) > 1,
    config: (config) => changeKeys(config, ["topk_group"], () => config["n_group"]),
  },
  {
    what: "scores as they are (MPT)",
    appliesTo: (config) => "attn_config" in config,
    config: (config) => ({
      ...config,
      attn_config: { ...(config["attn_config"] as Config), softmax_scale: 1 },
    }),
  },
  {
    what: "ALiBi added once",
    appliesTo: (config) => config["alibi"] === true,
    config: (config) => ({ ...config, alibi_times: 1 }),
  },
  {
    what: "positions that are off by one",
    appliesTo: (config) => absolutePositions.includes(config["model_type"]),
    shift: 1,
  },
];

/** With one pair of channels there is one frequency, 1, and one layout. */
function hasPairs(config: Config): boolean {
  return config["model_type"] === "gptj" || (usesRope(config) && turnedOf(config) > 2);
}

function headDimOf(config: Config): number {
  const heads = (config["num_attention_heads"] ?? config["n_head"]) as number;
  const hidden = (config["hidden_size"] ?? config["n_embd"]) as number;
  return (config["head_dim"] as number | undefined) ?? hidden / heads;
}

/** Channels of a head that are turned. */
function turnedOf(config: Config): number {
  const partial = (ropeOf(config)["partial_rotary_factor"] ?? 1) as number;
  return (config["rotary_dim"] as number | undefined) ?? headDimOf(config) * partial;
}

/** Falcon's files have parameters of RoPE beside ALiBi. */
function usesRope(config: Config): boolean {
  return config["alibi"] !== true && typeof ropeOf(config)["rope_theta"] === "number";
}

/** Whether queries and keys have other names than elsewhere. */
function isLatent(config: Config): boolean {
  return "kv_lora_rank" in config;
}

function changeParameters(
  { parameters, architecture }: Model,
  names: RegExp,
  change: (value: number) => number,
): ReadonlyMap<string, Float32Array> {
  const isChanged = (name: string): boolean =>
    names.test(name.replace(/\.weight$/, "")) && !name.endsWith("bias");
  const known = Object.keys(architecture.network.parameters());
  return new Map(
    known.map((name) => {
      const data = parameters.get(name)!;
      return [name, isChanged(name) ? data.map(change) : data];
    }),
  );
}

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
  const [headDim, turned] = [headDimOf(config), turnedOf(config)];
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
