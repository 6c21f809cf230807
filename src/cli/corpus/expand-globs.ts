import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { ConfigError } from "orrery-lm/base";
import { exists } from "#files";

/**
 * Replaces patterns by the files that match them, in the order of their paths: `*` is any characters
 * of a name, `?` is one, and a folder `**` is any folders, or none. Names that start with a dot match
 * only where the pattern has the dot. A path that exists is no pattern.
 *
 * @throws {ConfigError} if nothing matches a pattern.
 */
export async function expandGlobs(paths: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop -- so that the first wrong one is named
    if (path === "-" || !/[*?]/.test(path) || (await exists(path))) expanded.push(path);
    // oxlint-disable-next-line no-await-in-loop
    else expanded.push(...(await matchesOf(path)));
  }
  return expanded;
}

async function matchesOf(pattern: string): Promise<string[]> {
  const isAbsolute = pattern.startsWith("/");
  const names = pattern.split("/").filter((name) => name !== "" && name !== ".");
  if (names.at(-1) === "**") names.push("*");
  const found = await walk(isAbsolute ? "/" : "", names);
  if (found.length === 0) throw new ConfigError(`no file matches ${pattern}`);
  return [...new Set(found)].toSorted((a, b) => (a < b ? -1 : 1));
}

/** The files below a folder that match the names of a pattern, one for each level. */
async function walk(folder: string, names: readonly string[]): Promise<string[]> {
  const [name, ...rest] = names;
  if (name === undefined) return [];
  if (name === "..") return walk(`${folder}../`, rest);
  const entries = await readdir(folder === "" ? "." : folder, { withFileTypes: true }).catch(
    // What may not be read, or is no folder, matches nothing.
    () => [],
  );
  const found: string[] = name === "**" ? await walk(folder, rest) : [];
  for (const entry of entries) {
    const path = folder + entry.name;
    const isMatch = name === "**" ? !entry.name.startsWith(".") : matches(entry.name, name);
    if (!isMatch) continue;
    // oxlint-disable-next-line no-await-in-loop -- folders can be many
    if (await isFolder(entry, path)) {
      // Behind `**` a link to a folder is not followed: it may lead in a circle.
      if (name === "**" && entry.isSymbolicLink()) continue;
      // oxlint-disable-next-line no-await-in-loop
      found.push(...(await walk(`${path}/`, name === "**" ? names : rest)));
    } else if (rest.length === 0 && name !== "**") found.push(path);
  }
  return found;
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

/** Whether a name matches a pattern of `*` and `?`; the time is at most the product of the lengths. */
export function matches(name: string, pattern: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let [at, from] = [0, 0];
  let star = -1; // the last one in the pattern
  let taken = 0; // where what it stands for ends
  while (at < name.length) {
    if (pattern[from] === "*") {
      star = from++;
      taken = at;
    } else if (pattern[from] === "?" || pattern[from] === name[at]) {
      from++;
      at++;
    } else if (star >= 0) {
      from = star + 1;
      at = ++taken;
    } else return false;
  }
  while (pattern[from] === "*") from++;
  return from === pattern.length;
}
