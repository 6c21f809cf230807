import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { publint } from "publint";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
        !/^(package\.json|README(\.zh)?\.md|CHANGELOG\.md|LICENSE)$/.test(path) &&
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

// A stranger's file, the packages it needs beside ours, and what it must give.
const uses: { file: string; needs: string[]; result: unknown }[] = [
  { file: "read-bytes", needs: [], result: { slice: [2, 3], refused: true } },
];

describe("a stranger's project", () => {
  beforeAll(async () => {
    await Promise.all(
      uses.map(({ file }) =>
        copyFile(
          join(import.meta.dirname, `package/${file}.ts`),
          join(installed.project, `${file}.ts`),
        ),
      ),
    );
  });

  it.each([
    ["nodenext", "nodenext"],
    ["preserve", "bundler"],
  ])("type-checks and compiles with module %s, resolution %s", async (module, moduleResolution) => {
    const config = {
      compilerOptions: {
        module,
        moduleResolution,
        target: "es2023",
        lib: ["es2023", "dom"],
        types: [],
        strict: true,
        skipLibCheck: false,
        outDir: "compiled",
      },
      include: ["*.ts"],
    };
    await writeFile(join(installed.project, "tsconfig.json"), JSON.stringify(config));
    expect(await execute(join(root, "node_modules/.bin/tsc"), [], installed.project)).toBe("");
  });

  it("has no onnxruntime", () => {
    const { resolve } = createRequire(join(installed.project, "node_modules/orrery-lm/dist/x.js"));
    expect(() => resolve("onnxruntime-node")).toThrow("Cannot find module");
    expect(() => resolve("onnxruntime-web")).toThrow("Cannot find module");
  });

  describe.each(uses)("$file", ({ file, needs, result }) => {
    beforeAll(async () => {
      await Promise.all(needs.map((name) => lend(installed.project, name)));
    });

    it("runs in Node", async () => {
      const print = `import { result } from "./compiled/${file}.js"; console.log(JSON.stringify(result))`;
      const printed = await execute(
        process.execPath,
        ["--input-type=module", "--eval", print],
        installed.project,
      );
      expect(JSON.parse(printed)).toEqual(result);
    });

    it("is bundled for the browser by Vite", async () => {
      const chunks = await bundle(file);
      const code = chunks.map((chunk) => chunk.code).join("\n");
      const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
      expect(modules.filter((id) => id.includes("browser-external"))).toEqual([]);
      expect(chunks.flatMap(externals)).toEqual([]);
      const kilobytes = gzipSync(code).length / 1000;
      console.info(`${file} for the browser: ${kilobytes.toFixed(1)} kB gzipped`);
    });
  });
});

async function bundle(file: string): Promise<Rolldown.OutputChunk[]> {
  const built = await build({
    root: installed.project,
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2023",
      rolldownOptions: {
        input: `${file}.ts`,
        // An entry of an application exports nothing; keep what it computes all the same.
        preserveEntrySignatures: "strict",
      },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  return output.filter((part) => part.type === "chunk");
}

/** What a chunk imports that is not another chunk. */
function externals({ imports, dynamicImports }: Rolldown.OutputChunk): string[] {
  return [...imports, ...dynamicImports].filter((name) => !name.startsWith("assets/"));
}
