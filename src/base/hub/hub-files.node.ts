/** Files of a hub as files on this machine. */
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import type { Progress } from "../progress.ts";
import {
  cachedSnapshot,
  filesOfSnapshot,
  hubEndpoint,
  isOffline,
  isThere,
  linkSnapshot,
  repositoryFolder,
} from "./hub-cache.node.ts";
import { NoAnswerError, askHub, listRepository, refusal } from "./hub-client.node.ts";
import { downloadBlob } from "./hub-download.node.ts";
import {
  PUBLIC_HUB,
  entriesOfFolder,
  hubFileUrl,
  parseHubPlace,
  type HubPlace,
} from "./hub-place.ts";

/**
 * The path of a hub's file, which is downloaded unless the cache has it as it is now.
 * @throws {ConfigError} if there is none, the hub refuses, or there is no connection and no copy.
 */
export async function fetchHubFile(name: string, onProgress?: Progress): Promise<string> {
  const place = parseHubPlace(name);
  if (place.path === "") throw new ConfigError(`${name} is a folder, not a file`);
  const cached = await cachedFile(place);
  if (cached !== undefined && (isOffline() || /^[0-9a-f]{40}$/.test(place.revision))) return cached;
  if (isOffline()) throw notCached(name);
  const endpoint = hubEndpoint(PUBLIC_HUB);
  const url = hubFileUrl(endpoint, place);
  let facts: Response;
  try {
    facts = await askFacts(url);
  } catch (error) {
    if (cached !== undefined && error instanceof NoAnswerError) return cached;
    throw error;
  }
  // A hub that is down for a moment need not stop those who have the file.
  if (facts.status >= 500 && cached !== undefined) return cached;
  if (facts.status >= 400) throw await refusal(facts, place, endpoint);
  const commit = facts.headers.get("x-repo-commit");
  const etag = facts.headers.get("x-linked-etag") ?? facts.headers.get("etag");
  const size = facts.headers.get("x-linked-size") ?? facts.headers.get("content-length");
  const digest = etag?.replace(/^W\//, "").replaceAll('"', "");
  const isSound =
    commit !== null &&
    /^[0-9a-f]{40}$/.test(commit) &&
    /^[\w-]+$/.test(digest ?? "") &&
    size !== null;
  if (!isSound || !Number.isSafeInteger(Number(size)))
    throw new ConfigError(
      `${endpoint}: expected a hub's headers x-repo-commit, etag and content-length for ${name}; is HF_ENDPOINT right?`,
    );
  const target = join(repositoryFolder(place), "blobs", digest!);
  if (!(await isThere(target)))
    await downloadBlob({ url, target, size: Number(size), name, onProgress });
  return linkSnapshot(place, commit, target);
}

/** The headers of a file, which the hub itself gives: not those of the host that has the bytes. */
function askFacts(url: string): Promise<Response> {
  return askHub(url, { method: "HEAD" }, (from, to) => from.host === to.host);
}

async function cachedFile(place: HubPlace): Promise<string | undefined> {
  const snapshot = await cachedSnapshot(place);
  if (snapshot === undefined) return undefined;
  const path = join(snapshot, place.path);
  return (await isThere(path)) ? path : undefined;
}

function notCached(name: string): ConfigError {
  return new ConfigError(
    `${name} was not downloaded before, and HF_HUB_OFFLINE forbids to ask the hub`,
  );
}

/** Names what lies in a folder of a repository. @throws {ConfigError} if the hub refuses. */
export async function listHubFolder(name: string): Promise<string[]> {
  const place = parseHubPlace(name);
  const snapshot = await cachedSnapshot(place);
  const fromCache = async (): Promise<string[]> => {
    if (snapshot === undefined) throw notCached(name);
    return entriesOfFolder(await filesOfSnapshot(snapshot), place.path);
  };
  if (isOffline()) return fromCache();
  let files: string[];
  try {
    files = await listRepository(place, hubEndpoint(PUBLIC_HUB));
  } catch (error) {
    if (snapshot !== undefined && error instanceof NoAnswerError) return fromCache();
    throw error;
  }
  const entries = entriesOfFolder(files, place.path);
  if (entries.length === 0 && place.path !== "") throw new ConfigError(`no such folder: ${name}`);
  return entries;
}

/**
 * True if the hub has this file or repository.
 * @throws {ConfigError} if the hub refuses to say.
 */
export async function hubHas(name: string): Promise<boolean> {
  const place = parseHubPlace(name);
  if (place.path === "") return (await listHubFolder(name)).length > 0;
  const folder = place.path.split("/").slice(0, -1).join("/");
  const revision = encodeURIComponent(place.revision);
  const entries = await listHubFolder(`hf:${place.id}@${revision}/${folder}`).catch(
    (error: unknown): string[] => {
      if ((error as Error).message.startsWith("no such folder")) return [];
      throw error;
    },
  );
  return entries.includes(place.path.split("/").at(-1)!);
}
