/**
 * Measures every family of models for which there are numbers of the reference, and writes
 * `docs/families.md`:
 *
 *     npx tsx --conditions=orrery:source scripts/family-table.ts
 *
 * Checkpoints are those of `goldens/models`, and of `../shared/data/checkpoints` if they are there.
 */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { modelFamilies } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { familyCells, familyColumns, familyRow } from "../test/models/family-table.ts";
import { Reference } from "../test/models/reference.ts";

const pathOf = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const folders = ["goldens/models", "../shared/data/checkpoints"]
  .map(pathOf)
  .filter((path) => existsSync(path))
  .flatMap((path) => readdirSync(path).map((name) => ({ name, folder: `${path}/${name}` })))
  .filter(({ folder }) => existsSync(`${folder}/expected.safetensors`));

const runtime = await nativeRuntime({ threads: 1 });
const cells = new Map<string, string[][]>(modelFamilies.map((family) => [family, []]));
for (const { name, folder } of folders) {
  // oxlint-disable-next-line no-await-in-loop -- one model in memory at a time
  const row = await familyRow(name, await Reference.read(folder), runtime);
  cells.get(row.family)!.push(familyCells(row));
}

const unmeasured = (family: string): string[] => [family, ...familyColumns.slice(1).map(() => "–")];
const rows = [...cells].flatMap(([family, measured]) =>
  measured.length > 0 ? measured : [unmeasured(family)],
);
const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;

writeFileSync(
  pathOf("docs/families.md"),
  `# Families

Which \`model_type\` in config.json is known, and how far our numbers are from those of transformers.
This page is made by \`scripts/family-table.ts\`; do not edit it.

Each row is a tiny model with random weights, run natively in float32.
\`logits\` is the largest absolute difference from the reference's logits, padded rows included.
\`gradients\` is the largest ‖Δ‖ / (‖g‖ + a thousandth of the largest gradient), where the reference has gradients.
\`layers\` is the largest difference between what a layer gives in float32 and in float64, where the layer's largest number is 1: the reference's hidden states are not among its numbers.
A model in bfloat16 whose logits are 1e-3 away is no mistake: there the reference rounded the frequencies of RoPE too, which are in no file.
For a family without numbers there is no checkpoint here that the reference has run.

${[line(familyColumns), line(familyColumns.map(() => "---")), ...rows.map(line)].join("\n")}
`,
);
