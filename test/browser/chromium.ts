import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { createServer, defaultClientConditions, type ViteDevServer } from "vite";

const root = join(import.meta.dirname, "../..");

/** Chromium from `CHROMIUM_PATH`, or where Debian puts it, or on `PATH`. */
export const chromiumPath: string | undefined = [
  process.env["CHROMIUM_PATH"] ?? "",
  "/usr/bin/chromium",
  ...(process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "chromium")),
].find((path) => path !== "" && existsSync(path));

/** True where browser tests skip: Chromium is not installed. On CI they do not skip but fail. */
export const lacksChromium: boolean = chromiumPath === undefined && !process.env["CI"];

/**
 * `describe` for tests that need Chromium, with one browser for all of them.
 * Skips where Chromium is not installed, except on CI, where that is a failure.
 * `folders` may be fetched by the pages in addition to the repository.
 */
export function describeInChromium(
  name: string,
  define: (browser: () => BrowserSession) => void,
  folders: readonly string[] = [],
): void {
  const note = lacksChromium ? " (skipped: Chromium is not installed)" : "";
  describe.skipIf(lacksChromium)(`${name}${note}`, () => {
    let session: BrowserSession | undefined;
    beforeAll(async () => {
      session = await startBrowser(folders);
    });
    afterAll(async () => {
      await session?.close();
    });
    define(() => session!);
  });
}

/** Everything that could reach the network or needs a screen is off. */
const chromiumArguments = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // WebGPU computed by the CPU, the same on every machine.
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

/** A page may share memory between threads only when it is isolated from other origins. */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

interface TestPage {
  runEntry(url: string, input: unknown): Promise<unknown>;
}

// The import stands in the page, out of reach of what Vitest does to imports in this file.
const testPage = `<!doctype html>
<title>Orrery test page</title>
<link rel="icon" href="data:,">
<script type="module">
  globalThis.runEntry = async (url, input) => (await import(url)).run(input);
</script>`;

/** A started Chromium and the server whose pages it opens; close it after use. */
export interface BrowserSession {
  /**
   * Imports `entry` in a fresh page and gives what its `run(input)` returns.
   * `entry` is a path from the root of the repository; input and result must survive JSON.
   * Rejects with the page's own errors, also those that `run` did not see; but not with those of
   * `mayLog`, since Chromium writes each answer of 404 into the console, also an expected one.
   */
  run(entry: string, input?: unknown, mayLog?: RegExp): Promise<unknown>;
  /** The address at which the page can fetch a file of this machine, inside `folders`. */
  urlOf(path: string): string;
  close(): Promise<void>;
}

/** Starts Chromium and a server on loopback that serves the sources as they are, through Vite. */
async function startBrowser(folders: readonly string[]): Promise<BrowserSession> {
  if (chromiumPath === undefined) throw new Error("Chromium is not installed");
  const server = await startServer(folders);
  const address = server.resolvedUrls!.local[0]!;
  const browser = await launch(chromiumPath);
  return {
    run: (entry, input, mayLog) => runInPage(browser, address, { entry, input, mayLog }),
    urlOf: (path) => `/@fs${path}`,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Starts Chromium without its sandbox, which containers do not allow. */
export async function launch(executablePath: string): Promise<Browser> {
  return await chromium.launch({ executablePath, args: chromiumArguments });
}

async function startServer(folders: readonly string[]): Promise<ViteDevServer> {
  const server = await createServer({
    root,
    configFile: false,
    appType: "custom",
    logLevel: "error",
    resolve: { conditions: ["orrery:source", ...defaultClientConditions] },
    // Packages are served one by one: bundling them would cut onnxruntime from its WASM file.
    optimizeDeps: { noDiscovery: true },
    server: {
      host: "127.0.0.1",
      port: 0,
      hmr: false,
      watch: null,
      headers: isolationHeaders,
      fs: { allow: [root, ...folders] },
    },
  });
  server.middlewares.use("/page.html", (_request, response) => {
    for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
    response.setHeader("Content-Type", "text/html");
    response.end(testPage);
  });
  return await server.listen();
}

async function runInPage(
  browser: Browser,
  address: string,
  { mayLog, ...call }: { entry: string; input: unknown; mayLog: RegExp | undefined },
): Promise<unknown> {
  const page = await browser.newPage();
  try {
    const errors = collectErrors(page);
    await page.goto(new URL("page.html", address).href);
    const result: unknown = await page.evaluate(
      ({ entry, input }) => (globalThis as unknown as TestPage).runEntry(`/${entry}`, input),
      call,
    );
    const unexpected = errors.filter((error) => !mayLog?.test(error));
    if (unexpected.length > 0) throw new Error(`${call.entry}: ${unexpected.join("\n")}`);
    return result;
  } finally {
    await page.close();
  }
}

/** Fills the list that it returns with whatever goes wrong in the page. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return errors;
}
