/** The files of a model in the Hugging Face layout, made without a runtime. */

import { serializeConfig } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { writeCheckpoint, type Checkpoint } from "./checkpoint.ts";

/** What {@link modelFiles} writes. */
export interface ModelFilesOptions {
  architecture: Architecture;
  /** config.json, as an object. */
  config: Readonly<Record<string, unknown>>;
  /** By logical name; see `nn`. */
  parameters: ReadonlyMap<string, Float32Array>;
  /** What the checkpoint's header says beside the tensors. @default { format: "pt" } */
  metadata?: Readonly<Record<string, string>>;
  /** Tensors of the checkpoint that the network does not need. @default none */
  unused?: Checkpoint["unused"];
  /** Whole numbers of the config that are written with a point; see `serializeConfig`. @default none */
  floats?: readonly string[];
}

/** The bytes of config.json and model.safetensors. */
export function modelFiles({
  architecture,
  config,
  parameters,
  metadata = { format: "pt" },
  unused,
  floats = [],
}: ModelFilesOptions): Record<string, Uint8Array> {
  return {
    "config.json": serializeConfig(config, { floats }),
    "model.safetensors": writeCheckpoint({ parameters, metadata, unused }, architecture),
  };
}
