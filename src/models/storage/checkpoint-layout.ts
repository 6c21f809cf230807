/** How the tensors of a checkpoint lie in its files. */

import { ConfigError, FormatError } from "orrery-lm/base";
import { dtypeBytes, type StoredDtype } from "orrery-lm/formats";

/** The one file of a checkpoint that is not cut into shards. */
export const WEIGHTS_FILE = "model.safetensors";

/** The file that says which shard has which tensor. */
export const INDEX_FILE = "model.safetensors.index.json";

/** What lay where, so that what was loaded can be written back as it was. */
export interface CheckpointLayout {
  readonly files: readonly LayoutFile[];
  /** The bytes of {@link INDEX_FILE}; undefined where there is one file. */
  readonly index?: Uint8Array | undefined;
}

/** One file of a checkpoint. */
export interface LayoutFile {
  readonly name: string;
  /** What its header says beside the tensors. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of the file. */
  readonly tensors: readonly LayoutTensor[];
}

/** A tensor of a file, without its numbers. */
export interface LayoutTensor {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
}

/**
 * Puts tensors into shards as transformers does: one after another, a new file where the next one
 * would make it larger than `maxShardSize` bytes. A larger tensor gets a file of its own.
 */
export function planShards(
  tensors: readonly LayoutTensor[],
  maxShardSize: number,
): CheckpointLayout {
  if (!(maxShardSize > 0))
    throw new ConfigError(`save: maxShardSize: expected a number of bytes, got ${maxShardSize}`);
  const shards: LayoutTensor[][] = [[]];
  let size = 0;
  for (const tensor of tensors) {
    const bytes = sizeOf(tensor);
    if (size > 0 && size + bytes > maxShardSize) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)!.push(tensor);
    size += bytes;
  }
  const metadata = { format: "pt" };
  const [only] = shards;
  if (shards.length === 1) return { files: [{ name: WEIGHTS_FILE, metadata, tensors: only! }] };
  const five = (number: number): string => String(number).padStart(5, "0");
  const files = shards.map((some, i) => {
    const name = `model-${five(i + 1)}-of-${five(shards.length)}.safetensors`;
    return { name, metadata, tensors: some };
  });
  return { files, index: serializeIndex(files) };
}

function sizeOf({ dtype, shape }: LayoutTensor): number {
  return shape.reduce((product, size) => product * size, dtypeBytes[dtype]);
}

function serializeIndex(files: readonly LayoutFile[]): Uint8Array {
  const all = files.flatMap(({ tensors }) => tensors);
  const places = files.flatMap(({ name, tensors }) =>
    tensors.map((tensor): [string, string] => [tensor.name, name]),
  );
  const index = {
    metadata: {
      total_parameters: all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
      total_size: all.reduce((sum, tensor) => sum + sizeOf(tensor), 0),
    },
    weight_map: Object.fromEntries(places.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
  return new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`);
}

/**
 * Reads which shard has which tensor.
 *
 * @returns the shards' names, in order, and the shard of each tensor
 * @throws {FormatError} if it is not such an index, or a shard would lie in another folder.
 */
export function parseIndex(bytes: Uint8Array): {
  readonly shards: readonly string[];
  readonly shardOf: ReadonlyMap<string, string>;
} {
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError(INDEX_FILE, `not JSON: ${(cause as Error).message}`, { cause });
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== "object" || map === null || Array.isArray(map))
    throw new FormatError(INDEX_FILE, 'expected "weight_map", an object of file names');
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map as Record<string, unknown>)) {
    // A name with a path could reach any file of the machine.
    if (typeof shard !== "string" || !/^[^/\\:]+\.safetensors$/.test(shard))
      throw new FormatError(
        INDEX_FILE,
        `tensor ${tensor}: expected the name of a .safetensors file in the same folder, got ${JSON.stringify(shard)}`,
      );
    shardOf.set(tensor, shard);
  }
  return { shards: [...new Set(shardOf.values())].toSorted(), shardOf };
}
