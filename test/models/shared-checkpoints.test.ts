import { readFileSync } from "node:fs";
import { bytesSource } from "orrery-lm/base";
import { readSafetensors, toFloat32, toInt32 } from "orrery-lm/formats";
import {
  Model,
  languageModelProgram,
  loadModel,
  unpackStored,
  type ModelOptions,
} from "orrery-lm/models";
import { floatData, floats, integers, nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { compile, gradients, topologicalOrder } from "orrery-lm/tensor";
import { beforeAll, describe, expect, it } from "vitest";
import { sharedData } from "../shared-data.ts";

// Logits and gradients of PyTorch + transformers in float32, within 1.3e-6 of float64.
const LOGITS_BOUND = 1e-5;
const families = ["gpt2", "llama", "bloom"] as const;
type Family = (typeof families)[number];

const folder = sharedData("checkpoints");

interface Expected {
  floats(name: string): Promise<Float32Array>;
  ids(name: string): Promise<{ data: Int32Array; shape: readonly number[] }>;
}

async function readExpected(family: Family): Promise<Expected> {
  const bytes = readFileSync(`${folder}/${family}/expected.safetensors`);
  const { tensors } = await readSafetensors(bytesSource(bytes));
  return {
    floats: (name) => toFloat32(tensors.get(name)!),
    ids: async (name) => ({
      data: await toInt32(tensors.get(name)!),
      shape: tensors.get(name)!.shape,
    }),
  };
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

const norm = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
};

describe.skipIf(folder === undefined)(
  "checkpoints of the reference (skipped without ../shared/data)",
  () => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await nativeRuntime({ threads: 2 });
    });
    const load = (family: Family): Promise<Model> => loadModel(`${folder}/${family}`, { runtime });

    describe.each(families)("%s", (family) => {
      it("gives the reference's logits and loss", async () => {
        const [model, expected] = [await load(family), await readExpected(family)];
        const inputIds = await expected.ids("input_ids");
        const { logits, loss } = await model.forward({ inputIds, labels: inputIds });
        expect(largestDifference(logits!.data, await expected.floats("logits"))).toBeLessThan(
          LOGITS_BOUND,
        );
        expect(loss).toBeCloseTo((await expected.floats("loss"))[0]!, 5);
      });

      it("gives the reference's logits for the real tokens of a row padded on the left", async () => {
        const [model, expected] = [await load(family), await readExpected(family)];
        const attentionMask = await expected.ids("padded.attention_mask");
        const inputIds = await expected.ids("padded.input_ids");
        const { logits } = await model.forward({ inputIds, attentionMask });
        const want = await expected.floats("padded.logits");
        const width = want.length / attentionMask.data.length;
        const isReal = (_: number, i: number): boolean =>
          attentionMask.data[Math.floor(i / width)] !== 0;
        expect(largestDifference(logits!.data.filter(isReal), want.filter(isReal))).toBeLessThan(
          LOGITS_BOUND,
        );
      });

      it("continues a prompt greedily as the reference does", async () => {
        const [model, expected] = [await load(family), await readExpected(family)];
        const { data, shape } = await expected.ids("greedy");
        const row = data.slice(0, shape[1]);
        const ids: number[] = [];
        const prompt = row.slice(0, -12);
        for await (const { id } of model.generate(prompt, { maxNewTokens: 12, temperature: 0 }))
          ids.push(id);
        expect(ids).toEqual(Array.from(row.slice(-12)));
      });

      it("gives the reference's gradient of every parameter", async () => {
        const [model, expected] = [await load(family), await readExpected(family)];
        const { data: ids, shape } = await expected.ids("input_ids");
        const found = await gradientsOf(model, ids, shape as [number, number]);
        const specs = model.architecture.network.parameters();
        const rows: { name: string; difference: number; size: number }[] = [];
        for (const entry of model.architecture.storage) {
          const data = await expected.floats(`grad.${entry.tensor}`);
          const stored = { data, shape: shapeInFile(entry.tensor, family) };
          for (const [name, want] of unpackStored(entry, stored, specs)) {
            const got = found.get(name)!;
            rows.push({
              name,
              difference: norm(want.map((value, i) => value - got[i]!)),
              size: norm(want),
            });
          }
        }
        const largest = Math.max(...rows.map(({ size }) => size));
        const wrong = rows.filter(
          ({ difference, size }) => !(difference <= 1e-4 * size + 1e-7 * largest),
        );
        expect(wrong).toEqual([]);
        expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(specs).sort());
      });

      it("saves what it loaded, byte for byte", async () => {
        const model = await load(family);
        const original = readFileSync(`${folder}/${family}/model.safetensors`);
        expect(Buffer.compare(model.files()["model.safetensors"]!, original)).toBe(0);
        const config = JSON.parse(
          readFileSync(`${folder}/${family}/config.json`, "utf8"),
        ) as unknown;
        expect(JSON.parse(new TextDecoder().decode(model.files()["config.json"]))).toEqual(config);
      });
    });

    // Each of these computes something else; the bound must be tight enough to see it.
    it.each<[string, Family, Record<string, unknown>]>([
      ["the other GELU", "gpt2", { activation_function: "gelu" }],
      ["ten times the epsilon", "gpt2", { layer_norm_epsilon: 1e-4 }],
      ["ten times the epsilon", "llama", { rms_norm_eps: 1e-5 }],
      ["ten times the epsilon", "bloom", { layer_norm_epsilon: 1e-4 }],
      [
        "another base of the rotary frequencies",
        "llama",
        { rope_parameters: { rope_theta: 20_000 } },
      ],
    ])("%s would be caught (%s)", async (_, family, change) => {
      const model = await load(family);
      expect(
        await errorOf(changed(model, { config: { ...model.config, ...change } }), family),
      ).toBeGreaterThan(LOGITS_BOUND);
    });

    it("the other rotary layout would be caught (llama)", async () => {
      const model = await load("llama");
      const parameters = new Map(model.parameters);
      for (const name of parameters.keys()) {
        if (/attention\.(query|key)\.weight$/.test(name)) {
          parameters.set(name, interleaveRows(parameters.get(name)!, 8, 32));
        }
      }
      expect(await errorOf(changed(model, { parameters }), "llama")).toBeGreaterThan(LOGITS_BOUND);
    });

    it("positions that are off by one would be caught (gpt2)", async () => {
      const model = await load("gpt2");
      const expected = await readExpected("gpt2");
      const inputIds = await expected.ids("input_ids");
      const positionIds = {
        data: inputIds.data.map((_, i) => (i % 24) + 1),
        shape: inputIds.shape,
      };
      const { logits } = await model.forward({ inputIds, positionIds });
      expect(largestDifference(logits!.data, await expected.floats("logits"))).toBeGreaterThan(
        LOGITS_BOUND,
      );
    });

    async function errorOf(model: Model, family: Family): Promise<number> {
      const expected = await readExpected(family);
      const { logits } = await model.forward({ inputIds: await expected.ids("input_ids") });
      return largestDifference(logits!.data, await expected.floats("logits"));
    }

    async function gradientsOf(
      model: Model,
      ids: Int32Array,
      [batch, tokens]: [number, number],
    ): Promise<Map<string, Float32Array>> {
      const { loss } = languageModelProgram(model.architecture.network, {
        batch,
        tokens,
        hasMask: false,
        hasPositions: false,
        hasLabels: true,
        logits: "none",
      });
      const values = topologicalOrder([loss!]).filter(
        ({ operation }) => operation.name === "parameter",
      );
      const names = values.map(({ attributes }) => (attributes as { name: string }).name);
      const results = gradients(loss!, values);
      const outputs = Object.fromEntries(names.map((name, i) => [`gradient.${name}`, results[i]!]));
      const session = await runtime.open(compile(outputs));
      const specs = model.architecture.network.parameters();
      const labels = ids.map((_, i) => ((i + 1) % tokens === 0 ? -100 : ids[i + 1]!));
      const found = await session.run({
        inputIds: integers(ids, [batch, tokens]),
        labels: integers(labels, [batch, tokens]),
        ...Object.fromEntries(
          names.map((name) => [name, floats(model.parameters.get(name)!, specs[name]!.shape)]),
        ),
      });
      await session.release();
      return new Map(names.map((name) => [name, floatData(found[`gradient.${name}`])]));
    }
  },
);

/** The same model with something else in it. */
function changed(model: Model, change: Partial<ModelOptions>): Model {
  const { config, parameters, runtime } = model;
  return new Model({ config, parameters, runtime, ...change });
}

/** Rows (0, 1, …, D-1) of each head as (0, D/2, 1, D/2 + 1, …): what the paper's pairing wants. */
function interleaveRows(weight: Float32Array, headDim: number, columns: number): Float32Array {
  const result = new Float32Array(weight.length);
  for (let row = 0; row < weight.length / columns; row++) {
    const [head, i] = [Math.floor(row / headDim), row % headDim];
    const from = head * headDim + (i % 2 === 0 ? i / 2 : headDim / 2 + (i - 1) / 2);
    result.set(weight.subarray(from * columns, (from + 1) * columns), row * columns);
  }
  return result;
}

function shapeInFile(tensor: string, family: Family): readonly number[] {
  const bytes = readFileSync(`${folder}/${family}/model.safetensors`);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + length)) as Record<
    string,
    { shape: number[] }
  >;
  return header[tensor]!.shape;
}
