/**
 * Files on disk, over HTTP where a path is a URL, and of a hub where it is `hf:org/name/file`.
 * The twin of `files.browser.ts`; library code imports either as `#files`.
 */
import { type FileHandle, access, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenByteSource, checkRange } from "./byte-source.ts";
import { ConfigError } from "./errors.ts";
import { fetchHubFile, hubHas, listHubFolder } from "./hub/hub-files.node.ts";
import { isHubPlace } from "./hub/hub-place.ts";
import { isRunning } from "./is-running.node.ts";
import type { Progress } from "./progress.ts";
import { fetchBytes, openUrlSource, urlExists } from "./url-source.ts";

/** What `writeFilesAtomic` writes into one file: bytes, or pieces that follow each other. */
export type FileContents = Uint8Array | readonly Uint8Array[];

// One read call of Node takes at most 2^31 - 1 bytes.
const MAX_READ_BYTES = 2 ** 30;

/**
 * Reads a whole file; `/dev/stdin` and pipes work too.
 * @param onProgress told about a download, in bytes
 * @throws {ConfigError} if there is no such file, or it is a folder.
 */
export async function readFileBytes(
  path: string | URL,
  onProgress?: Progress,
): Promise<Uint8Array> {
  const place = await localPlace(path, onProgress);
  if (place instanceof URL) return fetchBytes(place, onProgress);
  const { file, size } = await openForReading(place);
  try {
    // A pipe and the files of /proc have no size beforehand.
    if (size === 0) return plainBytes(await file.readFile());
    return await readRange(file, { path: place, start: 0, end: size });
  } finally {
    await file.close();
  }
}

/**
 * Opens a file for reading in pieces; the caller closes it.
 * @param onProgress told about a download, in bytes
 * @throws {ConfigError} if there is no such file, or it is a folder.
 */
export async function openByteSource(
  path: string | URL,
  onProgress?: Progress,
): Promise<OpenByteSource> {
  const place = await localPlace(path, onProgress);
  if (place instanceof URL) return openUrlSource(place, onProgress);
  const { file, size } = await openForReading(place);
  return {
    size,
    slice: async (start, end) => {
      checkRange(start, end, size);
      return readRange(file, { path: place, start, end });
    },
    close: () => file.close(),
  };
}

/** True if there is a file or folder at this path. */
export async function exists(path: string | URL): Promise<boolean> {
  if (isHubPlace(path)) return hubHas(String(path));
  const place = resolvePlace(path);
  if (place instanceof URL) return urlExists(place);
  return access(place).then(
    () => true,
    () => false,
  );
}

/** Names what lies in a folder, sorted. @throws {ConfigError} if it is not a folder. */
export async function listFolder(path: string | URL): Promise<string[]> {
  if (isHubPlace(path)) return listHubFolder(String(path));
  const place = resolvePlace(path);
  if (place instanceof URL) {
    throw new ConfigError(`${place.href}: a web server cannot list a folder; name the files`);
  }
  try {
    return (await readdir(place)).sort();
  } catch (cause) {
    const code = errorCode(cause);
    if (code === "ENOENT") throw new ConfigError(`no such folder: ${place}`, { cause });
    if (code === "ENOTDIR") throw new ConfigError(`${place} is a file, not a folder`, { cause });
    throw unreadable(place, cause);
  }
}

/**
 * Writes files so that a kill at any moment leaves each of them old or new, never half.
 * All are first written beside their places and flushed to the disk; only then are they renamed.
 * So a full disk replaces nothing; a kill between two renames can leave new files beside old ones.
 * @param files contents by name below `folder`; missing folders are made
 * @throws {ConfigError} if the disk is full, or a file cannot be written.
 */
export async function writeFilesAtomic(
  folder: string,
  files: Readonly<Record<string, FileContents>>,
): Promise<void> {
  const staged: Staged[] = [];
  const folders = new Set<string>();
  try {
    for (const [name, contents] of Object.entries(files)) {
      const target = targetPath(folder, name);
      const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
      staged.push({ temporary, target });
      folders.add(dirname(target));
      // Each file in turn: parallel writes would only compete for the disk.
      // oxlint-disable-next-line no-await-in-loop
      await stage(temporary, target, Array.isArray(contents) ? contents : [contents as Uint8Array]);
    }
  } catch (error) {
    await discard(staged);
    throw error;
  }
  try {
    await Promise.all(staged.map(({ temporary, target }) => rename(temporary, target)));
  } catch (cause) {
    await discard(staged);
    throw new ConfigError(`${folder}: not every file could be replaced: ${reason(cause)}`, {
      cause,
    });
  }
  await Promise.all([...folders].map(syncFolder));
}

interface Staged {
  readonly temporary: string;
  readonly target: string;
}

/** Cleans up as far as it can: the error that led here says more than one met on the way out. */
async function discard(staged: readonly Staged[]): Promise<void> {
  await Promise.allSettled(staged.map(({ temporary }) => rm(temporary, { force: true })));
}

async function stage(
  temporary: string,
  target: string,
  chunks: readonly Uint8Array[],
): Promise<void> {
  try {
    await mkdir(dirname(target), { recursive: true });
    await removeAbandoned(target);
    const file = await open(temporary, "w");
    try {
      for (const chunk of chunks) {
        // oxlint-disable-next-line no-await-in-loop
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const code = errorCode(cause);
    const message =
      code === "ENOSPC" || code === "EDQUOT"
        ? `the disk is full: ${size} bytes of ${target} could not be written; nothing was replaced`
        : `${target} could not be written: ${reason(cause)}; nothing was replaced`;
    throw new ConfigError(message, { cause });
  }
}

/** Removes what a killed process left beside `target`; a living one's work stays. */
async function removeAbandoned(target: string): Promise<void> {
  const prefix = `.${basename(target)}.`;
  const names = await readdir(dirname(target));
  const abandoned = names.filter((name) => {
    if (!name.startsWith(prefix) || !name.endsWith(".part")) return false;
    const pid = Number(name.slice(prefix.length, -".part".length));
    return Number.isSafeInteger(pid) && pid > 0 && !isRunning(pid);
  });
  await Promise.all(abandoned.map((name) => rm(join(dirname(target), name), { force: true })));
}

function targetPath(folder: string, name: string): string {
  const inside = normalize(name);
  if (name === "" || inside.startsWith("..") || inside.startsWith("/") || /^[a-z]:/i.test(inside)) {
    throw new ConfigError(`${folder}: "${name}" is not the name of a file in this folder`);
  }
  return join(folder, inside);
}

/** Makes the renames last through a power cut; some systems cannot flush a folder, and need not. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!["EPERM", "EISDIR", "EINVAL", "ENOTSUP", "EACCES"].includes(errorCode(error))) throw error;
  }
}

async function openForReading(path: string): Promise<{ file: FileHandle; size: number }> {
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) throw new ConfigError(`${path} is a folder, not a file`);
    return { file: await open(path, "r"), size: facts.isFile() ? facts.size : 0 };
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    if (errorCode(cause) === "ENOENT") throw new ConfigError(`no such file: ${path}`, { cause });
    throw unreadable(path, cause);
  }
}

async function readRange(
  file: FileHandle,
  { path, start, end }: { path: string; start: number; end: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const length = Math.min(bytes.length - filled, MAX_READ_BYTES);
    // oxlint-disable-next-line no-await-in-loop
    const { bytesRead } = await file.read(bytes, filled, length, start + filled);
    if (bytesRead === 0) {
      throw new ConfigError(`${path} became shorter while it was read: no byte ${start + filled}`);
    }
    filled += bytesRead;
  }
  return bytes;
}

/** What is on a hub is downloaded; anything else stays where it is. */
async function localPlace(path: string | URL, onProgress?: Progress): Promise<string | URL> {
  return isHubPlace(path) ? fetchHubFile(String(path), onProgress) : resolvePlace(path);
}

/** A path on disk, or the URL of something elsewhere. */
function resolvePlace(path: string | URL): string | URL {
  if (typeof path === "string" && !/^(https?|file):\/\//i.test(path)) return path;
  const url = new URL(path);
  return url.protocol === "file:" ? fileURLToPath(url) : url;
}

function unreadable(path: string, cause: unknown): ConfigError {
  return new ConfigError(`${path} could not be read: ${reason(cause)}`, { cause });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** A Buffer's `slice` shares memory where an array's copies; only plain arrays leave this file. */
function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
