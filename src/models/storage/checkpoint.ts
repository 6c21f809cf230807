/** Weights in files: safetensors to parameters and back. */

import { ConfigError, FormatError } from "orrery-lm/base";
import { readSafetensors, toFloat32, writeSafetensors } from "orrery-lm/formats";
import type { ByteSource } from "orrery-lm/base";
import type { ParameterSpecs } from "orrery-lm/nn";
import { packStored, unpackStored, type StorageEntry } from "./storage.ts";

/** Parameters and what else the file said. */
export interface Checkpoint {
  parameters: ReadonlyMap<string, Float32Array>;
  metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a model.safetensors into parameters.
 *
 * @throws {FormatError} if the file is damaged, or a number in it is NaN or infinite.
 * @throws {ConfigError} if a tensor is missing, or there is one that the model has no place for.
 * @throws {ShapeError} if a tensor has another shape than the model needs.
 */
export async function readCheckpoint(
  source: ByteSource,
  storage: readonly StorageEntry[],
  specs: ParameterSpecs,
): Promise<Checkpoint> {
  const { metadata, tensors } = await readSafetensors(source);
  const missing = storage.filter(({ tensor }) => !tensors.has(tensor)).map(({ tensor }) => tensor);
  if (missing.length > 0) {
    throw new ConfigError(
      `checkpoint: expected ${list(missing)}, which the file does not have; is it the checkpoint of this config.json?`,
    );
  }
  const known = new Set(storage.map(({ tensor }) => tensor));
  const extra = [...tensors.keys()].filter((name) => !known.has(name));
  if (extra.length > 0) {
    throw new ConfigError(
      `checkpoint: the model has no place for ${list(extra)}; is it the checkpoint of this config.json?`,
    );
  }
  const parameters = new Map<string, Float32Array>();
  for (const entry of storage) {
    const stored = tensors.get(entry.tensor)!;
    const data = await toFloat32(stored);
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new FormatError(
        "checkpoint",
        `tensor ${entry.tensor}: element ${bad} is ${data[bad]}; the training run that wrote it had diverged, or the file is damaged`,
      );
    }
    const parts = unpackStored(entry, { data, shape: stored.shape }, specs);
    for (const [name, values] of parts) parameters.set(name, values);
  }
  return { parameters, metadata };
}

/** The bytes of a model.safetensors. */
export function writeCheckpoint(
  { parameters, metadata }: Checkpoint,
  storage: readonly StorageEntry[],
  specs: ParameterSpecs,
): Uint8Array {
  const tensors = new Map(
    storage.map((entry) => [
      entry.tensor,
      { dtype: "F32" as const, ...packStored(entry, parameters, specs) },
    ]),
  );
  return writeSafetensors({ metadata, tensors });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
