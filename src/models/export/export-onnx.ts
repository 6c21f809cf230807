/** A model as files that other programs run: onnxruntime by itself, and transformers.js. */

import { serializeConfig } from "orrery-lm/formats";
import { compile, portsOf, type Value } from "orrery-lm/tensor";
import type { Model } from "../model.ts";
import { exchangePrograms } from "./exchange-programs.ts";
import { standIns } from "./stand-ins.ts";

/** How {@link exportOnnx} writes. */
export interface ExportOnnxOptions {
  /** Whether to use the operators of the ONNX standard only, for runtimes other than onnxruntime. @default false */
  isPortable?: boolean | undefined;
  /**
   * What weights are stored as. Programs compute in float32 whichever it is: float16 halves the
   * files and rounds the weights to 11 bits.
   *
   * @default "float32"
   */
  dtype?: "float32" | "float16" | undefined;
  /**
   * Files with more bytes of weights keep them in a second file beside them, `.onnx_data`: protobuf
   * ends at 2 GB.
   *
   * @default 1.5e9
   */
  maxFileBytes?: number | undefined;
}

/** What transformers.js calls the types of weights, and how the names of their files end. */
const forms = {
  float32: { dtype: "fp32", suffix: "", bytes: 4 },
  float16: { dtype: "fp16", suffix: "_fp16", bytes: 2 },
} as const;

/**
 * The files of a model for other programs, in the layout of transformers.js: `config.json`,
 * `generation_config.json`, and below `onnx/` a `model.onnx`, or an encoder–decoder's
 * `encoder_model.onnx` and `decoder_model_merged.onnx`. All sizes are open. Inputs and outputs have
 * the names that Optimum gives them: `input_ids`, `attention_mask`, `position_ids`,
 * `token_type_ids` int64, `past_key_values.N.key`, `logits`, `present.N.key`; N counts layers.
 *
 * A type of model that transformers.js does not know is exported under one that it does; the
 * config says which as `original_model_type`. It is not a config to load weights with.
 *
 * Latent attention keeps its latents, as keys and values of one head. Where turns depend on how long
 * a text is (dynamic RoPE), keys that are kept stay as they were turned, as in transformers;
 * `Model.generate` turns them anew.
 *
 * @returns contents by name, those of large files in pieces that follow each other
 * @throws {ConfigError} if a weight is too large for float16.
 * @see https://huggingface.co/docs/transformers.js/custom_usage (layout)
 */
export function exportOnnx(
  model: Pick<Model, "architecture" | "config" | "parameters">,
  options: ExportOnnxOptions = {},
): Record<string, Uint8Array | readonly Uint8Array[]> {
  const { dtype = "float32" } = options;
  const form = forms[dtype];
  const files: Record<string, Uint8Array | readonly Uint8Array[]> = {};
  const external: Record<string, number> = {};
  for (const [program, outputs] of Object.entries(exchangePrograms(model.architecture.network))) {
    const name = `${program}${form.suffix}.onnx`;
    const written = compileForExchange(model.parameters, outputs, { ...options, dtype, name });
    files[`onnx/${name}`] = written.bytes;
    if (!written.external) continue;
    files[`onnx/${name}_data`] = written.external;
    external[name] = 1;
  }
  const hints = {
    dtype: form.dtype,
    ...(Object.keys(external).length > 0 && { use_external_data_format: external }),
  };
  return {
    "config.json": serializeConfig(exportedConfig(model, hints)),
    "generation_config.json": serializeConfig(generationConfig(model)),
    ...files,
  };
}

function compileForExchange(
  data: ReadonlyMap<string, Float32Array>,
  outputs: Readonly<Record<string, Value>>,
  {
    isPortable = false,
    dtype = "float32",
    maxFileBytes = 1.5e9,
    name,
  }: ExportOnnxOptions & { name: string },
): ReturnType<typeof compile> {
  const bytes = weightsOf(outputs, data) * forms[dtype].bytes;
  return compile(outputs, {
    parameters: bytes > maxFileBytes ? "external" : "initializers",
    data,
    target: isPortable ? "standard" : "fast",
    exchange: { externalFile: `${name}_data`, stored: dtype },
  });
}

function weightsOf(
  outputs: Readonly<Record<string, Value>>,
  data: ReadonlyMap<string, Float32Array>,
): number {
  return portsOf(outputs).parameters.reduce(
    (sum, { name }) => sum + (data.get(name)?.length ?? 0),
    0,
  );
}

/** The config as transformers.js can read it, with what it reads beside it. */
function exportedConfig(
  { config }: Pick<Model, "config">,
  ours: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const type = String(config["model_type"]);
  const standIn = Object.hasOwn(standIns, type) ? standIns[type] : undefined;
  return {
    ...config,
    ...(standIn !== undefined && { model_type: standIn, original_model_type: type }),
    // To transformers.js this says that keys and values are one tensor, as in GPT-BigCode.
    ...(config["multi_query"] === true && { multi_query: false }),
    "transformers.js_config": ours,
  };
}

/** What config.json says of the ends of texts. */
function generationConfig({
  architecture,
  config,
}: Pick<Model, "architecture" | "config">): Record<string, unknown> {
  const keys = ["bos_token_id", "eos_token_id", "pad_token_id"];
  const known = keys.filter((key) => config[key] !== undefined && config[key] !== null);
  const start = architecture.decoderStart;
  return {
    ...Object.fromEntries(known.map((key) => [key, config[key]])),
    ...(start !== undefined && { decoder_start_token_id: start }),
  };
}
