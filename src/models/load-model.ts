/** Loading a model from files. */

import {
  blobSource,
  bytesSource,
  ConfigError,
  type ByteSource,
  type Progress,
} from "orrery-lm/base";
import { exists, openByteSource, readFileBytes } from "#files";
import { ConfigReader } from "orrery-lm/formats";
import { openRuntime, type Runtime } from "orrery-lm/runtime";
import { readCheckpoint } from "./storage/checkpoint.ts";
import { openWeights, type SourceFiles } from "./storage/open-weights.ts";
import { createArchitecture } from "./assembly/create-architecture.ts";
import { Model } from "./model.ts";

/** A folder's path or URL, or its files by name: bytes, or a `File` that is read piece by piece. */
export type ModelSource = string | URL | Readonly<Record<string, Uint8Array | Blob>>;

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Where the model runs. @default native, else WASM */
  runtime?: Runtime;
  /** Told about downloads, in bytes and file by file. */
  onProgress?: Progress;
}

/**
 * Loads config.json and model.safetensors, or the shards that `model.safetensors.index.json` names.
 *
 * @param source a folder (path or URL), `hf:org/name` or `hf:org/name@revision` of a hub, or `{ "config.json": bytes, "model.safetensors": bytes }`
 * @throws {ConfigError} if a file is missing, or the model is not one that is known.
 * @throws {FormatError} if a file is damaged.
 */
export async function loadModel(
  source: ModelSource,
  options: LoadModelOptions = {},
): Promise<Model> {
  const files = openFiles(source, options.onProgress);
  const reader = ConfigReader.parse(await files.bytes("config.json"));
  const architecture = createArchitecture(reader);
  const weights = await openWeights(files);
  try {
    const checkpoint = await readCheckpoint(weights, architecture);
    const runtime = options.runtime ?? (await openRuntime());
    const { values: config, floats } = reader;
    return new Model({ config, floats, runtime, ...checkpoint });
  } finally {
    await weights.close();
  }
}

function openFiles(source: ModelSource, onProgress?: Progress): SourceFiles {
  if (typeof source === "string" || source instanceof URL) {
    const folder = String(source).replace(/\/$/, "");
    return {
      place: folder,
      has: (name) => exists(`${folder}/${name}`),
      bytes: (name) => readFileBytes(`${folder}/${name}`, onProgress),
      open: (name) => openByteSource(`${folder}/${name}`, onProgress),
    };
  }
  const open = async (name: string): Promise<ByteSource> => {
    const found = source[name];
    if (!found) {
      throw new ConfigError(
        `loadModel: expected ${name} among the files, got ${Object.keys(source).join(", ") || "none"}`,
      );
    }
    return found instanceof Uint8Array ? bytesSource(found) : blobSource(found);
  };
  const bytes = async (name: string): Promise<Uint8Array> => {
    const file = await open(name);
    return file.slice(0, file.size);
  };
  return {
    place: `loadModel: the files ${Object.keys(source).join(", ")}`,
    has: async (name) => Object.hasOwn(source, name),
    bytes,
    open,
  };
}
