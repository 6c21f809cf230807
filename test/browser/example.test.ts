import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { ConfigReader } from "orrery-lm/formats";
import { Model, createArchitecture, initialize } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { trainTokenizer } from "orrery-lm/tokenizers";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, collectErrors, lacksChromium, launch } from "./chromium.ts";

const PROMPT = "The moon went round";
const folder = join(import.meta.dirname, "../../examples/browser");

/** A model that nobody trained, its tokenizer, and what it writes here. */
async function makeModel(): Promise<{ files: Record<string, Uint8Array>; written: string }> {
  const tokenizer = await trainTokenizer(["The moon went round and round the earth. "], {
    vocabSize: 270,
  });
  const config = {
    model_type: "orrery",
    position_encoding: "rope",
    vocab_size: tokenizer.vocabSize,
    hidden_size: 16,
    intermediate_size: 32,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    max_position_embeddings: 128,
  };
  const { network } = createArchitecture(new ConfigReader(config));
  const parameters = initialize(network.parameters(), 3);
  const model = new Model({ config, parameters, runtime: await nativeRuntime({ threads: 1 }) });
  const options = { tokenizer, maxNewTokens: 40, temperature: 0 };
  let written = PROMPT;
  for await (const { text } of model.generate(tokenizer.encode(PROMPT), options)) written += text;
  return { files: { ...model.files(), ...tokenizer.save("tokenizer.json") }, written };
}

describe.skipIf(lacksChromium)("examples/browser", () => {
  let server: ViteDevServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await createServer({
      root: folder,
      configFile: join(folder, "vite.config.ts"),
      logLevel: "error",
      server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
      // Vite would put what it prepares beside the packages, where other tests read.
      optimizeDeps: { noDiscovery: true },
    });
    await server.listen();
    browser = await launch(chromiumPath!);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(): Promise<{ page: Page; errors: string[] }> {
    const page = await browser.newPage();
    const errors = collectErrors(page);
    await page.goto(server.resolvedUrls!.local[0]!);
    return { page, errors };
  }

  it("writes what Node writes, in a page that may use several threads", async () => {
    const { files, written } = await makeModel();
    const { page, errors } = await open();
    await page.setInputFiles(
      "#files",
      Object.entries(files).map(([name, bytes]) => ({
        name,
        mimeType: "application/octet-stream",
        buffer: Buffer.from(bytes),
      })),
    );
    await page.fill("#prompt", PROMPT);
    await page.click("#write");
    const state = page.locator("#state", { hasText: "ran on" });
    await state.waitFor({ timeout: 60_000 });
    expect(await state.textContent()).toMatch(/^ran on wasm; this page may use \d+ threads$/);
    expect(await page.textContent("#text")).toBe(written);
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
    expect(errors).toEqual([]);
  });

  it("has a sentence for who chose no files", async () => {
    const { page, errors } = await open();
    await page.click("#write");
    const state = page.locator("#state", { hasText: "expected config.json" });
    await state.waitFor({ timeout: 60_000 });
    expect(errors).toEqual([]);
  });
});
