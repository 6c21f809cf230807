/** Hugging Face's cache: what other programs downloaded is found, and what is downloaded they find. */
import { createHash, type Hash } from "node:crypto";
import {
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
  copyFile,
  access,
} from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { HubPlace } from "./hub-place.ts";

const environment = (name: string): string | undefined => process.env[name] || undefined;

function hubHome(): string {
  const cache = environment("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  return environment("HF_HOME") ?? join(cache, "huggingface");
}

/** The folder of a repository in the cache. */
export function repositoryFolder({ id }: HubPlace): string {
  const cache =
    environment("HF_HUB_CACHE") ?? environment("HUGGINGFACE_HUB_CACHE") ?? join(hubHome(), "hub");
  return join(cache, `models--${id.replaceAll("/", "--")}`);
}

/** The token to show to the hub, if there is one. */
export async function hubToken(): Promise<string | undefined> {
  const given = environment("HF_TOKEN") ?? environment("HUGGING_FACE_HUB_TOKEN");
  if (given !== undefined) return given.trim();
  const path = environment("HF_TOKEN_PATH") ?? join(hubHome(), "token");
  const text = await readFile(path, "utf8").catch(() => "");
  return text.trim() || undefined;
}

/** Whether the hub must not be asked. */
export function isOffline(): boolean {
  const value = environment("HF_HUB_OFFLINE") ?? environment("TRANSFORMERS_OFFLINE") ?? "";
  return /^(1|on|yes|true)$/i.test(value);
}

/** The server that stands for the hub. */
export function hubEndpoint(standard: string): string {
  return (environment("HF_ENDPOINT") ?? standard).replace(/\/+$/, "");
}

const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

/** The folder of the revision that was last seen, if there is one. */
export async function cachedSnapshot(place: HubPlace): Promise<string | undefined> {
  const folder = repositoryFolder(place);
  const commit = isCommit(place.revision)
    ? place.revision
    : await readFile(join(folder, "refs", place.revision), "utf8").catch(() => undefined);
  if (commit === undefined || !isCommit(commit.trim())) return undefined;
  const snapshot = join(folder, "snapshots", commit.trim());
  return (await isThere(snapshot)) ? snapshot : undefined;
}

/** True if there is a file or folder. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Names the files of a snapshot, below its folder. */
export async function filesOfSnapshot(snapshot: string): Promise<string[]> {
  const entries = await readdir(snapshot, { recursive: true });
  return entries.map((name) => name.replaceAll("\\", "/"));
}

/** Writes down which commit a branch is at, and makes the file of that commit point to its blob. */
export async function linkSnapshot(place: HubPlace, commit: string, blob: string): Promise<string> {
  const folder = repositoryFolder(place);
  if (place.revision !== commit) {
    const ref = join(folder, "refs", place.revision);
    const before = await readFile(ref, "utf8").catch(() => "");
    if (before !== commit) await replaceFile(ref, (path) => writeFile(path, commit));
  }
  const target = join(folder, "snapshots", commit, place.path);
  const link = relative(dirname(target), blob);
  await replaceFile(target, async (path) => {
    // Windows allows links only to some; a copy serves.
    await symlink(link, path).catch(() => copyFile(blob, path));
  });
  return target;
}

async function replaceFile(target: string, write: (path: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}-${Math.random().toString(36).slice(2)}.part`;
  try {
    await write(temporary);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What a file's ETag is the digest of: SHA-256 of large files, Git's SHA-1 of small ones; else nothing. */
export function digestOf(etag: string, size: number): Hash | undefined {
  if (/^[0-9a-f]{64}$/.test(etag)) return createHash("sha256");
  if (/^[0-9a-f]{40}$/.test(etag)) return createHash("sha1").update(`blob ${size}\0`);
  return undefined;
}
