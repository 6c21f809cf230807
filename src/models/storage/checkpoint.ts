/** Weights in files: safetensors to parameters and back. */

import { ConfigError, FormatError } from "orrery-lm/base";
import {
  readSafetensors,
  toFloat32,
  writeSafetensors,
  type StoredTensor,
  type WritableTensor,
} from "orrery-lm/formats";
import type { ByteSource } from "orrery-lm/base";
import type { Architecture } from "../assembly/architecture.ts";
import { namesInFile } from "./names-in-file.ts";
import { packStored, unpackStored } from "./storage.ts";

/** Parameters and what else the file said. */
export interface Checkpoint {
  parameters: ReadonlyMap<string, Float32Array>;
  metadata: Readonly<Record<string, string>>;
  /** Tensors that the network does not need, by their names in the file; they are written back. */
  unused?: ReadonlyMap<string, WritableTensor> | undefined;
}

/**
 * Reads a model.safetensors into parameters.
 *
 * @throws {FormatError} if the file is damaged, or a number in it is NaN or infinite.
 * @param architecture whose `unused` tensors are kept without being read
 * @throws {ConfigError} if a tensor is missing, there is one that the model has no place for, or one
 *   of a tied table's two copies has other numbers.
 * @throws {ShapeError} if a tensor has another shape than the model needs.
 */
export async function readCheckpoint(
  source: ByteSource,
  { storage, network, unused = [] }: Architecture,
): Promise<Checkpoint> {
  const { metadata, tensors } = await readSafetensors(source);
  const found = new Map(storage.map((entry) => [entry, namesInFile(entry, tensors)]));
  const missing = storage.filter((entry) => found.get(entry)!.length === 0);
  if (missing.length > 0) {
    throw new ConfigError(
      `checkpoint: expected ${list(missing.map(({ tensor }) => tensor))}, which the file does not have; is it the checkpoint of this config.json?`,
    );
  }
  const known = new Set([...found.values()].flat());
  const others = [...tensors.keys()].filter((name) => !known.has(name));
  const extra = others.filter((name) => !unused.some((pattern) => pattern.test(name)));
  if (extra.length > 0) {
    throw new ConfigError(
      `checkpoint: the model has no place for ${list(extra)}; is it the checkpoint of this config.json?`,
    );
  }
  const specs = network.parameters();
  const parameters = new Map<string, Float32Array>();
  for (const entry of storage) {
    const [first, ...copies] = found.get(entry)!;
    const stored = tensors.get(first!)!;
    const data = await readFinite(first!, stored);
    for (const name of copies) {
      if (!isEqual(data, await toFloat32(tensors.get(name)!))) {
        throw new ConfigError(
          `checkpoint: expected ${name} to be the same as ${first}, to which config.json ties it; set tie_word_embeddings to false if it is not`,
        );
      }
    }
    const parts = unpackStored(entry, { data, shape: stored.shape }, specs);
    for (const [name, values] of parts) parameters.set(name, values);
  }
  const kept = new Map<string, WritableTensor>();
  for (const name of others) {
    const { dtype, shape, bytes } = tensors.get(name)!;
    kept.set(name, { dtype, shape, data: await bytes() });
  }
  return { parameters, metadata, ...(kept.size > 0 && { unused: kept }) };
}

/** The bytes of a model.safetensors. */
export function writeCheckpoint(
  { parameters, metadata, unused = new Map() }: Checkpoint,
  { storage, network }: Architecture,
): Uint8Array {
  const specs = network.parameters();
  const own = storage.map((entry): [string, WritableTensor] => [
    entry.tensor,
    { dtype: "F32", ...packStored(entry, parameters, specs) },
  ]);
  return writeSafetensors({ metadata, tensors: new Map([...own, ...unused]) });
}

/** @throws {FormatError} if a number is NaN or infinite. */
async function readFinite(name: string, stored: StoredTensor): Promise<Float32Array> {
  const data = await toFloat32(stored);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new FormatError(
      "checkpoint",
      `tensor ${name}: element ${bad} is ${data[bad]}; the training run that wrote it had diverged, or the file is damaged`,
    );
  }
  return data;
}

function isEqual(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
