import { readFileSync, readdirSync } from "node:fs";
import { ConfigReader } from "orrery-lm/formats";
import { Model, loadModel } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { familyCells, familyColumns, familyRow } from "./family-table.ts";
import { checkAgainstReference } from "./reference-checks.ts";
import { Reference, errorOfLogits } from "./reference.ts";
import { wrongVariants, type WrongVariant } from "./wrong-variants.ts";

const root = sharedData("checkpoints");

const folders = (root === undefined ? [] : readdirSync(root, { withFileTypes: true })).filter(
  (entry) => entry.isDirectory(),
);

const checkpoints = await Promise.all(
  folders.map(async ({ name }) => {
    const folder = `${root}/${name}`;
    const { values: config } = ConfigReader.parse(readFileSync(`${folder}/config.json`));
    return { name, folder, config, expected: await Reference.read(folder) };
  }),
);

describe.skipIf(root === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  let runtime: Runtime;
  const table: string[][] = [[...familyColumns]];
  beforeAll(async () => {
    runtime = await nativeRuntime({ threads: 1 });
  });
  afterAll(() => {
    console.log(aligned(table));
  });

  describe.each(checkpoints)("$name", (checkpoint) => {
    const { name, folder, config, expected } = checkpoint;
    const load = (): Promise<Model> => loadModel(folder, { runtime });
    checkAgainstReference(checkpoint, () => runtime);

    it("stands in the table", async () => {
      const row = await familyRow(name, expected, runtime);
      table.push(familyCells(row));
      expect(row.logits).toBeLessThan(expected.bound);
      expect(row.layers).toBeLessThan(expected.bound);
    });

    // Each of these computes something else; the bound must be tight enough to see it.
    const variants = wrongVariants.filter(
      (variant) => config["dtype"] === "float32" && variant.appliesTo(config),
    );
    it.each<WrongVariant>(variants)("$what would be caught", async (variant) => {
      const model = await load();
      const other = new Model({
        runtime,
        config: variant.config?.(model.config) ?? model.config,
        parameters: variant.parameters?.(model) ?? model.parameters,
      });
      const error = await errorOfLogits(other, expected, variant.shift);
      expect(error).toBeGreaterThan(expected.bound);
    });
  });
});

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = familyColumns.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")).join("\n");
}
