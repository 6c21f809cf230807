import { readFileSync, readdirSync } from "node:fs";
import { ConfigReader } from "orrery-lm/formats";
import { Model, loadModel, modelFamilies } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { checkAgainstReference } from "./reference-checks.ts";
import { Reference, errorOfLogits } from "./reference.ts";
import { wrongVariants, type WrongVariant } from "./wrong-variants.ts";

const root = sharedData("checkpoints");

const folders = (root === undefined ? [] : readdirSync(root, { withFileTypes: true })).filter(
  (entry) => entry.isDirectory(),
);

/** Those of families that are known. What is stored in half precision has tests of its own. */
const checkpoints = (
  await Promise.all(
    folders.map(async ({ name }) => {
      const folder = `${root}/${name}`;
      const { values: config } = ConfigReader.parse(readFileSync(`${folder}/config.json`));
      return { name, folder, config, expected: await Reference.read(folder) };
    }),
  )
).filter(
  ({ config }) =>
    modelFamilies.includes(String(config["model_type"])) && config["dtype"] === "float32",
);

describe.skipIf(root === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  let runtime: Runtime;
  const table: string[] = [];
  beforeAll(async () => {
    runtime = await nativeRuntime({ threads: 1 });
  });
  afterAll(() => {
    console.log(["logits' error  checkpoint", ...table].join("\n"));
  });

  describe.each(checkpoints)("$name", (checkpoint) => {
    const { name, folder, config, expected } = checkpoint;
    const load = (): Promise<Model> => loadModel(folder, { runtime });
    checkAgainstReference(checkpoint, () => runtime);

    it("stands in the table", async () => {
      const error = await errorOfLogits(await load(), expected);
      table.push(`${error.toExponential(1).padEnd(13)}  ${name}`);
      expect(error).toBeLessThan(expected.bound);
    });

    // Each of these computes something else; the bound must be tight enough to see it.
    const variants = wrongVariants.filter((variant) => variant.appliesTo(config));
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
