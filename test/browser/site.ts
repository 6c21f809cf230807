import { preview } from "vite";
import { chromiumPath, collectErrors, isolationHeaders, launch } from "./chromium.ts";

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
    const finished = tab.waitForFunction("globalThis.result !== undefined");
    await Promise.race([failed, finished]);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return await tab.evaluate("globalThis.result");
  } finally {
    await browser.close();
    await server.close();
  }
}
