import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigReader } from "orrery-lm/formats";
import { Model, languageModelProgram, loadModel } from "orrery-lm/models";
import { integers, nativeRuntime, wasmRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { checkAgainstReference } from "./reference-checks.ts";
import { parameterFeeds, wrongGradients } from "./reference-gradients.ts";
import {
  Reference,
  errorOfLogits,
  evaluateInFloat64,
  families,
  largestDifference,
} from "./reference.ts";
import { wrongVariants, type WrongVariant } from "./wrong-variants.ts";

const folderOf = (family: string): string =>
  fileURLToPath(new URL(`../../goldens/models/${family}`, import.meta.url));

const references = await Promise.all(
  families.map(async (family) => {
    const folder = folderOf(family);
    return { family, folder, expected: await Reference.read(folder) };
  }),
);

describe.each([
  ["native", () => nativeRuntime({ threads: 1 })],
  ["WASM", () => wasmRuntime({ threads: 1 })],
] as const)("%s", (_, open) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await open();
  });
  describe.each(references)("$family", (reference) => {
    checkAgainstReference(reference, () => runtime);
  });
});

// Each of these computes something else; the bound must be tight enough to see it.
describe.each(references)("a mistake in $family", ({ folder, expected }) => {
  const { values: config } = ConfigReader.parse(readFileSync(`${folder}/config.json`));
  const variants = wrongVariants.filter((variant) => variant.appliesTo(config));
  it.each<WrongVariant>(variants)("$what would be caught", async (variant) => {
    const runtime = await nativeRuntime({ threads: 1 });
    const model = await loadModel(folder, { runtime });
    const other = new Model({
      runtime,
      config: variant.config?.(model.config) ?? model.config,
      parameters: variant.parameters?.(model) ?? model.parameters,
    });
    const error = await errorOfLogits(other, expected, variant.shift);
    expect(error).toBeGreaterThan(expected.bound);
  });
});

describe.each(families)("the float64 interpreter, %s", (family) => {
  const load = async (): Promise<[Model, Reference]> => {
    const runtime = await nativeRuntime({ threads: 1 });
    const folder = folderOf(family);
    return [await loadModel(folder, { runtime }), await Reference.read(folder)];
  };

  it("gives the reference's logits and loss", async () => {
    const [model, expected] = await load();
    const { data, shape } = await expected.ids("input_ids");
    const [batch, tokens] = shape as [number, number];
    const { network } = model.architecture;
    const variant = { hasMask: false, hasPositions: false, hasLabels: false } as const;
    const outputs = languageModelProgram(network, { batch, tokens, logits: "all", ...variant });
    const feeds = { inputIds: integers(data, shape), ...parameterFeeds(model) };
    const { logits } = await evaluateInFloat64({ logits: outputs.logits! }, feeds);
    // All of the error is the reference's own, which computes in float32.
    const difference = largestDifference(logits!.data, await expected.floats("logits"));
    expect(difference).toBeLessThan(3e-6);
  });

  it("gives the reference's gradients", async () => {
    const [model, expected] = await load();
    expect(await wrongGradients(model, expected, evaluateInFloat64)).toEqual([]);
  });
});
