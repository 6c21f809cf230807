import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { publint } from "publint";
import type { Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lacksChromium } from "./browser/chromium.ts";
import { openSite } from "./browser/site.ts";
import { runBare } from "./package/bare-runtime.ts";
import { bundle, externals, moduleOptions, sizeOf } from "./package/bundle.ts";
import { result as familiesHere } from "./package/families.ts";
import { type Installation, execute, lend, packAndInstall, root } from "./package/stranger.ts";

let installed: Installation;

beforeAll(async () => {
  installed = await packAndInstall();
});

afterAll(async () => {
  // Unset where packing failed.
  if (installed) await rm(installed.project, { recursive: true, force: true });
});

describe("the tarball", () => {
  it("holds what the package needs and nothing else", () => {
    const strays = installed.files.filter(
      (path) =>
        !/^(package\.json|README(\.zh-CN)?\.md|CHANGELOG\.md|LICENSE)$/.test(path) &&
        !/^src\/.*\.ts$/.test(path) &&
        !/^dist\/.*\.(js|d\.ts)(\.map)?$/.test(path),
    );
    expect(strays).toEqual([]);
    const promised = ["package.json", "README.md", "LICENSE", "CHANGELOG.md"];
    expect(promised.filter((path) => !installed.files.includes(path))).toEqual([]);
  });

  it("has no errors or warnings of publint", async () => {
    const bytes = await readFile(installed.tarball);
    const { messages } = await publint({
      pack: { tarball: Uint8Array.from(bytes).buffer },
      level: "warning",
    });
    expect(messages).toEqual([]);
  });
});

interface Use {
  /** A stranger's file in `test/package/`, which exports its `result`. */
  readonly file: string;
  /** The packages that it needs beside ours. */
  readonly needs: readonly string[];
  readonly inNode: unknown;
  readonly inBrowser: unknown;
}

const bytes = { slice: [2, 3], refused: true };
// Merges: l + o = 256, lo + w = 257, space + low = 258; a letter's id is its code less 33.
const tokens = { ids: [257, 258, 75, 88], text: "low lowly" };
const counted = { areEqual: true, learned: 1 };
const numbers = { loss: [15], gradient: [2, -4, 12] };
const logits = { shape: [1, 5, 11], isLossOfLogits: true };
const uses: readonly Use[] = [
  { file: "read-bytes", needs: [], inNode: bytes, inBrowser: bytes },
  { file: "tokenize", needs: [], inNode: tokens, inBrowser: tokens },
  {
    file: "count-words",
    needs: [],
    inNode: { ...counted, fetchedWorkers: 0 },
    inBrowser: { ...counted, fetchedWorkers: 2 },
  },
  { file: "families", needs: [], inNode: familiesHere, inBrowser: familiesHere },
  {
    file: "run-program",
    needs: ["onnxruntime-node", "onnxruntime-web"],
    inNode: { ...numbers, runtime: "native" },
    inBrowser: { ...numbers, runtime: "wasm" },
  },
  {
    file: "forward",
    needs: ["onnxruntime-node", "onnxruntime-web"],
    inNode: { ...logits, runtime: "native" },
    inBrowser: { ...logits, runtime: "wasm" },
  },
];

describe("a stranger's project", () => {
  beforeAll(async () => {
    await Promise.all(uses.map(({ file }) => addPage(file)));
    await compile({ module: "nodenext", moduleResolution: "nodenext", outDir: "compiled" });
  });

  it.each([
    ["nodenext", "nodenext"],
    ["preserve", "bundler"],
  ])("type-checks with module %s, resolution %s", async (module, moduleResolution) => {
    expect(await compile({ module, moduleResolution, noEmit: true })).toBe("");
  });

  it("has no onnxruntime", () => {
    const { resolve } = createRequire(join(installed.project, "node_modules/orrery-lm/dist/x.js"));
    expect(() => resolve("onnxruntime-node")).toThrow("Cannot find module");
    expect(() => resolve("onnxruntime-web")).toThrow("Cannot find module");
  });

  describe.each(uses)("$file", ({ file, needs, inNode, inBrowser }) => {
    let chunks: Rolldown.OutputChunk[];

    beforeAll(async () => {
      await Promise.all(needs.map((name) => lend(installed.project, name)));
      chunks = await bundle(installed.project, `${file}.html`, { outDir: siteOf(file) });
    });

    it("runs in Node", async () => {
      const print = `import { result } from "./compiled/${file}.js"; console.log(JSON.stringify(result))`;
      const node = ["--input-type=module", "--eval", print];
      const printed = await execute(process.execPath, node, installed.project);
      expect(JSON.parse(printed)).toEqual(inNode);
    });

    it("is bundled for the browser by Vite without anything of Node", () => {
      const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
      expect(modules.filter((id) => id.includes("browser-external"))).toEqual([]);
      expect(chunks.flatMap(externals)).toEqual([]);
      const { gzip } = sizeOf(chunks);
      console.info(`${file} for the browser: ${(gzip / 1000).toFixed(1)} kB gzipped`);
    });

    it.skipIf(lacksChromium)("runs in Chromium, if that is installed", async () => {
      expect(await openSite(siteOf(file), `${file}.html`)).toEqual(inBrowser);
    });
  });

  it("trains and runs tokenizers of every family without Node, a page or eval", async () => {
    const outDir = siteOf("bare");
    const [entry] = await bundle(installed.project, "families.ts", { ...moduleOptions, outDir });
    const ran = await runBare(join(outDir, entry!.fileName));
    expect(ran).toEqual({ refused: true, result: familiesHere });
  });

  it.skipIf(lacksChromium)("does so in Chromium under a policy that forbids eval", async () => {
    const policy = { "Content-Security-Policy": "default-src 'self'; img-src data:" };
    await bundle(installed.project, "families.html", { outDir: siteOf("policy") });
    expect(await openSite(siteOf("policy"), "families.html", policy)).toEqual(familiesHere);
  });
});

/** Writes a stranger's file into the project, and a page that shows its result. */
async function addPage(file: string): Promise<void> {
  const { project } = installed;
  await copyFile(join(import.meta.dirname, `package/${file}.ts`), join(project, `${file}.ts`));
  const script = `import { result } from "./${file}.ts"; globalThis.result = result;`;
  const page = `<link rel="icon" href="data:,"><script type="module">${script}</script>`;
  await writeFile(join(project, `${file}.html`), page);
}

/** Runs TypeScript over the stranger's files and gives what it prints. */
async function compile(options: Readonly<Record<string, unknown>>): Promise<string> {
  const target = { target: "es2023", lib: ["es2023", "dom"], types: [] };
  const compilerOptions = { ...target, strict: true, skipLibCheck: false, ...options };
  const config = JSON.stringify({ compilerOptions, include: ["*.ts"] });
  await writeFile(join(installed.project, "tsconfig.json"), config);
  return await execute(join(root, "node_modules/.bin/tsc"), [], installed.project);
}

function siteOf(file: string): string {
  return join(installed.project, "sites", file);
}
