import { areas } from "./house-rules.ts";

/** A package.json target: a path, or a choice by condition. */
export type Target = string | { readonly [condition: string]: Target };

/** The parts of package.json that the rules read. */
export interface Manifest {
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Target>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A rule over package.json and the paths of all files gives one sentence for each breach. */
export type ManifestRule = (manifest: Manifest, files: readonly string[]) => string[];

export const manifestRules: Readonly<Record<string, ManifestRule>> = {
  "points at files that exist": (manifest, files) =>
    [manifest.bin, manifest.exports, manifest.imports].flatMap((targets) =>
      leaves(targets ?? {}).flatMap((path) =>
        files.includes(sourceOf(path)) ? [] : [`${path} (from ${sourceOf(path)})`],
      ),
    ),

  "gives each import a twin for the browser, in source and in dist": ({ imports = {} }) =>
    Object.entries(imports).flatMap(([name, target]) => {
      const source = typeof target === "string" ? undefined : target["orrery:source"];
      return [target, source].flatMap((choice, i) => {
        const isComplete = typeof choice === "object" && "browser" in choice && "default" in choice;
        return isComplete ? [] : [`${name}, ${i === 0 ? "dist" : "source"}`];
      });
    }),

  "exports every area": ({ exports = {} }, files) =>
    areas.flatMap((area) => {
      const isEmpty = !files.some((path) => path.startsWith(`src/${area}/`));
      if (isEmpty || area === "cli") return [];
      return `./${area}` in exports ? [] : [`src/${area}`];
    }),

  "pins exact versions": ({ dependencies = {}, devDependencies = {} }) =>
    Object.entries({ ...dependencies, ...devDependencies }).flatMap(([name, version]) =>
      /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) ? [] : [`${name}@${version}`],
    ),
};

function leaves(target: Target): string[] {
  return typeof target === "string" ? [target] : Object.values(target).flatMap(leaves);
}

/** `./dist/base/index.d.ts` is built from `src/base/index.ts`. */
function sourceOf(target: string): string {
  return target.replace(/^\.\//, "").replace(/^dist\/(.*?)(\.d\.ts|\.js)$/, "src/$1.ts");
}

/** In which area each `#name` of package.json lies: `{ "#files": "base" }`. */
export function internalImports({ imports = {} }: Manifest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).map(([name, target]) => {
      const area = /^\.\/(?:src|dist)\/([^/]+)\//.exec(leaves(target)[0] ?? "")?.[1];
      return [name, area ?? ""];
    }),
  );
}

// Put together here, so that this file does not break its own rule.
const machineRoots = ["work", "root", "farm"].join("|");

/** Absolute paths of somebody's machine in a text: they help nobody else. */
export function machinePaths(text: string): string[] {
  return text.match(new RegExp(`(?<![\\w.-])/(?:${machineRoots})/[^\\s"'\`)]*`, "g")) ?? [];
}
