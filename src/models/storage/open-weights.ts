/** Finds and opens the files of a checkpoint. */

import { ConfigError, FormatError, type ByteSource } from "orrery-lm/base";
import { readSafetensors, type StoredTensors } from "orrery-lm/formats";
import { INDEX_FILE, WEIGHTS_FILE, parseIndex } from "./checkpoint-layout.ts";

/** Files by name, wherever they are. */
export interface SourceFiles {
  /** For messages. */
  readonly place: string;
  has(name: string): Promise<boolean>;
  bytes(name: string): Promise<Uint8Array>;
  open(name: string): Promise<ByteSource & { close?(): Promise<void> }>;
}

/** The open files of a checkpoint; numbers are read when asked for. */
export interface Weights {
  readonly files: readonly { readonly name: string; readonly content: StoredTensors }[];
  readonly index?: Uint8Array | undefined;
  close(): Promise<void>;
}

const PICKLES = ["pytorch_model.bin", "pytorch_model.bin.index.json"];

/**
 * Opens `model.safetensors`, or the shards that its index names.
 *
 * @throws {ConfigError} if there is no such file, or a shard is missing.
 * @throws {FormatError} if a file is damaged, or the index and the shards contradict each other.
 */
export async function openWeights(source: SourceFiles): Promise<Weights> {
  const isWhole = await source.has(WEIGHTS_FILE);
  if (!isWhole && !(await source.has(INDEX_FILE))) throw await noWeights(source);
  const index = isWhole ? undefined : await source.bytes(INDEX_FILE);
  const parsed = index && parseIndex(index);
  const opened: (ByteSource & { close?(): Promise<void> })[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(async (file) => file.close?.()));
  };
  try {
    const files: { name: string; content: StoredTensors }[] = [];
    for (const name of parsed?.shards ?? [WEIGHTS_FILE]) {
      // One after another: where they come from the net, each uses all of it.
      // oxlint-disable-next-line no-await-in-loop
      if (index && !(await source.has(name)))
        throw new ConfigError(
          `${source.place}: ${INDEX_FILE} names the shard ${name}, which is missing; download it too`,
        );
      // oxlint-disable-next-line no-await-in-loop
      const file = await source.open(name);
      opened.push(file);
      // oxlint-disable-next-line no-await-in-loop
      files.push({
        name,
        content: await readSafetensors(file).catch((e: unknown) => rethrow(name, e)),
      });
    }
    if (parsed) checkIndex(parsed.shardOf, files);
    return { files, index, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function noWeights(source: SourceFiles): Promise<ConfigError> {
  for (const name of PICKLES) {
    // oxlint-disable-next-line no-await-in-loop
    if (await source.has(name))
      return new ConfigError(
        `${source.place}: the weights are in ${name}, a Python pickle, which can run code when it is read; convert it: AutoModel.from_pretrained(DIR).save_pretrained(DIR) in transformers writes ${WEIGHTS_FILE}`,
      );
  }
  return new ConfigError(
    `${source.place}: no such file: expected ${WEIGHTS_FILE}, or ${INDEX_FILE} and its shards`,
  );
}

function rethrow(name: string, error: unknown): never {
  if (!(error instanceof FormatError) || name === WEIGHTS_FILE) throw error;
  throw new FormatError(name, error.message, { cause: error });
}

function checkIndex(shardOf: ReadonlyMap<string, string>, files: Weights["files"]): void {
  const found = new Map<string, string>();
  for (const { name, content } of files) {
    for (const tensor of content.tensors.keys()) {
      const other = found.get(tensor);
      if (other !== undefined)
        throw new FormatError(name, `tensor ${tensor} stands in ${other} too`);
      found.set(tensor, name);
    }
  }
  for (const [tensor, shard] of shardOf) {
    if (found.get(tensor) === shard) continue;
    const place = found.get(tensor) ?? "no shard";
    throw new FormatError(
      INDEX_FILE,
      `tensor ${tensor}: expected in ${shard}, found in ${place}; are the shards of one download?`,
    );
  }
  const extra = [...found.keys()].find((tensor) => !shardOf.has(tensor));
  if (extra !== undefined)
    throw new FormatError(
      INDEX_FILE,
      `${found.get(extra)} has ${extra}, which the index does not name`,
    );
}
