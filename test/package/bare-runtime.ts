import { pathToFileURL } from "node:url";
import { execute } from "./stranger.ts";

/** What only Node has; and what the web has and a strict policy forbids. */
const ABSENT = ["process", "Buffer", "global", "setImmediate", "clearImmediate", "WebAssembly"];

/**
 * Imports a module where there is no Node, no page, and no way to make code from strings, as in the
 * workers of a content network, and gives its export `result`. Also tells whether `eval` was refused.
 */
export async function runBare(module: string): Promise<{ result: unknown; refused: boolean }> {
  const script = `
    for (const name of ${JSON.stringify(ABSENT)}) delete globalThis[name];
    let refused = false;
    try { new Function("return 1")(); } catch { refused = true; }
    const { result } = await import(${JSON.stringify(pathToFileURL(module).href)});
    console.log(JSON.stringify({ result, refused }));`;
  const flags = ["--disallow-code-generation-from-strings", "--input-type=module"];
  const printed = await execute(process.execPath, [...flags, "--eval", script], "/");
  return JSON.parse(printed) as { result: unknown; refused: boolean };
}
