import type { StorageEntry } from "./storage.ts";

/**
 * The names under which a file has an entry's tensor: its own or one that old files use, then
 * those of copies. None: the file does not have it.
 */
export function namesInFile(
  { tensor, copies = [] }: StorageEntry,
  tensors: ReadonlyMap<string, unknown>,
): string[] {
  return [tensor, ...copies].flatMap((name) => {
    const found = [name, oldNormName(name)].find((candidate) => tensors.has(candidate));
    return found === undefined ? [] : [found];
  });
}

/** Norms as files have them whose weights were first in TensorFlow: `gamma` and `beta`. */
function oldNormName(name: string): string {
  return name
    .replace(/LayerNorm\.weight$/, "LayerNorm.gamma")
    .replace(/LayerNorm\.bias$/, "LayerNorm.beta");
}
