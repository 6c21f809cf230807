import { gzipSync } from "node:zlib";
import { type InlineConfig, type Rolldown, build } from "vite";

/** Builds a page or a module as a stranger's Vite does. */
export async function bundle(
  project: string,
  input: string,
  options: InlineConfig["build"] = {},
): Promise<Rolldown.OutputChunk[]> {
  const built = await build({
    root: project,
    configFile: false,
    logLevel: "error",
    build: {
      target: "es2023",
      ...options,
      rolldownOptions: { ...options.rolldownOptions, input },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  return output.filter((part) => part.type === "chunk");
}

/** Options for a module of which the exports are kept, and which asks nothing of a page. */
export const moduleOptions = {
  modulePreload: false,
  rolldownOptions: { preserveEntrySignatures: "strict" },
} as const satisfies InlineConfig["build"];

/** What a chunk imports that is not another chunk. */
export function externals({ imports, dynamicImports }: Rolldown.OutputChunk): string[] {
  return [...imports, ...dynamicImports].filter((name) => !name.startsWith("assets/"));
}

/** The chunks that are there before anything runs, without those that are loaded when used. */
export function firstChunks(chunks: readonly Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  const first = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of first) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) first.add(chunk);
  }
  return [...first];
}

/** How many bytes chunks have, as they are and as servers send them. */
export function sizeOf(chunks: readonly Rolldown.OutputChunk[]): { raw: number; gzip: number } {
  const codes = chunks.map(({ code }) => Buffer.from(code));
  const add = (a: number, b: number): number => a + b;
  return {
    raw: codes.map(({ length }) => length).reduce(add, 0),
    gzip: codes.map((code) => gzipSync(code).length).reduce(add, 0),
  };
}

/** The packages from which chunks have something, without our own. */
export function packagesIn(chunks: readonly Rolldown.OutputChunk[]): string[] {
  const names = chunks
    .flatMap(({ moduleIds }) => moduleIds)
    .map((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1])
    .filter((name) => name !== undefined && name !== "orrery-lm");
  return [...new Set(names as string[])].toSorted();
}
