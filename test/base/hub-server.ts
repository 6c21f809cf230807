/** A server that behaves as a hub does, and a second host that has the bytes of large files. */
import { createHash } from "node:crypto";
import { type IncomingMessage, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a test asks of the hub, and what it saw. */
export interface TestHub {
  readonly endpoint: string;
  /** Method, path, range and whether a token came, of each request. */
  readonly seen: string[];
  /** After how many bytes the host of large files breaks off; once for each. */
  readonly breaks: number[];
  /** What large files are replaced by on the way. */
  damage: Uint8Array | undefined;
  close(): void;
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Serves `files` as `org/name`; those that end in `.safetensors` lie on the other host. */
export async function serveHub(files: Readonly<Record<string, Uint8Array>>): Promise<TestHub> {
  const seen: string[] = [];
  const note = (where: string, { method, url, headers }: IncomingMessage): void => {
    const token = headers.authorization === undefined ? "" : " with token";
    seen.push(`${where} ${method} ${url} ${headers.range ?? "all"}${token}`);
  };
  const storage = createServer((request, response) => {
    note("storage", request);
    const body = hub.damage ?? files[request.url!.slice(1)]!;
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { "content-length": body.length - start });
    const end = hub.breaks.shift();
    if (end === undefined) return void response.end(body.subarray(start));
    response.write(body.subarray(start, end), () => setTimeout(() => response.destroy(), 20));
  });
  const storageUrl = await listen(storage, "localhost");
  const server = createServer((request, response) => {
    note("hub", request);
    const url = request.url!;
    if (url.includes("/org/gated/")) {
      return void response.writeHead(403, { "x-error-code": "GatedRepo" }).end();
    }
    if (url.startsWith("/api/models/org/name/revision/main")) {
      const siblings = Object.keys(files).map((rfilename) => ({ rfilename }));
      return void response.end(JSON.stringify({ siblings }));
    }
    const match = /^\/(?:org|old)\/name\/resolve\/([^/]+)\/(.*)$/.exec(url);
    if (match === null)
      return void response.writeHead(401, { "x-error-code": "RepoNotFound" }).end();
    if (url.startsWith("/old/")) {
      return void response.writeHead(307, { location: url.replace("old", "org") }).end();
    }
    const body = files[match[2]!];
    if (match[1] !== "main" && match[1] !== COMMIT)
      return void response.writeHead(404, { "x-error-code": "RevisionNotFound" }).end();
    if (body === undefined)
      return void response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
    const headers = { "x-repo-commit": COMMIT };
    if (!match[2]!.endsWith(".safetensors")) {
      const sha1 = createHash("sha1").update(`blob ${body.length}\0`).update(body).digest("hex");
      response.writeHead(200, { ...headers, etag: `"${sha1}"`, "content-length": body.length });
      return void response.end(request.method === "HEAD" ? undefined : body);
    }
    response.writeHead(302, {
      ...headers,
      location: `${storageUrl}/${match[2]}`,
      "x-linked-etag": `"${createHash("sha256").update(body).digest("hex")}"`,
      "x-linked-size": body.length,
    });
    response.end();
  });
  const hub: TestHub = {
    endpoint: await listen(server, "127.0.0.1"),
    seen,
    breaks: [],
    damage: undefined,
    close: () => {
      for (const one of [server, storage]) {
        one.closeAllConnections();
        one.close();
      }
    },
  };
  return hub;
}

async function listen(server: Server, name: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://${name}:${(server.address() as AddressInfo).port}`;
}
