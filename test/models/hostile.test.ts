import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError, FormatError, isExpectedError } from "orrery-lm/base";
import { loadModel, type ForwardOptions, type Model } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";

const fileOf = (family: string, name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`../../goldens/models/${family}/${name}`, import.meta.url))),
  );
const filesOf = (family: string): Record<string, Uint8Array> => ({
  "config.json": fileOf(family, "config.json"),
  "model.safetensors": fileOf(family, "model.safetensors"),
});

let runtime: Runtime;
const models: Record<string, Model> = {};
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 1 });
  for (const family of ["gpt2", "llama"]) {
    // oxlint-disable-next-line no-await-in-loop
    models[family] = await loadModel(filesOf(family), { runtime });
  }
});

describe.each(["gpt2", "llama"])("%s", (family) => {
  it.each<[string, ForwardOptions]>([
    ["an id past the vocabulary", { inputIds: [[1, 1e9]] }],
    ["an id beyond 32 bits", { inputIds: [[1, 2 ** 33]] }],
    ["a negative id", { inputIds: [[-1]] }],
    ["half an id", { inputIds: [[0.5]] }],
    ["an id that is no number", { inputIds: [[NaN]] }],
    ["no rows", { inputIds: [] }],
    ["rows of no tokens", { inputIds: [[], []] }],
    ["rows of several lengths", { inputIds: [[1, 2], [3]] }],
    [
      "a shape that its numbers do not fill",
      { inputIds: { data: new Int32Array(3), shape: [2, 2] } },
    ],
    ["a shape of three sizes", { inputIds: { data: new Int32Array(1), shape: [1, 1, 1] } }],
    ["a mask of another shape", { inputIds: [[1, 2]], attentionMask: [[1]] }],
    ["a label past the vocabulary", { inputIds: [[1, 2]], labels: [[1, 1e9]] }],
  ])("refuses %s, and goes on", async (_, options) => {
    const error: unknown = await models[family]!.forward(options).catch((e: unknown) => e);
    expect(isExpectedError(error), String(error)).toBe(true);
    expect((await models[family]!.forward({ inputIds: [[1]] })).logits!.shape[1]).toBe(1);
  });

  it("gives numbers for a row that is masked as a whole, and leaves the others as they are", async () => {
    const inputIds = [
      [3, 4, 5],
      [6, 7, 8],
    ];
    const attentionMask = [
      [0, 0, 0],
      [1, 1, 1],
    ];
    const { logits } = await models[family]!.forward({ inputIds, attentionMask });
    expect(logits!.data.every(Number.isFinite)).toBe(true);
    const alone = (await models[family]!.forward({ inputIds: [inputIds[1]!] })).logits!.data;
    const second = logits!.data.slice(alone.length);
    expect(second.every((value, i) => Math.abs(value - alone[i]!) < 1e-5)).toBe(true);
  });
});

it("refuses a text past a table of learned positions", async () => {
  const inputIds = [Array.from({ length: 5000 }, () => 1)];
  await expect(models.gpt2!.forward({ inputIds })).rejects.toThrow(ConfigError);
  await expect(models.gpt2!.forward({ inputIds })).rejects.toThrow("past the table of learned");
});

/** A file whose header is this, with so many bytes behind it. */
function safetensors(header: string, bytes: number): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  return file;
}

it.each<[string, Uint8Array, typeof FormatError | typeof ConfigError]>([
  ["nothing", new Uint8Array(), FormatError],
  ["a header of 2^63 bytes", new Uint8Array(8).fill(0x7f), FormatError],
  ["an empty header", safetensors("{}", 0), ConfigError],
  ["a tensor past the end", entry("F32", "[1000000000000]", "[0,4000000000000]"), FormatError],
  ["a size that overflows", entry("F32", "[4294967296,4294967296]", "[0,4]"), FormatError],
  ["a negative size", entry("F32", "[-1]", "[0,4]"), FormatError],
  ["a range backwards", entry("F32", "[1]", "[4,0]"), FormatError],
  ["a type of another size", entry("F64", "[1]", "[0,4]"), FormatError],
  ["an unknown type", entry("F4", "[1]", "[0,4]"), FormatError],
])("refuses weights of %s", async (_, bytes, type) => {
  const files = { ...filesOf("llama"), "model.safetensors": bytes };
  await expect(loadModel(files, { runtime })).rejects.toThrow(type);
});

function entry(dtype: string, shape: string, range: string): Uint8Array {
  return safetensors(`{"a":{"dtype":"${dtype}","shape":${shape},"data_offsets":${range}}}`, 4);
}

it.each([
  ["vocab_size", 1e12],
  ["hidden_size", 0],
  ["hidden_size", -16],
  ["num_hidden_layers", 1e9],
  ["num_attention_heads", 0],
  ["num_attention_heads", 3],
  ["num_key_value_heads", 1.5],
  ["intermediate_size", "many"],
])("refuses a config.json with %s %s", async (key, value) => {
  const config = JSON.parse(new TextDecoder().decode(fileOf("llama", "config.json"))) as object;
  const bytes = new TextEncoder().encode(JSON.stringify({ ...config, [key]: value }));
  const error: unknown = await loadModel(
    { ...filesOf("llama"), "config.json": bytes },
    { runtime },
  ).catch((e: unknown) => e);
  expect(isExpectedError(error), String(error)).toBe(true);
});
