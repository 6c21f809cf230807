/** The files of a model in the Hugging Face layout, made without a runtime. */

import { serializeConfig } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { checkpointFiles, type Checkpoint, type SaveOptions } from "./checkpoint.ts";

/** What {@link modelFiles} writes. */
export interface ModelFilesOptions extends Checkpoint {
  architecture: Architecture;
  /** config.json, as an object. */
  config: Readonly<Record<string, unknown>>;
  /** Whole numbers of the config that are written with a point; see `serializeConfig`. @default none */
  floats?: readonly string[];
}

/** The bytes of config.json and of the weights: model.safetensors, or its shards and their index. */
export function modelFiles(
  options: ModelFilesOptions,
  saving: SaveOptions = {},
): Record<string, Uint8Array> {
  const files = Object.entries(modelChunks(options, saving));
  return Object.fromEntries(files.map(([name, chunks]) => [name, joined(chunks)]));
}

/** The same, each file in pieces, so that a large model is not held twice. */
export function modelChunks(
  { architecture, config, floats = [], ...checkpoint }: ModelFilesOptions,
  saving: SaveOptions = {},
): Record<string, readonly Uint8Array[]> {
  return {
    "config.json": [serializeConfig(withDtype(config, saving.dtype), { floats })],
    ...checkpointFiles(checkpoint, architecture, saving),
  };
}

/** A config that says in which type the weights now are, under the key that it has for this. */
function withDtype(
  config: Readonly<Record<string, unknown>>,
  dtype: SaveOptions["dtype"],
): Readonly<Record<string, unknown>> {
  if (dtype === undefined) return config;
  return { ...config, [Object.hasOwn(config, "torch_dtype") ? "torch_dtype" : "dtype"]: dtype };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
