/**
 * Reading over HTTP, for both twins of `#files`. Browsers have nothing else; Node uses it where a
 * path is an http(s) URL.
 */
import { type OpenByteSource, bytesSource, checkRange } from "./byte-source.ts";
import { ConfigError } from "./errors.ts";

/** Fetches everything behind a URL. @throws {ConfigError} if the server does not give it. */
export async function fetchBytes(url: string | URL): Promise<Uint8Array> {
  return bodyBytes(await request(url));
}

/**
 * Opens a URL for reading in pieces. A server that answers range requests is asked for each piece;
 * any other sends the whole file once.
 */
export async function openUrlSource(url: string | URL): Promise<OpenByteSource> {
  const response = await request(url, "bytes=0-0");
  const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (response.status === 200) {
    return { ...bytesSource(await bodyBytes(response)), close: async () => {} };
  }
  if (total === undefined) {
    // 416: an empty file has no first byte. 206 without a total: the server hides the size
    // (across origins it must expose Content-Range).
    return { ...bytesSource(await fetchBytes(url)), close: async () => {} };
  }
  await response.arrayBuffer();
  const size = Number(total);
  return {
    size,
    slice: async (start, end) => {
      checkRange(start, end, size);
      if (start === end) return new Uint8Array(0);
      const piece = await request(url, `bytes=${start}-${end - 1}`);
      const bytes = await bodyBytes(piece);
      if (piece.status !== 206 || bytes.length !== end - start) {
        throw new ConfigError(
          `${String(url)}: asked for ${end - start} bytes at ${start}, got ${bytes.length} (HTTP ${piece.status})`,
        );
      }
      return bytes;
    },
    close: async () => {},
  };
}

/** True if something answers at the URL. */
export async function urlExists(url: string | URL): Promise<boolean> {
  try {
    return (await fetch(url, { method: "HEAD" })).ok;
  } catch (cause) {
    throw new ConfigError(`${String(url)}: no answer from the server`, { cause });
  }
}

async function request(url: string | URL, range?: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, range === undefined ? {} : { headers: { range } });
  } catch (cause) {
    throw new ConfigError(`${String(url)}: no answer from the server`, { cause });
  }
  if (response.status === 404) throw new ConfigError(`no such file: ${String(url)} (HTTP 404)`);
  if (!response.ok && !(range !== undefined && response.status === 416)) {
    throw new ConfigError(`${String(url)}: the server answered HTTP ${response.status}`);
  }
  return response;
}

async function bodyBytes(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}
