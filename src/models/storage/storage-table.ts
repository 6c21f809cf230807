/** A page's table of names, written out for every layer. */

import { ConfigError } from "orrery-lm/base";
import type { ParameterSpecs } from "orrery-lm/nn";
import type { StorageEntry } from "./storage.ts";

/** How tensors of one name are made of a part's parameters. */
export interface StorageRule extends Omit<StorageEntry, "tensor" | "parameters" | "groups"> {
  /** Parts, stacked along their first axis. */
  readonly parts: readonly string[];
}

/**
 * Tensor names to part names; `{i}` stands for the same number on both sides. `"model.norm":
 * "finalNorm"` covers every parameter of that part: `model.norm.weight` is `finalNorm.weight`. A
 * number that only the parts have, as `{e}` of experts, becomes the first axis of the tensor.
 */
export type StorageTable = Readonly<Record<string, string | StorageRule>>;

/**
 * Entries for every declared parameter.
 *
 * @throws {ConfigError} if the table has no place for a parameter, or two.
 */
export function storageOf(table: StorageTable, specs: ParameterSpecs): StorageEntry[] {
  const left = new Set(Object.keys(specs));
  const entries = Object.entries(table).flatMap(([tensor, rule]) => {
    const { parts, ...layout } = typeof rule === "string" ? { parts: [rule] } : rule;
    const [first, ...others] = parts;
    const pattern = patternOf(first!);
    const found = Object.keys(specs).flatMap((name): StorageEntry[] => {
      const match = pattern.exec(name);
      if (!match) return [];
      const { suffix = "", ...numbers } = match.groups!;
      const fill = (text: string): string =>
        text.replaceAll(/\{(\w)\}/g, (_, key: string) => numbers[key] ?? "") + suffix;
      const parameters = [name, ...others.map(fill)];
      for (const parameter of parameters) {
        if (!left.delete(parameter))
          throw new ConfigError(`storage: two tensors hold ${parameter}; the second is ${tensor}`);
      }
      const isTransposed = layout.isTransposed === true && specs[name]!.shape.length > 1;
      return [{ ...layout, isTransposed, tensor: fill(tensor), parameters }];
    });
    const isGrouped = first!.match(/\{\w\}/g)?.some((number) => !tensor.includes(number));
    return isGrouped ? grouped(found) : found;
  });
  if (left.size > 0)
    throw new ConfigError(`storage: no tensor holds ${[...left].slice(0, 3).join(", ")}`);
  return entries;
}

/** Entries of one tensor as groups of one entry. */
function grouped(entries: readonly StorageEntry[]): StorageEntry[] {
  const byTensor = new Map<string, StorageEntry>();
  for (const entry of entries) {
    const { parameters, groups } = byTensor.get(entry.tensor) ?? { parameters: [], groups: 0 };
    byTensor.set(entry.tensor, {
      ...entry,
      parameters: [...parameters, ...entry.parameters],
      groups: groups! + 1,
    });
  }
  return [...byTensor.values()];
}

/** Finds the parameters of a part, or a parameter itself. */
function patternOf(part: string): RegExp {
  const source = part
    .split(/(\{\w\})/)
    .map((piece) =>
      piece.startsWith("{") ? `(?<${piece[1]}>\\d+)` : piece.replaceAll(".", "\\."),
    );
  return new RegExp(`^${source.join("")}(?<suffix>\\.(?:weight|bias))?$`);
}
