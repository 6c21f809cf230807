/**
 * Reading over HTTP, for both twins of `#files`. Browsers have nothing else; Node uses it where a
 * path is an http(s) URL.
 */
import { type OpenByteSource, bytesSource, checkRange } from "./byte-source.ts";
import { ConfigError } from "./errors.ts";
import type { Progress } from "./progress.ts";

// What is small comes along with what stands before it: most tensors of a model are, and each
// question takes as long as the way to the server and back.
const READ_AHEAD_BYTES = 2 ** 20;

/**
 * Fetches everything behind a URL.
 * @param onProgress told how many bytes are here
 * @throws {ConfigError} if the server does not give it.
 */
export async function fetchBytes(url: string | URL, onProgress?: Progress): Promise<Uint8Array> {
  const bytes = await bodyBytes(url, await request(url));
  onProgress?.(bytes.length, bytes.length, nameOf(url));
  return bytes;
}

/**
 * Opens a URL for reading in pieces. A server that answers range requests is asked for each piece;
 * any other sends the whole file once.
 * @param onProgress told how many bytes are here
 */
export async function openUrlSource(
  url: string | URL,
  onProgress?: Progress,
): Promise<OpenByteSource> {
  const response = await request(url, "bytes=0-0");
  const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (response.status === 200) {
    const bytes = await bodyBytes(url, response);
    onProgress?.(bytes.length, bytes.length, nameOf(url));
    return { ...bytesSource(bytes), close: async () => {} };
  }
  if (total === undefined) {
    // 416: an empty file has no first byte. 206 without a total: the server hides the size
    // (across origins it must expose Content-Range).
    return { ...bytesSource(await fetchBytes(url, onProgress)), close: async () => {} };
  }
  await bodyBytes(url, response);
  const size = Number(total);
  let ahead: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
  let here = 0;
  return {
    size,
    slice: async (start, end) => {
      checkRange(start, end, size);
      const known = ahead;
      if (start >= known.start && end <= known.start + known.bytes.length)
        return known.bytes.subarray(start - known.start, end - known.start);
      if (start === end) return new Uint8Array(0);
      const last = Math.max(end, Math.min(size, start + READ_AHEAD_BYTES));
      const bytes = await requestRange(url, start, last);
      // What has more is the caller's alone, and need not be kept here.
      if (last > end) ahead = { start, bytes };
      here = Math.min(size, here + bytes.length);
      onProgress?.(here, size, nameOf(url));
      return bytes.subarray(0, end - start);
    },
    close: async () => {
      ahead = { start: 0, bytes: new Uint8Array(0) };
    },
  };
}

async function requestRange(url: string | URL, start: number, end: number): Promise<Uint8Array> {
  const piece = await request(url, `bytes=${start}-${end - 1}`);
  const bytes = await bodyBytes(url, piece);
  if (piece.status !== 206 || bytes.length !== end - start) {
    throw new ConfigError(
      `${String(url)}: asked for ${end - start} bytes at ${start}, got ${bytes.length} (HTTP ${piece.status})`,
    );
  }
  return bytes;
}

/** True if something answers at the URL. */
export async function urlExists(url: string | URL): Promise<boolean> {
  try {
    return (await fetch(url, { method: "HEAD" })).ok;
  } catch (cause) {
    throw noAnswer(url, cause);
  }
}

async function request(url: string | URL, range?: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, range === undefined ? {} : { headers: { range } });
  } catch (cause) {
    throw noAnswer(url, cause);
  }
  if (response.status === 404) throw new ConfigError(`no such file: ${String(url)} (HTTP 404)`);
  if (!response.ok && !(range !== undefined && response.status === 416)) {
    throw new ConfigError(`${String(url)}: the server answered HTTP ${response.status}`);
  }
  return response;
}

async function bodyBytes(url: string | URL, response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new ConfigError(`${String(url)}: the connection broke off; try again`, { cause });
  }
}

/** A page cannot tell a server that is off from one that forbids it to look. */
function noAnswer(url: string | URL, cause: unknown): ConfigError {
  const { location } = globalThis as {
    location?: { readonly href: string; readonly origin: string };
  };
  const isElsewhere =
    location !== undefined && new URL(url, location.href).origin !== location.origin;
  const remedy = isElsewhere
    ? `; or it does not allow pages of ${location.origin} to read it: it has to send Access-Control-Allow-Origin`
    : "";
  return new ConfigError(`${String(url)}: no answer from the server${remedy}`, { cause });
}

function nameOf(url: string | URL): string {
  return String(url)
    .replace(/[?#].*$/, "")
    .replace(/^.*\//, "");
}
