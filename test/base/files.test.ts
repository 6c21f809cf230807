import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as node from "#files";
import { ConfigError, bytesSource } from "orrery-lm/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as browser from "../../src/base/files.browser.ts";

const BYTES = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 256);
let folder: string;
const servers: Server[] = [];
/** Addresses of the folder by kind of server. */
const roots: Record<string, string> = {};

/** Serves the folder; `ranges: "hidden"` answers ranges without telling the size. */
async function serve(ranges: "yes" | "no" | "hidden"): Promise<string> {
  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === "/broken") return void response.writeHead(500).end();
      const body = await readFile(join(folder, request.url ?? "")).catch(() => undefined);
      if (body === undefined) return void response.writeHead(404).end();
      const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
      if (ranges === "no" || match === null) return void response.writeHead(200).end(body);
      const [start, end] = [Number(match[1]), Number(match[2]) + 1];
      if (start >= body.length) return void response.writeHead(416).end();
      const total = ranges === "yes" ? body.length : "*";
      response.writeHead(206, { "content-range": `bytes ${start}-${end - 1}/${total}` });
      response.end(body.subarray(start, end));
    })();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "orrery-files-"));
  await writeFile(join(folder, "some.bin"), BYTES);
  await writeFile(join(folder, "empty.bin"), "");
  roots.path = folder + "/";
  roots.fileUrl = pathToFileURL(folder).href + "/";
  roots.ranges = await serve("yes");
  roots.noRanges = await serve("no");
  roots.hidden = await serve("hidden");
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

// Every way to reach a file, through both twins.
const ways = [
  { twin: "node", files: node, root: "path" },
  { twin: "node", files: node, root: "fileUrl" },
  { twin: "node", files: node, root: "ranges" },
  { twin: "node", files: node, root: "noRanges" },
  { twin: "browser", files: browser, root: "ranges" },
  { twin: "browser", files: browser, root: "noRanges" },
  { twin: "browser", files: browser, root: "hidden" },
];

describe.each(ways)("#files of $twin reading by $root", ({ files, root }) => {
  it("reads whole files", async () => {
    expect(await files.readFileBytes(roots[root] + "some.bin")).toEqual(BYTES);
    expect(await files.readFileBytes(roots[root] + "empty.bin")).toEqual(new Uint8Array(0));
  });

  it("gives plain arrays, whose slice copies", async () => {
    const bytes = await files.readFileBytes(roots[root] + "some.bin");
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  });

  it("reads pieces", async () => {
    const source = await files.openByteSource(roots[root] + "some.bin");
    expect(source.size).toBe(5000);
    expect(await source.slice(1000, 1003)).toEqual(BYTES.slice(1000, 1003));
    expect(await source.slice(0, 5000)).toEqual(BYTES);
    expect(await source.slice(5000, 5000)).toEqual(new Uint8Array(0));
    await expect(source.slice(4999, 5001)).rejects.toThrow(RangeError);
    await expect(source.slice(-1, 2)).rejects.toThrow(RangeError);
    await source.close();
  });

  it("opens an empty file", async () => {
    const source = await files.openByteSource(roots[root] + "empty.bin");
    expect(source.size).toBe(0);
    expect(await source.slice(0, 0)).toEqual(new Uint8Array(0));
    await source.close();
  });

  it("says that a file is missing", async () => {
    const missing = files.readFileBytes(roots[root] + "none.bin");
    await expect(missing).rejects.toThrow(/^no such file: .*none\.bin/);
    await expect(missing).rejects.toThrow(ConfigError);
    await expect(files.openByteSource(roots[root] + "none.bin")).rejects.toThrow(/^no such file: /);
    expect(await files.exists(roots[root] + "none.bin")).toBe(false);
    expect(await files.exists(roots[root] + "some.bin")).toBe(true);
  });
});

it.each(ways.slice(2))("names a failing server ($twin, $root)", async ({ files, root }) => {
  await expect(files.readFileBytes(roots[root] + "broken")).rejects.toThrow(/broken.*HTTP 500/);
  await expect(files.listFolder(roots[root]!)).rejects.toThrow(ConfigError);
});

it.each([
  ["another file of just this length", 200, 10],
  ["fewer bytes", 206, 9],
])("refuses a piece when the server now gives %s", async (_, status, length) => {
  const server = createServer((request, response) => {
    const isFirst = request.headers.range === "bytes=0-0";
    response.writeHead(isFirst ? 206 : status, { "content-range": "bytes 0-0/5000" });
    response.end(Buffer.alloc(isFirst ? 1 : length));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  const source = await browser.openByteSource(url);
  await expect(source.slice(4990, 5000)).rejects.toThrow(
    `asked for 10 bytes at 4990, got ${length}`,
  );
});

it("asks a server for what is small together with what comes before it, and tells how far it is", async () => {
  const size = 3_000_000;
  const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 7) % 251));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range!);
    const [start, end] = request.headers.range!.match(/\d+/g)!.map(Number) as [number, number];
    response.writeHead(206, { "content-range": `bytes ${start}-${end}/${size}` });
    response.end(bytes.subarray(start, end + 1));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights?page=1`;
  const told: unknown[] = [];
  const source = await browser.openByteSource(url, (...progress) => told.push(progress));
  for (const [start, end] of [
    [0, 8],
    [8, 1000],
    [999_999, 1_048_576],
    [1_048_570, 2_500_000],
    [2_999_990, size],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop
    expect(Buffer.compare(await source.slice(start, end), bytes.subarray(start, end))).toBe(0);
  }
  await source.close();
  expect(asked).toEqual([
    "bytes=0-0",
    "bytes=0-1048575",
    "bytes=1048570-2499999",
    "bytes=2999990-2999999",
  ]);
  expect(told).toEqual([
    [1_048_576, size, "weights"],
    [2_500_006, size, "weights"],
    [2_500_016, size, "weights"],
  ]);
});

it("says that nothing listens at an address", async () => {
  await expect(browser.readFileBytes("http://127.0.0.1:1/a")).rejects.toThrow(/no answer/);
});

it("reads bytes in memory as a source", async () => {
  const source = bytesSource(BYTES);
  expect(source.size).toBe(5000);
  expect(await source.slice(2, 4)).toEqual(BYTES.slice(2, 4));
  await expect(source.slice(4999, 5001)).rejects.toThrow(RangeError);
});

describe("on disk", () => {
  it("tells a folder from a file", async () => {
    await expect(node.readFileBytes(folder)).rejects.toThrow(/is a folder, not a file$/);
    await expect(node.openByteSource(folder)).rejects.toThrow(/is a folder, not a file$/);
    await expect(node.listFolder(join(folder, "some.bin"))).rejects.toThrow(/is a file, not a/);
    await expect(node.listFolder(join(folder, "none"))).rejects.toThrow(/^no such folder: /);
  });

  it("lists a folder in order", async () => {
    expect(await node.listFolder(folder)).toEqual(["empty.bin", "some.bin"]);
  });

  it.skipIf(process.platform === "win32")("reads from a pipe", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const writer = spawn("sh", ["-c", `head -c 70000 /dev/zero > '${pipe}'`]);
    const closed = new Promise((resolve) => writer.on("close", resolve));
    expect((await node.readFileBytes(pipe)).length).toBe(70_000);
    await closed;
    await rm(pipe);
  });

  it("writes files, in new folders and over old ones, and leaves nothing else", async () => {
    const place = join(folder, "run", "deep");
    await node.writeFilesAtomic(place, { "a.txt": Uint8Array.of(1), "state/b": [BYTES, BYTES] });
    await node.writeFilesAtomic(place, { "a.txt": Uint8Array.of(2, 3) });
    expect([...(await readFile(join(place, "a.txt")))]).toEqual([2, 3]);
    expect((await readFile(join(place, "state/b"))).length).toBe(10_000);
    expect((await readdir(place)).sort()).toEqual(["a.txt", "state"]);
    expect(await readdir(join(place, "state"))).toEqual(["b"]);
  });

  it("removes what a killed process left, and not what a living one is writing", async () => {
    const place = join(folder, "abandoned");
    await mkdir(place);
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    await writeFile(join(place, `.a.${dead}.part`), "x");
    await writeFile(join(place, `.a.${process.ppid}.part`), "x");
    await node.writeFilesAtomic(place, { a: BYTES });
    expect((await readdir(place)).sort()).toEqual([`.a.${process.ppid}.part`, "a"].sort());
  });

  it.each(["", "..", "../a", "/a", "b/../../a"])("refuses the file name %j", async (name) => {
    const writing = node.writeFilesAtomic(join(folder, "names"), { [name]: BYTES });
    await expect(writing).rejects.toThrow(/is not the name of a file in this folder/);
  });

  it("keeps the old files when one cannot be written", async () => {
    const place = join(folder, "kept");
    await node.writeFilesAtomic(place, { a: Uint8Array.of(1) });
    // `a/b` needs a folder where a file stands.
    const writing = node.writeFilesAtomic(place, { a: Uint8Array.of(2), "a/b": BYTES });
    await expect(writing).rejects.toThrow(/could not be written.*nothing was replaced/);
    expect(await readdir(place)).toEqual(["a"]);
    expect([...(await readFile(join(place, "a")))]).toEqual([1]);
  });

  it("keeps the old files when the disk is full", async ({ skip }) => {
    const disk = await mkdtemp(join(tmpdir(), "orrery-disk-"));
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      await rm(disk, { recursive: true });
      skip("needs the right to mount a small tmpfs");
    }
    try {
      await node.writeFilesAtomic(disk, { a: Uint8Array.of(1) });
      const files = { a: Uint8Array.of(2), big: new Uint8Array(100_000) };
      await expect(node.writeFilesAtomic(disk, files)).rejects.toThrow(
        `the disk is full: 100000 bytes of ${join(disk, "big")} could not be written; nothing was replaced`,
      );
      expect(await readdir(disk)).toEqual(["a"]);
      expect([...(await readFile(join(disk, "a")))]).toEqual([1]);
    } finally {
      execFileSync("umount", [disk]);
      await rm(disk, { recursive: true });
    }
  });
});

it("refuses to write or list in a browser", async () => {
  await expect(browser.writeFilesAtomic("run", { a: BYTES })).rejects.toThrow(/cannot write a;/);
  await expect(browser.listFolder("run")).rejects.toThrow(/cannot list a folder/);
});
