import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Tokenizer } from "orrery-lm/tokenizers";
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
import { type Installation, execute, packAndInstall, root } from "./package/stranger.ts";
import { type SizedTokenizer, sizedTokenizers } from "./package/sized-tokenizers.ts";

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

  it("has no trainer and at most 51.5 kB beside a tokenizer of any family", async () => {
    const first = firstChunks(await bundleExports("{ Tokenizer }", "tokenizers"));
    const modules = first.flatMap(({ moduleIds }) => moduleIds);
    const isNeededByFew = /\/(trainers|explain|chat)\/|\/(properties|tables)\.gen|\/parse-regex/;
    expect(modules.filter((id) => isNeededByFew.test(id))).toEqual([]);
    expect(sizeOf(first).gzip).toBeLessThan(51_500);
  });

  it("has at most 80 kB beside onnxruntime for a model of any family, and WebGPU only if asked", async () => {
    const chunks = await bundleExports("{ loadModel }", "models");
    // All families, generation, the compiler to ONNX; no registry, interpreter or training.
    expect(sizeOf(firstChunks(chunks)).gzip).toBeLessThan(80_000);
    expect(packagesIn(chunks)).toEqual([]);
    expect([...new Set(chunks.flatMap(externals))]).toEqual(["onnxruntime-web/wasm"]);
  });
});

describe("what is fetched until a tokenizer runs", () => {
  const table = ["kB gzip, in all                 chunks"];

  let chunks: Rolldown.OutputChunk[];

  beforeAll(async () => {
    chunks = await bundleExports("{ Tokenizer }", "tokenizers");
  });

  it.each(sizedTokenizers)("$name: at most $most bytes", async (tokenizer) => {
    const fetched = await fetchedBy(tokenizer, chunks);
    const { gzip } = sizeOf(fetched);
    const count = fetched.length - firstChunks(chunks).length;
    table.push(`${tokenizer.name.padEnd(28)} ${kilobytes(gzip)}  and ${count} when loaded`);
    expect(gzip).toBeLessThan(tokenizer.most);
  });

  afterAll(() => console.info(table.join("\n")));
});

/** Loads a tokenizer with the bundle, encodes and decodes a text, and tells which chunks ran. */
async function fetchedBy(
  { files, options = {} }: SizedTokenizer,
  chunks: readonly Rolldown.OutputChunk[],
): Promise<Rolldown.OutputChunk[]> {
  const site = join(installed.project, "sized");
  await Promise.all(
    chunks.map(async ({ fileName, code }) => {
      const place = join(site, fileName);
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, `(globalThis.ran ??= []).push("${fileName}");\n${code}`);
    }),
  );
  const here = await files();
  const bytes = Object.entries(here).map(([name, file]) => [name, [...file]]);
  await writeFile(join(site, "files.json"), JSON.stringify(bytes));
  const entry = pathToFileURL(join(site, chunks.find(({ isEntry }) => isEntry)!.fileName)).href;
  const script = `
    import { readFileSync } from "node:fs";
    const { Tokenizer } = await import(${JSON.stringify(entry)});
    const bytes = JSON.parse(readFileSync(${JSON.stringify(join(site, "files.json"))}));
    const files = Object.fromEntries(bytes.map(([name, file]) => [name, Uint8Array.from(file)]));
    const tokenizer = await Tokenizer.load(files, ${JSON.stringify(options)});
    const { ids } = tokenizer.encodeFull("low lower");
    tokenizer.decode(tokenizer.encode("low lower"));
    console.log(JSON.stringify({ ids: [...ids], ran: globalThis.ran }));`;
  const node = ["--input-type=module", "--eval", script];
  const printed = JSON.parse(await execute(process.execPath, node, site)) as {
    ids: number[];
    ran: string[];
  };
  expect(printed.ids).toEqual([...(await Tokenizer.load(here, options)).encode("low lower")]);
  return chunks.filter(({ fileName }) => printed.ran.includes(fileName));
}
