/** What every checkpoint with a reference must meet, whoever runs it. */
import { readFileSync } from "node:fs";
import { bytesSource } from "orrery-lm/base";
import { readSafetensors, toFloat32, toInt32, type StoredTensors } from "orrery-lm/formats";
import { languageModelProgram, loadModel, unpackStored, type Model } from "orrery-lm/models";
import { floats, integers, type Runtime, type TensorData } from "orrery-lm/runtime";
import { compile, gradients, interpret, topologicalOrder, type Value } from "orrery-lm/tensor";
import { expect, it } from "vitest";

/** A family of models that a checkpoint can be of. */
export type Family = "gpt2" | "llama" | "bloom";

/** Every family. */
export const families: readonly Family[] = ["gpt2", "llama", "bloom"];

/** Logits of PyTorch + transformers in float32, within 1.3e-6 of float64. */
export const LOGITS_BOUND = 1e-5;

/** At the end of each row of `greedy`. */
const CONTINUED_TOKENS = 12;

/** Numbers with a shape. */
interface Numbers {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Computes outputs of a program, with a runtime or without. */
export type Evaluate = (
  outputs: Readonly<Record<string, Value>>,
  feeds: Readonly<Record<string, TensorData>>,
) => Promise<Readonly<Record<string, Numbers>>>;

/** Evaluates with a runtime. */
export function evaluateWith(runtime: Runtime): Evaluate {
  return async (outputs, feeds) => {
    const session = await runtime.open(compile(outputs));
    const results = await session.run(feeds);
    await session.release();
    return results;
  };
}

/** Evaluates with the float64 interpreter. */
export const evaluateInFloat64: Evaluate = async (outputs, feeds) => interpret(outputs, feeds);

/** A checkpoint's folder and what the reference computes with it. */
export class Reference {
  readonly folder: string;
  readonly #expected: StoredTensors;

  private constructor(folder: string, expected: StoredTensors) {
    this.folder = folder;
    this.#expected = expected;
  }

  static async read(folder: string): Promise<Reference> {
    const bytes = readFileSync(`${folder}/expected.safetensors`);
    return new Reference(folder, await readSafetensors(bytesSource(bytes)));
  }

  floats(name: string): Promise<Float32Array> {
    return toFloat32(this.#expected.tensors.get(name)!);
  }

  async ids(name: string): Promise<{ data: Int32Array; shape: readonly number[] }> {
    const tensor = this.#expected.tensors.get(name)!;
    return { data: await toInt32(tensor), shape: tensor.shape };
  }
}

/** The largest absolute difference of two lists of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, value, i) => {
    const difference = Math.abs(value - b[i]!);
    return difference <= worst ? worst : difference; // NaN wins
  }, 0);
}

function norm(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** How far a model's logits for `input_ids` are from the reference's. */
export async function errorOfLogits(model: Model, reference: Reference): Promise<number> {
  const inputIds = await reference.ids("input_ids");
  const { logits } = await model.forward({ inputIds });
  return largestDifference(logits!.data, await reference.floats("logits"));
}

/** Declares the checks of one checkpoint in one runtime. */
export function checkAgainstReference(folder: string, runtime: () => Runtime): void {
  const load = async (): Promise<[Model, Reference]> => [
    await loadModel(folder, { runtime: runtime() }),
    await Reference.read(folder),
  ];

  it("gives the reference's logits and loss", async () => {
    const [model, expected] = await load();
    expect(await errorOfLogits(model, expected)).toBeLessThan(LOGITS_BOUND);
    const inputIds = await expected.ids("input_ids");
    const { loss } = await model.forward({ inputIds, labels: inputIds, logits: "none" });
    expect(loss).toBeCloseTo((await expected.floats("loss"))[0]!, 5);
  });

  it("gives the reference's logits for the real tokens of a row padded on the left", async () => {
    const [model, expected] = await load();
    const attentionMask = await expected.ids("padded.attention_mask");
    const inputIds = await expected.ids("padded.input_ids");
    const { logits } = await model.forward({ inputIds, attentionMask });
    const want = await expected.floats("padded.logits");
    const width = want.length / attentionMask.data.length;
    const isReal = (_: number, i: number): boolean =>
      attentionMask.data[Math.floor(i / width)] !== 0;
    const difference = largestDifference(logits!.data.filter(isReal), want.filter(isReal));
    expect(difference).toBeLessThan(LOGITS_BOUND);
  });

  it("continues a prompt greedily as the reference does", async () => {
    const [model, expected] = await load();
    const { data, shape } = await expected.ids("greedy");
    const given = shape[1]! - CONTINUED_TOKENS;
    for (const row of [data.slice(0, shape[1]), data.slice(shape[1])]) {
      const ids: number[] = [];
      const prompt = row.slice(0, given);
      const options = { maxNewTokens: CONTINUED_TOKENS, temperature: 0 };
      // oxlint-disable-next-line no-await-in-loop
      for await (const { id } of model.generate(prompt, options)) ids.push(id);
      expect(ids).toEqual(Array.from(row.slice(given)));
    }
  });

  it("gives the reference's gradient of every parameter", async () => {
    const [model, expected] = await load();
    expect(await wrongGradients(model, expected, evaluateWith(runtime()))).toEqual([]);
  });

  it("saves what it loaded, byte for byte", async () => {
    const [model] = await load();
    for (const [name, bytes] of Object.entries(model.files())) {
      expect(Buffer.compare(bytes, readFileSync(`${folder}/${name}`)), name).toBe(0);
    }
  });
}

/** A parameter's gradient beside the reference's. */
interface GradientRow {
  readonly name: string;
  /** Of the gradients' difference, and of the reference's gradient: Euclidean norms. */
  readonly difference: number;
  readonly size: number;
}

/** The parameters whose gradients, of the loss of `input_ids`, are not the reference's. */
export async function wrongGradients(
  model: Model,
  expected: Reference,
  evaluate: Evaluate,
): Promise<GradientRow[]> {
  const { network, storage } = model.architecture;
  const specs = network.parameters();
  const { data: ids, shape } = await expected.ids("input_ids");
  const found = await gradientsOf(model, { data: ids, shape }, evaluate);
  const { tensors } = await readSafetensors(
    bytesSource(readFileSync(`${expected.folder}/model.safetensors`)),
  );
  const rows: GradientRow[] = [];
  for (const entry of storage) {
    // oxlint-disable-next-line no-await-in-loop
    const data = await expected.floats(`grad.${entry.tensor}`);
    const stored = { data, shape: tensors.get(entry.tensor)!.shape };
    for (const [name, want] of unpackStored(entry, stored, specs)) {
      const got = found[`gradient.${name}`]!.data;
      const difference = norm(want.map((value, i) => value - got[i]!));
      rows.push({ name, difference, size: norm(want) });
    }
  }
  const largest = Math.max(...rows.map(({ size }) => size));
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(specs).sort());
  return rows.filter(({ difference, size }) => !(difference <= 1e-4 * size + 1e-7 * largest));
}

/** Parameters as inputs of a program. */
export function parameterFeeds({ architecture, parameters }: Model): Record<string, TensorData> {
  const specs = architecture.network.parameters();
  const feeds = [...parameters].map(([name, data]) => [name, floats(data, specs[name]!.shape)]);
  return Object.fromEntries(feeds) as Record<string, TensorData>;
}

async function gradientsOf(
  model: Model,
  { data: ids, shape }: { data: Int32Array; shape: readonly number[] },
  evaluate: Evaluate,
): Promise<Readonly<Record<string, Numbers>>> {
  const [batch, tokens] = shape as [number, number];
  const variant = { hasMask: false, hasPositions: false, hasLabels: true, logits: "none" } as const;
  const { network } = model.architecture;
  const { loss } = languageModelProgram(network, { batch, tokens, ...variant });
  const parameters = topologicalOrder([loss!]).filter(
    ({ operation }) => operation.name === "parameter",
  );
  const names = parameters.map(({ attributes }) => (attributes as { name: string }).name);
  const results = gradients(loss!, parameters);
  const outputs = Object.fromEntries(names.map((name, i) => [`gradient.${name}`, results[i]!]));
  const labels = ids.map((_, i) => ((i + 1) % tokens === 0 ? -100 : ids[i + 1]!));
  return evaluate(outputs, {
    inputIds: integers(ids, shape),
    labels: integers(labels, shape),
    ...parameterFeeds(model),
  });
}
