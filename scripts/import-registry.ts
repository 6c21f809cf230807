/**
 * Makes `src/models/registry/registry.gen.ts` of a survey of published models:
 *
 *     npx tsx scripts/import-registry.ts SURVEY.json
 *     npx oxfmt src/models/registry
 *
 * The survey is an array of objects with the fields of `RegistryRow` in snake_case. What was found
 * to be wrong, or missing, is corrected here, each with its reason.
 */

import { readFileSync, writeFileSync } from "node:fs";
import type { RegistryRow } from "../src/models/registry/registry-row.ts";
import { additions } from "./registry-corrections/additions.ts";
import { corrections } from "./registry-corrections/corrections.ts";

type Fields = Record<string, unknown>;

const [survey] = process.argv.slice(2);
if (survey === undefined) throw new Error("usage: import-registry.ts SURVEY.json");

/** Values under the names that the rest of the project has for them. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  normPlacement: {
    "post-inside-residual": "branch",
    "pre inside hyper-connections (hc_mult 4, 20 Sinkhorn iterations)": "pre+hyper-connections",
  },
  norm: {
    layernorm1p: "layernorm(1+w)",
    "layernorm-nonparametric": "layernorm(no gain)",
    "rmsnorm-weightless": "rmsnorm(no gain)",
  },
};

const camel = (key: string): string =>
  key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Keys in camelCase, but for `rope_scaling`, which is a piece of a config.json. */
function camelCased(value: unknown, key = ""): unknown {
  if (key === "rope_scaling" || Array.isArray(value) || typeof value !== "object" || value === null)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [camel(name), camelCased(inner, name)]),
  );
}

const rows = (JSON.parse(readFileSync(survey, "utf8")) as Fields[]).map((found) => {
  const row = camelCased(found) as Fields;
  row["unverifiedFields"] = (row["unverifiedFields"] as string[]).map(camel);
  for (const [field, names] of Object.entries(renamed))
    row[field] = names[String(row[field])] ?? row[field];
  return row as unknown as RegistryRow;
});

for (const { id, field, was, is, reason } of corrections) {
  const row = rows.find((one) => one.id === id) as unknown as Fields | undefined;
  if (!row || JSON.stringify(row[field]) !== JSON.stringify(was))
    throw new Error(`${id}.${field}: expected ${JSON.stringify(was)} (${reason})`);
  row[field] = is;
}

for (const { like, row } of additions) {
  const index = rows.findIndex(({ id }) => id === like);
  if (index < 0) throw new Error(`${row.id}: there is no ${like}`);
  rows.splice(index + 1, 0, { ...rows[index]!, ...row });
}

const body = rows.map((row) => `  ${JSON.stringify(row)},`).join("\n");
const target = new URL("../src/models/registry/registry.gen.ts", import.meta.url);
writeFileSync(
  target,
  `/** Published models. Made by scripts/import-registry.ts; do not edit. */

import type { RegistryRow } from "./registry-row.ts";

/** By family, in the order of the survey. */
export const registryRows: readonly RegistryRow[] = [
${body}
];
`,
);
