/** Weights in files: safetensors to parameters and back. */

import { ConfigError, FormatError, ShapeError } from "orrery-lm/base";
import {
  fromFloat32,
  isFloatDtype,
  safetensorsChunks,
  toFloat32,
  type FloatDtype,
  type StoredTensor,
  type WritableTensor,
} from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { withoutBasePrefix } from "./base-prefix.ts";
import { planShards, INDEX_FILE, type CheckpointLayout } from "./checkpoint-layout.ts";
import { namesInFile } from "./names-in-file.ts";
import type { Weights } from "./open-weights.ts";
import { packStored, storedShape, unpackStored, type StorageEntry } from "./storage.ts";

/** Parameters and what else the files said. */
export interface Checkpoint {
  parameters: ReadonlyMap<string, Float32Array>;
  /** Where the tensors lay, and in which types. @default one file of float32 */
  layout?: CheckpointLayout | undefined;
  /** Tensors that the network does not need, by their names in the file; they are written back. */
  unused?: ReadonlyMap<string, WritableTensor> | undefined;
}

/** How {@link checkpointFiles} writes. */
export interface SaveOptions {
  /** The type of the numbers, as config.json calls it. @default that of the files that were loaded */
  dtype?: "float32" | "float16" | "bfloat16";
  /** Bytes from which on the weights are cut into several files. @default as loaded, else 5e9 */
  maxShardSize?: number;
}

const MAX_SHARD_SIZE = 5e9;

/** The types under the names of config.json. */
const dtypes = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const;

/**
 * Buffers that frameworks wrote beside the parameters, and that follow from config.json: causal
 * masks, the value behind them, frequencies and tables of RoPE, positions.
 */
const BUFFERS: readonly RegExp[] = [
  /\.(attn|attention)\.(masked_)?bias$/,
  /\.rotary_emb\.(inv_freq|(cos|sin)_cached)$/,
  /(^|\.)position_ids$/,
];

/**
 * Reads weights into parameters, one tensor at a time.
 *
 * @param architecture whose `unused` tensors are kept without being read
 * @throws {FormatError} if a number in a file is NaN or infinite.
 * @throws {ConfigError} if a tensor is missing, there is one that the model has no place for, or one
 *   of a tied table's two copies has other numbers.
 * @throws {ShapeError} if a tensor has another shape than the model needs.
 */
export async function readCheckpoint(
  weights: Pick<Weights, "files" | "index">,
  architecture: Architecture,
): Promise<Checkpoint> {
  const tensors = new Map(weights.files.flatMap(({ content }) => [...content.tensors]));
  const { storage, prefix } = withoutBasePrefix(architecture.storage, tensors);
  const found = new Map(storage.map((entry) => [entry, namesInFile(entry, tensors)]));
  const missing = storage.filter((entry) => found.get(entry)!.length === 0);
  if (missing.length > 0) {
    throw new ConfigError(
      `checkpoint: expected ${list(missing.map(({ tensor }) => tensor))}, which the file does not have; is it the checkpoint of this config.json?`,
    );
  }
  const known = new Set([...found.values()].flat());
  const others = [...tensors.keys()].filter((name) => !known.has(name));
  const harmless = [...(architecture.unused ?? []), ...BUFFERS];
  const extra = others.filter(
    (name) => !harmless.some((pattern) => pattern.test(name) || pattern.test(prefix + name)),
  );
  if (extra.length > 0) {
    throw new ConfigError(
      `checkpoint: the model has no place for ${list(extra)}; is it the checkpoint of this config.json?`,
    );
  }
  const specs = architecture.network.parameters();
  const parameters = new Map<string, Float32Array>();
  for (const entry of storage) {
    const [first, ...copies] = found.get(entry)!;
    const stored = tensors.get(first!)!;
    const { shape } = stored;
    // Before any number is read: a file may claim a tensor of any size.
    checkShape(entry, shape, specs);
    const data = await readFinite(first!, stored);
    for (const name of copies) {
      if (!isEqual(data, await toFloat32(tensors.get(name)!))) {
        throw new ConfigError(
          `checkpoint: expected ${name} to be the same as ${first}, to which config.json ties it; set tie_word_embeddings to false if it is not`,
        );
      }
    }
    const parts = unpackStored(entry, { data, shape }, specs);
    for (const [name, values] of parts) parameters.set(name, values);
  }
  const kept = new Map<string, WritableTensor>();
  for (const name of others) {
    const tensor = tensors.get(name)!;
    const { dtype, shape } = tensor;
    // oxlint-disable-next-line no-await-in-loop
    kept.set(name, { dtype, shape, data: await tensor.bytes() });
  }
  const files = weights.files.map(({ name, content }) => ({
    name,
    metadata: content.metadata,
    tensors: [...content.tensors].map(([tensor, { dtype, shape }]) => ({
      name: tensor,
      dtype,
      shape,
    })),
  }));
  return {
    parameters,
    layout: { files, index: weights.index },
    ...(kept.size > 0 && { unused: kept }),
  };
}

/**
 * The files of a checkpoint, each in pieces that follow one another. What was loaded and is saved
 * without options is byte for byte what it was, as far as float32 holds its numbers.
 *
 * @throws {ConfigError} if a number is too large for the type.
 */
export function checkpointFiles(
  { parameters, layout, unused = new Map() }: Checkpoint,
  architecture: Architecture,
  { dtype, maxShardSize }: SaveOptions = {},
): Record<string, readonly Uint8Array[]> {
  const specs = architecture.network.parameters();
  const names = layout?.files.flatMap(({ tensors }) => tensors) ?? [];
  const before = new Map(names.map((tensor) => [tensor.name, tensor]));
  const { storage } = withoutBasePrefix(architecture.storage, before);
  const entries = new Map<string, StorageEntry>();
  for (const entry of storage) {
    const written = namesInFile(entry, before);
    for (const name of written.length > 0 ? written : [entry.tensor]) entries.set(name, entry);
  }
  const typeOf = (name: string): FloatDtype => {
    const old = before.get(name)?.dtype ?? "F32";
    return dtype ? dtypes[dtype] : isFloatDtype(old) ? old : "F32";
  };
  const planned =
    layout && maxShardSize === undefined && dtype === undefined
      ? layout
      : planShards(
          [
            ...[...entries].map(([name, entry]) => ({
              name,
              dtype: typeOf(name),
              shape: storedShape(entry, specs),
            })),
            ...[...unused].map(([name, { dtype: type, shape }]) => ({ name, dtype: type, shape })),
          ],
          maxShardSize ?? MAX_SHARD_SIZE,
        );
  const files = planned.files.map(({ name: file, metadata, tensors }) => {
    const content = tensors.map(({ name }): [string, WritableTensor] => {
      const entry = entries.get(name);
      if (!entry) return [name, unused.get(name)!];
      const { data, shape } = packStored(entry, parameters, specs);
      return [name, { dtype: typeOf(name), shape, data: narrowed(name, data, typeOf(name)) }];
    });
    return [file, safetensorsChunks({ metadata, tensors: new Map(content) })];
  });
  const chunks = Object.fromEntries(files) as Record<string, readonly Uint8Array[]>;
  return planned.index ? { ...chunks, [INDEX_FILE]: [planned.index] } : chunks;
}

/** @throws {ConfigError} if a number is too large for the type. */
function narrowed(name: string, data: Float32Array, dtype: FloatDtype): ArrayBufferView {
  if (dtype === "F16") {
    const large = data.find((value) => Math.abs(value) >= 65520);
    if (large !== undefined)
      throw new ConfigError(
        `save: tensor ${name} has ${large}, float16 ends at 65504; save in bfloat16 or float32`,
      );
  }
  return fromFloat32(data, dtype);
}

/** @throws {ShapeError} if a tensor has another shape than the model needs. */
function checkShape(
  entry: StorageEntry,
  shape: readonly number[],
  specs: ReturnType<Architecture["network"]["parameters"]>,
): void {
  const expected = storedShape(entry, specs);
  if (shape.join() !== expected.join())
    throw new ShapeError(`checkpoint: tensor ${entry.tensor}`, expected, shape);
}

/** @throws {FormatError} if a number is NaN or infinite. */
async function readFinite(name: string, stored: StoredTensor): Promise<Float32Array> {
  const data = await toFloat32(stored);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!))
      throw new FormatError(
        "checkpoint",
        `tensor ${name}: element ${i} is ${data[i]}; the training run that wrote it had diverged, or the file is damaged`,
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
