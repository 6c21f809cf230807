import { builtinModules } from "node:module";
import { posix } from "node:path";
import { parseSync } from "vite";

/** The areas of `src/`, lowest first. An area imports only from areas before it. */
export const areas: readonly string[] = [
  "base",
  "formats",
  "tensor",
  "runtime",
  "tokenizers",
  "nn",
  "models",
  "training",
  "lab",
  "answers",
  "cli",
];

/** The packages that an area may import, when they are first used. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  runtime: ["onnxruntime-node", "onnxruntime-web", "onnxruntime-common"],
  formats: ["hyparquet"],
  tokenizers: ["@huggingface/jinja"],
  lab: ["@observablehq/plot", "linkedom"],
};

const nodeGlobals = new Set([
  "Buffer",
  "process",
  "require",
  "__dirname",
  "__filename",
  "setImmediate",
]);

const maxLines = 300;
const vagueNames = /^(utils?|helpers?|common|misc)$/;

export interface SourceFile {
  /** From the root of the repository, with slashes: `src/base/errors.ts`. */
  readonly path: string;
  readonly source: string;
}

interface Import {
  /** Undefined where the address is computed: `import(url)`. */
  readonly specifier: string | undefined;
  readonly kind: "static" | "dynamic" | "type";
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A parsed source file: what the rules look at. */
export interface Module extends SourceFile {
  /** `base`, …, `cli`, or `studio`; undefined for a file that lies directly in `src/`. */
  readonly area: string | undefined;
  readonly body: readonly Node[];
  readonly imports: readonly Import[];
  /** Names of free-standing identifiers, and of properties read from `globalThis`. */
  readonly identifiers: ReadonlySet<string>;
}

/** A rule gives one sentence for each breach that it finds. */
export type Rule = (module: Module) => string[];

/** Parses a file once for all rules. */
export function readModule({ path, source }: SourceFile): Module {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const body = program.body as unknown as readonly Node[];
  const imports: Import[] = [];
  const identifiers = new Set<string>();
  for (const node of body) visit(node, imports, identifiers);
  const [root, folder, ...rest] = path.split("/");
  const area = root === "src" ? (rest.length > 0 ? folder : undefined) : root;
  return { path, source, area, body, imports, identifiers };
}

function visit(node: Node, imports: Import[], identifiers: Set<string>): void {
  const found = readImport(node);
  if (found) imports.push(found);
  if (node.type === "Identifier") identifiers.add(node["name"] as string);
  const isGlobalRead =
    node.type === "MemberExpression" && (node["object"] as Node)["name"] === "globalThis";
  for (const [field, value] of Object.entries(node)) {
    // The name behind a dot, or before a colon, is not the global of that name.
    const isLabel = (field === "property" || field === "key") && node["computed"] !== true;
    if (isLabel && !isGlobalRead && node["shorthand"] !== true) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, imports, identifiers);
      if (isGlobalRead && isNode(child) && child.type === "Literal") {
        identifiers.add(String(child["value"]));
      }
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function readImport(node: Node): Import | undefined {
  const source = node["source"];
  if (!isNode(source)) return undefined;
  const isLiteral = source.type === "Literal" && typeof source["value"] === "string";
  const specifier = isLiteral ? (source["value"] as string) : undefined;
  if (node.type === "ImportExpression") return { specifier, kind: "dynamic" };
  if (node.type === "TSImportType") return { specifier, kind: "type" };
  const isType = node["importKind"] === "type" || node["exportKind"] === "type";
  return { specifier, kind: isType ? "type" : "static" };
}

/** True where Node's modules and globals are at home. */
function mayUseNode({ path, area }: Module): boolean {
  return area === "cli" || area === "runtime" || path.endsWith(".node.ts");
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

function packageOf(specifier: string): string | undefined {
  const isOwn = /^[.#]/.test(specifier) || /^orrery-lm(\/|$)/.test(specifier);
  if (isOwn || isBuiltin(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

function rank(area: string | undefined): number {
  return area === "studio" ? areas.length : areas.indexOf(area ?? "");
}

function literals(module: Module): string[] {
  return module.imports.flatMap(({ specifier }) => specifier ?? []);
}

/**
 * Each rule by name.
 * `internalImports` says in which area each `#name` of package.json lies.
 */
export function createRules(
  internalImports: Readonly<Record<string, string>>,
): Readonly<Record<string, Rule>> {
  return {
    "lies in a known area": (module) =>
      rank(module.area) >= 0 ? [] : [`the area ${module.area ?? "(none)"} is not in the order`],

    "imports downwards": (module) =>
      literals(module).flatMap((specifier) => {
        const target = specifier.startsWith("#")
          ? internalImports[specifier]
          : /^orrery-lm\/([^/]+)$/.exec(specifier)?.[1];
        if (target === undefined) {
          const isPackage = /^(#|orrery-lm(\/|$))/.test(specifier);
          return isPackage ? [`${specifier} is not a public name`] : [];
        }
        if (specifier.startsWith("#") && target === module.area) return [];
        if (target === module.area) return [`${specifier}: inside an area, import relatively`];
        const isBelow = rank(target) >= 0 && rank(target) < rank(module.area);
        return isBelow ? [] : [`${specifier} is not below ${module.area}`];
      }),

    "crosses areas by public name": (module) =>
      literals(module).flatMap((specifier) => {
        if (!specifier.startsWith(".")) return [];
        const home = module.area === "studio" ? "studio/" : `src/${module.area}/`;
        const target = posix.join(posix.dirname(module.path), specifier);
        return target.startsWith(home) ? [] : [`${specifier} leaves ${home}`];
      }),

    "leaves index.ts to the outside": (module) =>
      literals(module).flatMap((specifier) =>
        /^\.+(\/|$)/.test(specifier) && /(^|\/)(\.{1,2}|index(\.ts)?)$/.test(specifier)
          ? [`${specifier}: import the file itself`]
          : [],
      ),

    "index.ts re-exports by name, sorted": ({ path, body }) =>
      posix.basename(path) === "index.ts" ? body.flatMap(judgeReexport) : [],

    "runs in a browser": (module) => {
      if (mayUseNode(module)) return [];
      const modules = literals(module).filter(isBuiltin);
      const globals = [...module.identifiers].filter((name) => nodeGlobals.has(name));
      return [...modules, ...globals].map((name) => `${name} exists in Node only`);
    },

    "reaches .node.ts through package imports": (module) =>
      module.imports.flatMap(({ specifier, kind }) => {
        const platform = /\.(node|browser)\.ts$/.exec(specifier ?? "")?.[1];
        if (platform === undefined || kind === "type" || module.area === "cli") return [];
        return module.path.endsWith(`.${platform}.ts`)
          ? []
          : [`${specifier}: import it as #name, so that the other platform gets its twin`];
      }),

    "leaves onnxruntime to the runtime": (module) =>
      literals(module).flatMap((specifier) =>
        specifier.startsWith("onnxruntime-") && module.area !== "runtime" ? [specifier] : [],
      ),

    "takes no stray packages": (module) =>
      module.imports.flatMap(({ specifier, kind }) => {
        if (module.area === "studio") return [];
        if (specifier === undefined) {
          return module.area === "cli" ? [] : ["a computed import() hides what it loads"];
        }
        const name = packageOf(specifier);
        if (name === undefined) return [];
        const isAllowed = allowedPackages[module.area ?? ""]?.includes(name) === true;
        if (!isAllowed) return [`${name} is not for ${module.area}`];
        return kind === "static" ? [`${name}: import it when first used, with import()`] : [];
      }),

    [`has at most ${maxLines} lines`]: ({ path, source }) => {
      const lines = source.trimEnd().split("\n").length;
      return lines <= maxLines || path.endsWith(".gen.ts") ? [] : [`${lines} lines`];
    },

    "exports by name": ({ path, body }) =>
      path.startsWith("src/cli/commands/") || path.endsWith(".config.ts")
        ? []
        : body.filter(isDefaultExport).map(() => "a default export"),

    "has a name that says what is inside": ({ path }) =>
      path
        .split("/")
        .filter((part) => vagueNames.test(part.split(".")[0]!))
        .map((part) => `${part} could hold anything`),

    "keeps no state in a module": ({ body }) => body.flatMap(judgeState),

    "is finished": ({ source }) =>
      (source.match(/\b(TODO|FIXME|XXX)\b/g) ?? []).map((word) => `a ${word}`),
  };
}

function judgeReexport(statement: Node): string[] {
  if (statement.type !== "ExportNamedDeclaration" || !isNode(statement["source"])) {
    return [`${statement.type}: only \`export { name } from "./file.ts"\` may stand here`];
  }
  const specifiers = statement["specifiers"] as readonly Node[];
  const names = specifiers.map(({ exported }) => (exported as Node)["name"] as string);
  // Values and types may stand in two groups.
  const isType = specifiers.map(({ exportKind }) => exportKind === "type");
  const groups = [true, false].map((wanted) => names.filter((_, i) => isType[i] === wanted));
  const isSorted = groups.every(
    (group) => isAscending(group) || isAscending(group.map((name) => name.toLowerCase())),
  );
  return isSorted ? [] : [`{ ${names.join(", ")} } is not sorted`];
}

function isAscending(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || names[i - 1]! <= name);
}

function isDefaultExport(statement: Node): boolean {
  if (statement.type === "ExportDefaultDeclaration") return true;
  if (statement.type !== "ExportNamedDeclaration") return false;
  const specifiers = statement["specifiers"] as readonly { readonly exported: Node }[];
  return specifiers.some(({ exported }) => exported["name"] === "default");
}

function judgeState(statement: Node): string[] {
  const isExport = statement.type === "ExportNamedDeclaration";
  const declaration = isExport ? statement["declaration"] : statement;
  if (!isNode(declaration) || declaration.type !== "VariableDeclaration") return [];
  if (declaration["declare"] === true) return [];
  if (declaration["kind"] !== "const") return [`a ${String(declaration["kind"])} outlives calls`];
  const declarators = declaration["declarations"] as readonly Node[];
  return declarators.flatMap(({ init }) =>
    isNode(init) && isEmptyCollection(init) ? ["an empty collection that fills up"] : [],
  );
}

function isEmptyCollection(init: Node): boolean {
  if (init.type === "ArrayExpression") return (init["elements"] as unknown[]).length === 0;
  if (init.type === "ObjectExpression") return (init["properties"] as unknown[]).length === 0;
  if (init.type !== "NewExpression") return false;
  const name = (init["callee"] as Node)["name"] as string;
  return ["Map", "Set", "WeakMap"].includes(name) && (init["arguments"] as unknown[]).length === 0;
}
