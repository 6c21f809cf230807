import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRules, readModule } from "./house-rules.ts";
import { internalImports, machinePaths, manifestRules, type Manifest } from "./manifest-rules.ts";

const root = join(import.meta.dirname, "..");
const files = listFiles(root);
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const rules = createRules(internalImports(manifest));

/** All files of the working tree, without what .gitignore names. */
function listFiles(folder: string): string[] {
  const ignored = readFileSync(join(folder, ".gitignore"), "utf8")
    .split("\n")
    .map((line) => line.trim().replaceAll(/^\/|\/$/g, ""));
  const isIgnored = new Set([...ignored, ".git", "node_modules"]);
  const walk = (prefix: string): string[] =>
    readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
      const path = `${prefix}${entry.name}`;
      if (isIgnored.has(entry.name) || isIgnored.has(path)) return [];
      if (entry.isDirectory()) return walk(`${path}/`);
      return entry.isFile() ? [path] : [];
    });
  return walk("");
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

describe("the sources", () => {
  const modules = files
    .filter((path) => /^(src|studio)\/.*\.tsx?$/.test(path) && !path.endsWith(".d.ts"))
    .map((path) => readModule({ path, source: read(path) }));

  it.each(Object.keys(rules))("each file %s", (name) => {
    const breaches = modules.flatMap((module) =>
      rules[name]!(module).map((breach) => `${module.path}: ${breach}`),
    );
    expect(breaches).toEqual([]);
  });
});

describe("the repository", () => {
  it.each(Object.keys(manifestRules))("package.json %s", (name) => {
    expect(manifestRules[name]!(manifest, files)).toEqual([]);
  });

  it("names no path of one machine", () => {
    const breaches = files
      .filter((path) => !/\.(png|ico|woff2|wasm|onnx|safetensors|gz|zip|node)$/.test(path))
      .flatMap((path) => machinePaths(read(path)).map((found) => `${path}: ${found}`));
    expect(breaches).toEqual([]);
  });
});

// Every rule must catch a breach and let its lawful neighbour pass.
const breaches: [rule: string, path: string, breach: string, lawful: string][] = [
  ["lies in a known area", "src/stuff/a.ts", "", "src/nn/a.ts"],
  ["lies in a known area", "src/a.ts", "", "src/base/a.ts"],
  [
    "imports downwards",
    "src/tensor/a.ts",
    'import { x } from "orrery-lm/nn"',
    'import { x } from "orrery-lm/base"',
  ],
  [
    "imports downwards",
    "src/base/a.ts",
    'import type { X } from "orrery-lm/formats"',
    'import type { X } from "./b.ts"',
  ],
  [
    "imports downwards",
    "src/nn/a.ts",
    'export { x } from "orrery-lm/nn"',
    'export { x } from "orrery-lm/tensor"',
  ],
  [
    "imports downwards",
    "src/models/a.ts",
    'const x = await import("orrery-lm/lab")',
    'const x = await import("orrery-lm/nn")',
  ],
  [
    "imports downwards",
    "src/nn/a.ts",
    'type X = import("orrery-lm/models").X',
    'type X = import("orrery-lm/tensor").X',
  ],
  [
    "imports downwards",
    "src/cli/a.ts",
    'import { x } from "orrery-lm/base/errors"',
    'import { x } from "orrery-lm/base"',
  ],
  ["imports downwards", "src/cli/a.ts", 'import "#nowhere"', 'import "#files"'],
  [
    "imports downwards",
    "src/tensor/a.ts",
    'import { ort } from "#onnxruntime"',
    'import { files } from "#files"',
  ],
  [
    "crosses areas by public name",
    "src/nn/norms/a.ts",
    'import { x } from "../../tensor/b.ts"',
    'import { x } from "../b.ts"',
  ],
  [
    "leaves index.ts to the outside",
    "src/nn/norms/a.ts",
    'import { x } from "../index.ts"',
    'import { x } from "../index-of-parts.ts"',
  ],
  ["leaves index.ts to the outside", "src/nn/a.ts", 'import ".."', 'import "../nn/b.ts"'],
  [
    "index.ts re-exports by name, sorted",
    "src/nn/index.ts",
    'export * from "./a.ts"',
    'export { a } from "./a.ts"',
  ],
  [
    "index.ts re-exports by name, sorted",
    "src/nn/index.ts",
    "export const a = 1;",
    'export type { A } from "./a.ts"',
  ],
  [
    "index.ts re-exports by name, sorted",
    "src/nn/index.ts",
    'export { b, a } from "./a.ts"',
    'export { a, B, c } from "./a.ts"',
  ],
  [
    "index.ts re-exports by name, sorted",
    "src/nn/index.ts",
    'export { a, type C, type B } from "./a.ts"',
    'export { b, c, type A, type C } from "./a.ts"',
  ],
  ["runs in a browser", "src/nn/a.ts", 'import "node:fs"', 'import "./fs.ts"'],
  ["runs in a browser", "src/nn/a.ts", 'await import("path")', 'await import("./path.ts")'],
  ["runs in a browser", "src/nn/a.ts", "Buffer.from([1])", "tensor.Buffer.from([1])"],
  ["runs in a browser", "src/nn/a.ts", "const x = { process }", "const x = { process: 1 }"],
  ["runs in a browser", "src/nn/a.ts", "globalThis.process.env", "globalThis.document.title"],
  ["runs in a browser", "src/nn/a.ts", 'globalThis["Buffer"]', 'globalThis["document"]'],
  ["runs in a browser", "studio/a.tsx", "<p>{process.pid}</p>", "<p>{a.process}</p>"],
  [
    "reaches .node.ts through package imports",
    "src/runtime/a.ts",
    'import { x } from "./b.node.ts"',
    'import type { X } from "./b.node.ts"',
  ],
  [
    "reaches .node.ts through package imports",
    "src/runtime/a.node.ts",
    'import { x } from "./b.browser.ts"',
    'import { x } from "./b.node.ts"',
  ],
  [
    "leaves onnxruntime to the runtime",
    "src/models/a.ts",
    'import type { Tensor } from "onnxruntime-common"',
    'import type { Runtime } from "orrery-lm/runtime"',
  ],
  [
    "takes no stray packages",
    "src/lab/a.ts",
    'await import("d3/all")',
    'await import("linkedom/worker")',
  ],
  [
    "takes no stray packages",
    "src/lab/a.ts",
    'import { plot } from "@observablehq/plot"',
    'import type { Plot } from "@observablehq/plot"',
  ],
  [
    "takes no stray packages",
    "src/nn/a.ts",
    'await import("@observablehq/plot")',
    'await import("./plot.ts")',
  ],
  ["takes no stray packages", "src/lab/a.ts", "await import(name)", 'await import("./name.ts")'],
  ["has at most 300 lines", "src/nn/a.ts", "\nf();".repeat(300), "f();\n".repeat(300)],
  ["exports by name", "src/nn/a.ts", "export default 1", "export const a = 1"],
  [
    "exports by name",
    "src/nn/a.ts",
    "const a = 1; export { a as default }",
    "const a = 1; export { a }",
  ],
  ["has a name that says what is inside", "src/nn/utils.ts", "", "src/nn/utility.ts"],
  ["has a name that says what is inside", "src/nn/common/a.ts", "", "src/nn/commons.ts"],
  ["has a name that says what is inside", "src/nn/helper.node.ts", "", "src/nn/help.ts"],
  ["keeps no state in a module", "src/nn/a.ts", "let count = 0", "const one = 1"],
  [
    "keeps no state in a module",
    "src/nn/a.ts",
    "export const cache = new Map()",
    "export const table = new Map([[1, 2]])",
  ],
  ["keeps no state in a module", "src/nn/a.ts", "const seen: X[] = []", "const seen: X[] = [1]"],
  ["is finished", "src/nn/a.ts", `// ${"TO"}DO: later`, "// mastodon"],
];

describe("the rules themselves", () => {
  it.each(breaches)("'%s' catches a breach in %s", (name, path, breach, lawful) => {
    const neighbour = breach === "" ? { path: lawful, source: "" } : { path, source: lawful };
    expect(rules[name]!(readModule({ path, source: breach }))).toHaveLength(1);
    expect(rules[name]!(readModule(neighbour))).toEqual([]);
  });

  it("are all tried", () => {
    expect(new Set(breaches.map(([name]) => name))).toEqual(new Set(Object.keys(rules)));
  });

  it.each<[string, Manifest, string[]]>([
    ["points at files that exist", { exports: { "./a": "./dist/a/index.js" } }, []],
    ["points at files that exist", { bin: { a: "./dist/cli/main.js" } }, ["src/cli/other.ts"]],
    [
      "gives each import a twin for the browser, in source and in dist",
      {
        imports: {
          "#a": { "orrery:source": "./src/a.ts", browser: "./dist/a.js", default: "./dist/a.js" },
        },
      },
      [],
    ],
    ["exports every area", { exports: { "./base": "./x" } }, ["src/base/a.ts", "src/nn/a.ts"]],
    ["pins exact versions", { dependencies: { a: "^1.0.0", b: "1.0.0" } }, []],
    ["pins exact versions", { devDependencies: { a: "latest", b: "1.0.0-rc.1" } }, []],
  ])("'%s' catches a breach", (name, broken, present) => {
    expect(manifestRules[name]!(broken, present)).toHaveLength(1);
  });

  it.each(["work", "root", "farm"])("a path under /%s is caught", (folder) => {
    const path = `/${folder}/main/x.ts`;
    expect(machinePaths(`see ${path} or file://${path}`)).toEqual([path, path]);
    expect(machinePaths(`https://example.org${path} and our${path}`)).toEqual([]);
  });
});
