import { exists, readFileBytes, writeFilesAtomic } from "#files";

/** Named files in one place. Names may have folders in them: `outcomes/rope.seed-0.json`. */
export interface Store {
  /** The bytes of a file, or undefined if there is none. */
  readonly read: (name: string) => Promise<Uint8Array | undefined>;
  /** Writes files so that each of them is whole at any moment. */
  readonly write: (files: Readonly<Record<string, Uint8Array>>) => Promise<void>;
  /** The store of a folder inside this one. */
  readonly folder: (name: string) => Store;
}

/** A store in a folder on disk, which need not be there yet. */
export function folderStore(path: string): Store {
  return {
    read: async (name) => {
      const file = `${path}/${name}`;
      return (await exists(file)) ? readFileBytes(file) : undefined;
    },
    write: (files) => writeFilesAtomic(path, files),
    folder: (name) => folderStore(`${path}/${name}`),
  };
}

/** A store in memory, for browsers and tests. The map is the caller's and is written to. */
export function memoryStore(
  files: Map<string, Uint8Array> = new Map(),
  prefix: string = "",
): Store {
  return {
    read: async (name) => files.get(prefix + name),
    write: async (written) => {
      for (const [name, bytes] of Object.entries(written)) files.set(prefix + name, bytes.slice());
    },
    folder: (name) => memoryStore(files, `${prefix}${name}/`),
  };
}
