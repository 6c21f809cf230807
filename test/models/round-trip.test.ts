// oxlint-disable no-param-reassign -- a change is what a row of the tables is
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, FormatError, bytesSource } from "orrery-lm/base";
import { fromFloat32, readSafetensors, toFloat32, writeSafetensors } from "orrery-lm/formats";
import { loadModel, modelFamilies, type Model } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { LOGITS_BOUND, Reference, errorOfLogits } from "./reference.ts";

type Files = Record<string, Uint8Array>;

function filesOf(folder: string): Files {
  const names = readdirSync(folder).filter((name) => /^(config\.json|model.*)$/.test(name));
  return Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]),
  );
}

const golden = (family: string): Files =>
  filesOf(fileURLToPath(new URL(`../../goldens/models/${family}`, import.meta.url)));

const INDEX = "model.safetensors.index.json";
let runtime: Runtime;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 1 });
});
const load = (files: Files | string): Promise<Model> => loadModel(files, { runtime });

const root = sharedData("checkpoints");
const names = (root === undefined ? [] : readdirSync(root)).filter((name) => {
  const path = `${root}/${name}/config.json`;
  if (!existsSync(path)) return false;
  const config = JSON.parse(readFileSync(path, "utf8")) as { model_type: string };
  return modelFamilies.includes(config.model_type);
});

describe.skipIf(root === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  it.each(names)("%s is saved as it was loaded", async (name) => {
    const files = filesOf(`${root}/${name}`);
    const saved = (await load(`${root}/${name}`)).files();
    expect(Object.keys(saved).toSorted()).toEqual(Object.keys(files).toSorted());
    for (const [file, bytes] of Object.entries(files)) {
      expect(Buffer.compare(saved[file]!, bytes), file).toBe(0);
    }
  });

  it.each([
    ["gpt2-fp16", LOGITS_BOUND],
    // Its reference rounded the frequencies of RoPE to bfloat16 too, which no file does.
    ["llama-bf16-sharded", 1e-3],
  ])("%s gives the reference's logits", async (name, bound) => {
    const reference = await Reference.read(`${root}/${name}`);
    const error = await errorOfLogits(await load(`${root}/${name}`), reference);
    expect(error).toBeLessThan(bound);
  });
});

/** A golden model's weights under other names, in another type, or with tensors beside them. */
async function changed(
  family: string,
  change: (tensors: Map<string, { shape: readonly number[]; data: Float32Array }>) => void,
  dtype: "F32" | "F16" | "F64" = "F32",
): Promise<Files> {
  const files = golden(family);
  const { metadata, tensors } = await readSafetensors(bytesSource(files["model.safetensors"]!));
  const numbers = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, tensor] of tensors) {
    // oxlint-disable-next-line no-await-in-loop
    numbers.set(name, { shape: tensor.shape, data: await toFloat32(tensor) });
  }
  change(numbers);
  const written = new Map(
    [...numbers].map(([name, { shape, data }]) => [
      name,
      { dtype, shape, data: fromFloat32(data, dtype) },
    ]),
  );
  return { ...files, "model.safetensors": writeSafetensors({ metadata, tensors: written }) };
}

const logitsOf = async (model: Model): Promise<Float32Array> =>
  (await model.forward({ inputIds: [[3, 4, 5]] })).logits!.data;

it.each([
  ["names without the base model's prefix", "gpt2", "F32"],
  ["halves", "gpt2", "F16"],
  ["doubles", "llama", "F64"],
  ["masks and frequencies beside the weights", "gpt2", "F32"],
] as const)("keeps %s", async (what, family, dtype) => {
  const files = await changed(
    family,
    (tensors) => {
      if (what.startsWith("names")) {
        for (const [name, tensor] of Array.from(tensors)) {
          tensors.delete(name);
          tensors.set(name.replace(/^transformer\./, ""), tensor);
        }
      }
      if (what.startsWith("masks")) {
        for (const name of ["transformer.h.0.attn.masked_bias", "rope.rotary_emb.inv_freq"])
          tensors.set(name, { shape: [1], data: Float32Array.of(-1e4) });
      }
    },
    dtype,
  );
  const model = await load(files);
  expect(model.files()).toEqual(files);
  expect(model.unused.length).toBe(what.startsWith("masks") ? 2 : 0);
  if (dtype === "F16") return;
  expect(await logitsOf(model)).toEqual(await logitsOf(await load(golden(family))));
});

describe("saved in shards", () => {
  it("loads as the same model, and is written back as it is", async () => {
    const model = await load(golden("llama"));
    const folder = mkdtempSync(join(tmpdir(), "orrery-shards-"));
    await model.save(folder, { maxShardSize: 10_000 });
    const files = filesOf(folder);
    const shards = Object.keys(files).filter((name) => /^model-0000\d-of-/.test(name));
    expect(shards.length).toBeGreaterThan(1);
    const again = await load(folder);
    rmSync(folder, { recursive: true });
    expect(await logitsOf(again)).toEqual(await logitsOf(model));
    expect(again.files()).toEqual(files);
    expect(again.files({ maxShardSize: 1e9 })).toEqual(model.files());
  });

  it.each<[string, (files: Files) => void, string, typeof ConfigError | typeof FormatError]>([
    ["a missing shard", (files) => delete files[second(files)], "which is missing", ConfigError],
    ["no weight_map", (files) => (files[INDEX] = text("{}")), 'expected "weight_map"', FormatError],
    ["no JSON", (files) => (files[INDEX] = text("{")), "not JSON", FormatError],
    [
      "a shard elsewhere",
      (files) => (files[INDEX] = text('{"weight_map":{"a":"../x.safetensors"}}')),
      "in the same folder",
      FormatError,
    ],
    [
      "a tensor that no shard has",
      (files) => (files[INDEX] = text(replaced(files, "model.norm.weight", "model.norm.other"))),
      "model.norm.other: expected in",
      FormatError,
    ],
    [
      "a tensor in two shards",
      (files) => (files[second(files)] = files[second(files).replace("00002-", "00001-")]!),
      "too",
      FormatError,
    ],
    ["a shard cut short", (files) => cut(files), "00002-of-", FormatError],
  ])("refuses %s", async (_, change, message, type) => {
    const files = (await load(golden("llama"))).files({ maxShardSize: 10_000 });
    change(files);
    await expect(load(files)).rejects.toThrow(message);
    await expect(load(files)).rejects.toThrow(type);
  });
});

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const second = (files: Files): string =>
  Object.keys(files).find((name) => /-00002-of-/.test(name))!;
const replaced = (files: Files, from: string, to: string): string =>
  new TextDecoder().decode(files[INDEX]).replace(from, to);
const cut = (files: Files): void => {
  files[second(files)] = files[second(files)]!.slice(0, -1);
};

describe("saved in another type", () => {
  it.each([
    ["float16", 2 ** -10],
    ["bfloat16", 2 ** -7],
  ] as const)("%s holds each number to its precision", async (dtype, precision) => {
    const model = await load(golden("gpt2"));
    const files = model.files({ dtype });
    expect(new TextDecoder().decode(files["config.json"])).toContain(`"dtype": "${dtype}"`);
    const again = await load(files);
    for (const [name, data] of model.parameters) {
      const other = again.parameters.get(name)!;
      const isNear = data.every(
        (value, i) => Math.abs(value - other[i]!) <= Math.abs(value) * precision + 2 ** -24,
      );
      expect(isNear, name).toBe(true);
    }
    expect(again.files()).toEqual(files);
  });

  it("refuses float16 for a number that is too large", async () => {
    const files = await changed("llama", (tensors) =>
      tensors.get("model.norm.weight")!.data.fill(7e4, 0, 1),
    );
    const model = await load(files);
    expect(() => model.files({ dtype: "float16" })).toThrow("has 70000, float16 ends at 65504");
    expect(() => model.files({ maxShardSize: 0 })).toThrow(ConfigError);
  });

  it("says how to convert a pickle", async () => {
    const files = { "config.json": golden("llama")["config.json"]!, "pytorch_model.bin": text("") };
    await expect(load(files)).rejects.toThrow(/save_pretrained\(DIR\).* writes model.safetensors/);
  });
});
