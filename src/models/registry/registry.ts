/** Asking the registry: who uses what, since when, and how it is known. */

import { ConfigError, suggestion } from "orrery-lm/base";
import type { RegistryRow } from "./registry-row.ts";

/** The fields that can be asked for. */
export type RegistryField = keyof RegistryRow;

/**
 * What rows are to have. A text fits a field that is equal to it or has it as a word, in any case:
 * `rope` fits `rope+nope` and `rope-2d`, `rmsnorm` fits `rmsnorm(1+w)`. True fits whatever is
 * there, false what is not: `{ moe: true }`. A number fits an equal one.
 */
export type RegistryQuery = {
  readonly [Field in RegistryField]?: string | number | boolean | undefined;
};

/** How many models of a year have each value of a field. */
export interface RegistryTrend {
  readonly year: number;
  readonly models: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Published models as data. */
export class Registry {
  readonly rows: readonly RegistryRow[];

  constructor(rows: readonly RegistryRow[]) {
    this.rows = rows;
  }

  /** The rows that have everything that is asked for, in the order of the registry. */
  find(query: RegistryQuery = {}): RegistryRow[] {
    const asked = Object.entries(query).filter(([, wanted]) => wanted !== undefined);
    return this.rows.filter((row) =>
      asked.every(([field, wanted]) => fits(row[field as RegistryField], wanted)),
    );
  }

  /**
   * The row of a model.
   *
   * @throws {ConfigError} if there is none, with the nearest name.
   */
  get(id: string): RegistryRow {
    const row = this.rows.find((one) => one.id === id);
    if (row) return row;
    const ids = this.rows.map((one) => one.id);
    throw new ConfigError(
      `Registry: expected the id of one of ${ids.length} models, got ${JSON.stringify(id.slice(0, 100))}${suggestion(id.slice(0, 100), ids)}`,
    );
  }
}

/** How often each value of `field` occurs, year by year. */
export function registryTrend(rows: readonly RegistryRow[], field: RegistryField): RegistryTrend[] {
  const years = [...new Set(rows.map(({ year }) => year))].sort((a, b) => a - b);
  return years.map((year) => {
    const ofYear = rows.filter((row) => row.year === year);
    const counts: Record<string, number> = {};
    for (const row of ofYear) {
      const value = textOf(row[field]);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    return { year, models: ofYear.length, counts };
  });
}

/** Loads the registry; until then it is in no bundle. */
export async function openRegistry(): Promise<Registry> {
  const { registryRows } = await import("./registry.gen.ts");
  return new Registry(registryRows);
}

function fits(value: unknown, wanted: unknown): boolean {
  if (typeof wanted === "boolean") return isThere(value) === wanted;
  if (typeof wanted === "number" || typeof value === "number") return value === Number(wanted);
  if (typeof wanted !== "string" || !isThere(value)) return false;
  const text = textOf(value).toLowerCase();
  const asked = wanted.toLowerCase();
  return (
    text === asked || (` ${words(text)} `.includes(` ${words(asked)} `) && words(asked) !== "")
  );
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined && value !== false;
}

function words(text: string): string {
  return text
    .split(/[^\p{L}\p{N}._]+/u)
    .filter(Boolean)
    .join(" ");
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
