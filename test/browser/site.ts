import type { Page } from "playwright-core";
import { preview } from "vite";
import { chromiumPath, collectErrors, isolationHeaders, launch } from "./chromium.ts";

const PATIENCE_MS = 60_000;

/**
 * Opens a page of a built site in Chromium and gives what the page leaves in `globalThis.result`.
 * Rejects with the page's own errors.
 */
export async function openSite(
  folder: string,
  page: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  if (chromiumPath === undefined) throw new Error("Chromium is not installed");
  const server = await preview({
    root: folder,
    configFile: false,
    logLevel: "error",
    build: { outDir: "." },
    preview: { host: "127.0.0.1", port: 0, headers: { ...isolationHeaders, ...headers } },
  });
  const browser = await launch(chromiumPath);
  try {
    const tab = await browser.newPage();
    const errors = collectErrors(tab);
    await tab.goto(new URL(page, server.resolvedUrls!.local[0]).href);
    const failed = tab.waitForEvent("pageerror").then((error) => {
      throw error;
    });
    await Promise.race([failed, waitForResult(tab)]);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return await tab.evaluate("globalThis.result");
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Asks again and again from outside: to wait inside the page takes eval, which it may forbid. */
async function waitForResult(tab: Page): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  /* oxlint-disable no-await-in-loop -- a pause between two questions is the purpose */
  while (!(await tab.evaluate("globalThis.result !== undefined"))) {
    if (Date.now() > end) throw new Error(`the page left no result in ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  /* oxlint-enable no-await-in-loop */
}
