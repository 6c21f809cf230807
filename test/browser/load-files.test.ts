import { readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium } from "./chromium.ts";

const golden = fileURLToPath(new URL("../../goldens/models/llama", import.meta.url));

/** Folders of a server that is not the page's, and what goes wrong in each. */
const answers: Readonly<Record<string, (name: string, response: ServerResponse) => unknown>> = {
  whole: (name, response) => response.end(fileOf(name)),
  "in-pieces": (name, response) => {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(response.req.headers.range ?? "") ?? [];
    if (start === undefined) return response.end(fileOf(name));
    response.writeHead(206, {
      "Content-Range": `bytes ${start}-${end}/${fileOf(name).length}`,
      "Access-Control-Expose-Headers": "Content-Range",
    });
    return response.end(fileOf(name).subarray(Number(start), Number(end) + 1));
  },
  "cut-short": (name, response) =>
    response.end(name === "config.json" ? fileOf(name) : fileOf(name).subarray(0, -100)),
  "pages-of-html": (_, response) => response.end("<!doctype html><title>Not here</title>"),
  broken: (_, response) => response.writeHead(500).end(),
  empty: (_, response) => response.writeHead(404).end(),
  "breaks-off": (name, response) => {
    response.setHeader("Content-Length", fileOf(name).length);
    if (name === "config.json" || response.req.method === "HEAD") response.end(fileOf(name));
    else
      response.write(fileOf(name).subarray(0, 1000), () =>
        setTimeout(() => response.destroy(), 50),
      );
  },
};

function fileOf(name: string): Buffer {
  return readFileSync(`${golden}/${name}`);
}

describeInChromium("a model in Chromium", (browser) => {
  let server: Server;
  let address: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const [, folder, name] = request.url!.split("/");
      if (folder !== "closed") response.setHeader("Access-Control-Allow-Origin", "*");
      (answers[folder!] ?? answers["whole"]!)(name!, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  it("is read from URLs and from files that someone chose; what is wrong has a sentence", async () => {
    const bad = ["closed", ...Object.keys(answers)].map((name) => `${address}/${name}`);
    const input = { folder: browser().urlOf(golden), bad };
    // Chromium itself writes what the network does not give into the console.
    const mayLog = /Failed to load resource|blocked by CORS policy/;
    expect(await browser().run("test/browser/pages/load-files.ts", input, mayLog)).toEqual({
      isEqual: true,
      refusals: {
        "files without weights": expect.stringContaining("expected model.safetensors"),
        "a File cut short": `safetensors: the header promises 21856 bytes, the file has 21847: the file is cut short (byte 21847)`,
        "an empty File":
          "safetensors: expected at least 8 bytes, got 0; the file is cut short (byte 0)",
        "files in each other's place": expect.stringMatching(/^config\.json: not UTF-8/),
        "/closed": expect.stringMatching(
          /closed\/config\.json: no answer from the server; or it does not allow pages of http.* Access-Control-Allow-Origin$/,
        ),
        "/whole": "loaded",
        "/in-pieces": "loaded",
        "/cut-short":
          "safetensors: the header promises 21856 bytes, the file has 21756: the file is cut short (byte 21756)",
        "/pages-of-html": expect.stringMatching(/^config\.json: not valid JSON/),
        "/broken": `${address}/broken/config.json: the server answered HTTP 500`,
        "/empty": `no such file: ${address}/empty/config.json (HTTP 404)`,
        "/breaks-off": `${address}/breaks-off/model.safetensors: the connection broke off; try again`,
      },
    });
  });
});
