/**
 * Files where there is no file system: reading is fetching, writing is refused.
 * The twin of `files.node.ts`; library code imports either as `#files`.
 */
import type { OpenByteSource } from "./byte-source.ts";
import { ConfigError } from "./errors.ts";
import {
  PUBLIC_HUB,
  entriesOfFolder,
  filesOfInfo,
  hubFileUrl,
  hubInfoUrl,
  isHubPlace,
  parseHubPlace,
} from "./hub/hub-place.ts";
import type { Progress } from "./progress.ts";
import { fetchBytes, openUrlSource, urlExists } from "./url-source.ts";

/** What `writeFilesAtomic` writes into one file: bytes, or pieces that follow each other. */
export type FileContents = Uint8Array | readonly Uint8Array[];

/** Fetches a whole file. @throws {ConfigError} if the server does not give it. */
export async function readFileBytes(
  path: string | URL,
  onProgress?: Progress,
): Promise<Uint8Array> {
  return fetchBytes(urlOf(path), onProgress);
}

/** Opens a file for reading in pieces. @throws {ConfigError} if the server does not give it. */
export async function openByteSource(
  path: string | URL,
  onProgress?: Progress,
): Promise<OpenByteSource> {
  return openUrlSource(urlOf(path), onProgress);
}

/** True if a file answers at this path. */
export async function exists(path: string | URL): Promise<boolean> {
  return urlExists(urlOf(path));
}

/** Names what a hub has; no other server lists its folders. @throws {ConfigError} for other places. */
export async function listFolder(path: string | URL): Promise<string[]> {
  if (isHubPlace(path)) {
    const place = parseHubPlace(path);
    const info = await fetchBytes(hubInfoUrl(PUBLIC_HUB, place));
    const files = filesOfInfo(JSON.parse(new TextDecoder().decode(info)));
    return entriesOfFolder(files, place.path);
  }
  throw new ConfigError(
    `${String(path)}: a browser cannot list a folder; name the files, or pass their bytes`,
  );
}

function urlOf(path: string | URL): string | URL {
  return isHubPlace(path) ? hubFileUrl(PUBLIC_HUB, parseHubPlace(path)) : path;
}

/** Refuses: a browser has no folders to write to. @throws {ConfigError} always. */
export async function writeFilesAtomic(
  folder: string,
  files: Readonly<Record<string, FileContents>>,
): Promise<void> {
  const names = Object.keys(files).join(", ");
  throw new ConfigError(
    `${folder}: a browser cannot write ${names}; call \`model.save\` without a folder for the bytes, and offer them as a download`,
  );
}
