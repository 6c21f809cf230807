import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  bundle,
  externals,
  firstChunks,
  moduleOptions,
  packagesIn,
  sizeOf,
} from "./package/bundle.ts";
import { type Installation, packAndInstall, root } from "./package/stranger.ts";

let installed: Installation;

beforeAll(async () => {
  installed = await packAndInstall();
});

afterAll(async () => {
  // Unset where packing failed.
  if (installed) await rm(installed.project, { recursive: true, force: true });
});

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, unknown>;
};

/** What is bundled: all of a subpath, or some of its exports. */
const bundles = [
  ...Object.keys(manifest.exports)
    .filter((path) => path !== "./package.json")
    .map((path) => ["*", path.slice("./".length)] as const),
  ["{ Tokenizer }", "tokenizers"],
  ["{ trainTokenizer }", "tokenizers"],
  ["{ loadModel }", "models"],
] as const;

/** Bundles for the browser; onnxruntime, which users bring themselves, is left out. */
async function bundleExports(names: string, subpath: string): Promise<Rolldown.OutputChunk[]> {
  const code = `export ${names} from "orrery-lm/${subpath}";\n`;
  await writeFile(join(installed.project, "entry.js"), code);
  const rolldownOptions = { ...moduleOptions.rolldownOptions, external: [/^onnxruntime/] };
  return bundle(installed.project, "entry.js", { ...moduleOptions, rolldownOptions, write: false });
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1).padStart(8);
}

describe("bundled for the browser", () => {
  const table = ["kB                                raw     gzip   when used, gzip"];

  it.each(bundles)("%s from %s", async (names, subpath) => {
    const chunks = await bundleExports(names, subpath);
    const first = firstChunks(chunks);
    const { raw, gzip } = sizeOf(first);
    const later = sizeOf(chunks.filter((chunk) => !first.includes(chunk)));
    const name = `${names} from ${subpath}`.padEnd(28);
    table.push([name, ...[raw, gzip, later.gzip].map(kilobytes)].join(" "));
    expect(gzip).toBeGreaterThan(100);
    const strangers = chunks.flatMap(externals).filter((id) => !id.startsWith("onnxruntime"));
    expect(strangers).toEqual([]);
  });

  afterAll(() => console.info(table.join("\n")));

  it("loads no package for tokenizers before it is used, and onnxruntime never", async () => {
    const chunks = await bundleExports("*", "tokenizers");
    expect(packagesIn(firstChunks(chunks))).toEqual([]);
    expect(packagesIn(chunks)).toEqual(["@huggingface/jinja"]);
    expect(chunks.flatMap(externals)).toEqual([]);
  });

  it("has no trainer and at most 90 kB beside a tokenizer of any family", async () => {
    const first = firstChunks(await bundleExports("{ Tokenizer }", "tokenizers"));
    const modules = first.flatMap(({ moduleIds }) => moduleIds);
    expect(modules.filter((id) => id.includes("/trainers/"))).toEqual([]);
    // All families, all formats, all components, explanations and the tables of Unicode.
    expect(sizeOf(first).gzip).toBeLessThan(90_000);
  });

  it("has at most 80 kB beside onnxruntime for a model of any family, and WebGPU only if asked", async () => {
    const chunks = await bundleExports("{ loadModel }", "models");
    // All families, generation, the compiler to ONNX; no registry, interpreter or training.
    expect(sizeOf(firstChunks(chunks)).gzip).toBeLessThan(80_000);
    expect(packagesIn(chunks)).toEqual([]);
    expect([...new Set(chunks.flatMap(externals))]).toEqual(["onnxruntime-web/wasm"]);
  });
});
