import type { StorageEntry } from "./storage.ts";

/**
 * The entries under the names that a file has which was saved without the head: `h.0.ln_1.weight`
 * for `transformer.h.0.ln_1.weight`. Files that have the prefix anywhere are left as they are.
 */
export function withoutBasePrefix(
  storage: readonly StorageEntry[],
  tensors: ReadonlyMap<string, unknown>,
): { readonly storage: readonly StorageEntry[]; readonly prefix: string } {
  const prefix = commonPrefix(storage.map(({ tensor }) => tensor));
  const asTheyAre = { storage, prefix: "" };
  if (prefix === "" || [...tensors.keys()].some((name) => name.startsWith(prefix)))
    return asTheyAre;
  const strip = (name: string): string =>
    name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const stripped = storage.map(({ tensor, copies = [], ...entry }) => ({
    ...entry,
    tensor: strip(tensor),
    copies: copies.map(strip),
  }));
  return stripped.some(({ tensor }) => tensors.has(tensor))
    ? { storage: stripped, prefix }
    : asTheyAre;
}

/** What more than half of the names begin with, up to the first point. */
function commonPrefix(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    const first = name.slice(0, name.indexOf(".") + 1);
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  for (const [prefix, count] of counts) if (2 * count > names.length) return prefix;
  return "";
}
