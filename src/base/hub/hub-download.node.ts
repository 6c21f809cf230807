/** Downloads a blob: goes on where an earlier attempt ended, and checks what came. */
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConfigError } from "../errors.ts";
import { isRunning } from "../is-running.node.ts";
import type { Progress } from "../progress.ts";
import { digestOf } from "./hub-cache.node.ts";
import { NoAnswerError, askHub } from "./hub-client.node.ts";

/** A blob that is wanted. */
export interface WantedBlob {
  readonly url: string;
  /** Where it is to lie; its name is the ETag. */
  readonly target: string;
  readonly size: number; // bytes
  readonly onProgress?: Progress | undefined;
  /** For messages and progress. */
  readonly name: string;
}

const ATTEMPTS = 4;

/**
 * Downloads into `ETAG.PID-N.incomplete` beside the target, and renames it when it is whole. Two
 * processes may do so at once: each has a file of its own, and both end with the same blob.
 * @throws {ConfigError} if the hub ends before the file does, or its digest is not the ETag's.
 */
export async function downloadBlob(blob: WantedBlob): Promise<void> {
  await mkdir(dirname(blob.target), { recursive: true });
  const part = await claimPart(blob.target);
  try {
    await fill(part, blob);
    const digest = await digestOfFile(part, blob);
    if (digest !== undefined && digest !== basename(blob.target)) {
      await rm(part, { force: true });
      throw new ConfigError(
        `${blob.name}: expected the digest ${basename(blob.target)}, got ${digest}; what came is damaged and was removed; try again`,
      );
    }
    await rename(part, blob.target);
  } catch (error) {
    // Free for the next attempt, which goes on behind it.
    await rename(part, `${blob.target}.0.incomplete`).catch(() => {});
    throw error;
  }
}

/** A file of this process, with what a dead one or a failed attempt left in it. */
async function claimPart(target: string): Promise<string> {
  const own = `${target}.${process.pid}-${Math.random().toString(36).slice(2)}.incomplete`;
  const prefix = `${basename(target)}.`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || !name.endsWith(".incomplete")) continue;
    // huggingface_hub's own, `ETAG.incomplete`, has no number: another program may be writing it.
    const pid = /^(\d+)(?:-\w+)?\.incomplete$/.exec(name.slice(prefix.length))?.[1];
    if (pid === undefined || (pid !== "0" && isRunning(Number(pid)))) continue;
    // A rename succeeds for one of those who try.
    // oxlint-disable-next-line no-await-in-loop
    const isOurs = await rename(join(dirname(target), name), own).then(
      () => true,
      () => false,
    );
    if (isOurs) return own;
  }
  return own;
}

async function fill(part: string, { url, size, name, onProgress }: WantedBlob): Promise<void> {
  const file = await open(part, "a");
  try {
    let done = (await file.stat()).size;
    if (done > size) {
      await file.truncate(0);
      done = 0;
    }
    for (let attempt = 1; done < size; attempt++) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        const response = await askHub(url, {
          headers: done > 0 ? { range: `bytes=${done}-` } : {},
        });
        if (!response.ok || response.body === null)
          throw new ConfigError(`${name}: the hub answered HTTP ${response.status}`);
        // A server that knows no ranges sends all of it again.
        if (done > 0 && response.status !== 206) {
          // oxlint-disable-next-line no-await-in-loop
          await file.truncate(0);
          done = 0;
        }
        // oxlint-disable-next-line no-await-in-loop
        for await (const chunk of response.body) {
          done += chunk.length;
          if (done > size) throw new ConfigError(`${name}: expected ${size} bytes, more came`);
          await file.appendFile(chunk);
          onProgress?.(done, size, name);
        }
      } catch (cause) {
        if (cause instanceof ConfigError && !(cause instanceof NoAnswerError)) throw cause;
        if (attempt >= ATTEMPTS)
          throw new ConfigError(
            `${name}: the connection broke after ${done} of ${size} bytes; try again, and it goes on from there`,
            { cause },
          );
        continue;
      }
      if (done < size && attempt >= ATTEMPTS)
        throw new ConfigError(`${name}: expected ${size} bytes, the hub sent ${done}; try again`);
    }
  } finally {
    await file.close();
  }
}

async function digestOfFile(path: string, { target }: WantedBlob): Promise<string | undefined> {
  const hash = digestOf(basename(target), (await stat(path)).size);
  if (hash === undefined) return undefined;
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
