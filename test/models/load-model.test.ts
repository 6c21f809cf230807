import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError, FormatError, ShapeError, bytesSource } from "orrery-lm/base";
import { readSafetensors, toFloat32, writeSafetensors } from "orrery-lm/formats";
import { loadModel, type Model } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";

const folder = new URL("../../goldens/models/llama", import.meta.url);
const fileOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(`${fileURLToPath(folder)}/${name}`));
const NORM = "model.norm.weight";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 1 });
});

interface Numbers {
  dtype: "F32";
  shape: readonly number[];
  data: Float32Array;
}

/** The golden model's weights with something changed in them. */
async function weights(change: (tensors: Map<string, Numbers>) => void): Promise<Uint8Array> {
  const { metadata, tensors } = await readSafetensors(bytesSource(fileOf("model.safetensors")));
  const numbers = new Map<string, Numbers>();
  for (const [name, tensor] of tensors) {
    // oxlint-disable-next-line no-await-in-loop
    numbers.set(name, { dtype: "F32", shape: tensor.shape, data: await toFloat32(tensor) });
  }
  change(numbers);
  return writeSafetensors({ metadata, tensors: numbers });
}

const load = (files: Record<string, Uint8Array>): Promise<Model> => loadModel(files, { runtime });

async function logitsOf(model: Model): Promise<Float32Array> {
  return (await model.forward({ inputIds: [[3, 4, 5]] })).logits!.data;
}

describe("from files in memory", () => {
  it("is the model of the folder", async () => {
    const [config, model] = ["config.json", "model.safetensors"].map(fileOf) as [
      Uint8Array,
      Uint8Array,
    ];
    const fromMemory = await load({ "config.json": config, "model.safetensors": model });
    const want = await logitsOf(await loadModel(folder, { runtime }));
    expect(await logitsOf(fromMemory)).toEqual(want);
    expect(fromMemory.files()["config.json"]).toEqual(config);
    expect(fromMemory.files()["model.safetensors"]).toEqual(model);
  });

  it.each<[string, Record<string, Uint8Array>, string]>([
    ["nothing", {}, "expected config.json among the files, got none"],
    [
      "no weights",
      { "config.json": fileOf("config.json") },
      "the files config.json: no such file: expected model.safetensors",
    ],
  ])("refuses %s", async (_, files, message) => {
    await expect(load(files)).rejects.toThrow(ConfigError);
    await expect(load(files)).rejects.toThrow(message);
  });
});

it("names the file that a folder lacks", async () => {
  const elsewhere = fileURLToPath(new URL("../../goldens/nn", import.meta.url));
  await expect(loadModel(elsewhere, { runtime })).rejects.toThrow("nn/config.json");
});

it("picks a runtime, and says which, if it is given none", async () => {
  expect((await loadModel(fileURLToPath(folder))).runtime.name).toBe("native");
});

it("refuses a config.json that is broken", async () => {
  const files = {
    "config.json": new TextEncoder().encode("{"),
    "model.safetensors": new Uint8Array(),
  };
  await expect(load(files)).rejects.toThrow(FormatError);
});

type ErrorClass = new (...values: never[]) => Error;

it.each<[string, (tensors: Map<string, Numbers>) => void, ErrorClass, string]>([
  [
    "a tensor less",
    (tensors) => tensors.delete(NORM),
    ConfigError,
    "checkpoint: expected model.norm.weight, which the file does not have",
  ],
  [
    "many tensors less",
    (tensors) => {
      for (const name of [...tensors.keys()].filter((key) => key.includes("layers.0"))) {
        tensors.delete(name);
      }
    },
    ConfigError,
    "and 6 more, which the file does not have; is it the checkpoint of this config.json?",
  ],
  [
    "a tensor more",
    (tensors) => tensors.set("model.extra", tensors.get(NORM)!),
    ConfigError,
    "checkpoint: the model has no place for model.extra",
  ],
  [
    "a tensor of another shape",
    (tensors) => tensors.set(NORM, { dtype: "F32", shape: [15], data: new Float32Array(15) }),
    ShapeError,
    "checkpoint: tensor model.norm.weight: expected shape [16], got [15]",
  ],
  [
    "NaN",
    (tensors) => tensors.get(NORM)!.data.fill(NaN, 5, 6),
    FormatError,
    "tensor model.norm.weight: element 5 is NaN; the training run that wrote it had diverged",
  ],
  [
    "infinity",
    (tensors) => tensors.get(NORM)!.data.fill(-Infinity, 2, 3),
    FormatError,
    "element 2 is -Infinity",
  ],
])("refuses weights with %s", async (_, change, type, message) => {
  const files = {
    "config.json": fileOf("config.json"),
    "model.safetensors": await weights(change),
  };
  await expect(load(files)).rejects.toThrow(type);
  await expect(load(files)).rejects.toThrow(message);
});

it("refuses weights that are cut short", async () => {
  const files = {
    "config.json": fileOf("config.json"),
    "model.safetensors": fileOf("model.safetensors").slice(0, -1),
  };
  await expect(load(files)).rejects.toThrow("the file is cut short");
});
