import { readFileSync, readdirSync } from "node:fs";
import { ConfigReader } from "orrery-lm/formats";
import { exportOnnx, initialize, loadModel, Model, modelFamilies } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { readNodes } from "../tensor/onnx-reader.ts";
import { build, ours, type Config } from "./configs.ts";
import { openBare, readInPieces, runBare, wide } from "./exported.ts";
import { families, largestDifference, LOGITS_BOUND, type Ids } from "./reference.ts";

type Files = Record<string, Uint8Array | readonly Uint8Array[]>;

const shape = [2, 9] as const;
const seen = { data: Int32Array.from({ length: 18 }, (_, i) => 3 + ((i * 7) % 29)), shape };
/** The first row begins with two places of padding. */
const mask = { data: Int32Array.from({ length: 18 }, (_, i) => Number(i > 1)), shape };

/** Positions that count real tokens. */
function positionsOf(start: number, end: number): Ids {
  const row = (first: number): number[] =>
    Array.from({ length: end - start }, (_, i) => Math.max(0, start + i - first));
  return { data: Int32Array.from([...row(2), ...row(0)]), shape: [2, end - start] };
}

function bytesOf(files: Files, name: string): Uint8Array {
  return files[`onnx/${name}`] as Uint8Array;
}

let runtime: Runtime;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 1 });
});

const fast = ["onnxruntime's operators", false] as const;
const portable = ["the standard's operators", true] as const;

/** What other programs compute is what we compute; whole texts, and in pieces. */
function checkExport(
  load: () => Promise<Model>,
  bound: number,
  forms: readonly (readonly [string, boolean])[],
): void {
  it.each(forms)("computes the same with %s", async (_, isPortable) => {
    const model = await load();
    const files = exportOnnx(model, { isPortable });
    const errors =
      model.architecture.network.kind === "encoder-decoder"
        ? await errorsOfPair(model, files)
        : await errorsOfOne(model, files);
    expect(Math.max(...errors)).toBeLessThan(bound);
  });
}

/** How far a decoder's or an encoder's logits for real tokens are from ours. */
async function errorsOfOne(model: Model, files: Files): Promise<number[]> {
  const session = await openBare(bytesOf(files, "model.onnx"));
  const { kind } = model.architecture.network;
  const { logits } = await model.forward({ inputIds: seen, attentionMask: mask });
  const width = logits!.shape[2]!;
  const isReal = (_: number, i: number): boolean => i >= 2 * width;
  const feed = (start: number, end: number): Parameters<typeof runBare>[1] => ({
    attention_mask: wide({
      data: mask.data.filter((__, i) => i % shape[1] < end),
      shape: [2, end],
    }),
    position_ids: wide(positionsOf(start, end)),
    token_type_ids: wide({ data: new Int32Array(18), shape }),
  });
  const cuts = kind === "encoder" ? [[9]] : [[9], [4, 5, 6, 9]];
  return Promise.all(
    cuts.map(async (ends) => {
      const given = await readInPieces(session, seen, ends, feed);
      return largestDifference(given.filter(isReal), logits!.data.filter(isReal));
    }),
  );
}

/** How far an encoder–decoder's logits are from ours. */
async function errorsOfPair(model: Model, files: Files): Promise<number[]> {
  const encoder = await openBare(bytesOf(files, "encoder_model.onnx"));
  const decoder = await openBare(bytesOf(files, "decoder_model_merged.onnx"));
  const behind = { data: mask.data.toReversed(), shape };
  const written = { data: seen.data.toReversed(), shape };
  const { logits } = await model.forward({
    inputIds: seen,
    attentionMask: behind,
    decoderInputIds: written,
  });
  const attention = wide(behind);
  const states = await runBare(encoder, { input_ids: wide(seen), attention_mask: attention });
  const feed = (): Parameters<typeof runBare>[1] => ({
    encoder_hidden_states: states["last_hidden_state"]!,
    encoder_attention_mask: attention,
  });
  return Promise.all(
    [[9], [1, 2, 5, 9]].map(async (ends) =>
      largestDifference(await readInPieces(decoder, written, ends, feed), logits!.data),
    ),
  );
}

describe.each(families)("%s", (family) => {
  const url = new URL(`../../goldens/models/${family}`, import.meta.url);
  checkExport(() => loadModel(url, { runtime }), LOGITS_BOUND, [fast, portable]);
});

const root = sharedData("checkpoints");
const folders = (root === undefined ? [] : readdirSync(root, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .filter(({ name }) => {
    const { values } = ConfigReader.parse(readFileSync(`${root}/${name}/config.json`));
    return modelFamilies.includes(String(values["model_type"]));
  });

describe.skipIf(root === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  describe.each(folders)("$name", ({ name }) => {
    // Gemma 2 and 3 sharpen every error.
    const bound = /gemma[23]/.test(name) ? 3 * LOGITS_BOUND : LOGITS_BOUND;
    checkExport(() => loadModel(`${root}/${name}`, { runtime }), bound, [fast]);
  });
});

function own(changes: Config = {}): Model {
  const config = { ...ours, ...changes };
  const architecture = build(config);
  return new Model({
    config,
    parameters: initialize(architecture.network.parameters(), 1),
    runtime,
  });
}

function jsonOf(files: Files, name: string): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(files[name] as Uint8Array)) as Record<string, unknown>;
}

describe("exportOnnx", () => {
  it.each(["rope", "alibi", "learned", "t5", "none"])("keeps positions: %s", async (encoding) => {
    const model = own({ position_encoding: encoding, max_position_embeddings: 16 });
    expect(Math.max(...(await errorsOfOne(model, exportOnnx(model))))).toBeLessThan(LOGITS_BOUND);
  });

  it("names inputs and outputs as Optimum does, with open sizes", async () => {
    const session = await openBare(bytesOf(exportOnnx(own()), "model.onnx"));
    expect(session.inputNames.toSorted()).toEqual(
      [
        "attention_mask",
        "input_ids",
        "position_ids",
        ...[0, 1].flatMap((i) => ["key", "value"].map((part) => `past_key_values.${i}.${part}`)),
      ].toSorted(),
    );
    expect(session.outputNames).toEqual([
      "logits",
      "present.0.key",
      "present.0.value",
      "present.1.key",
      "present.1.value",
    ]);
    const ports = [...session.inputMetadata, ...session.outputMetadata];
    const facts = Object.fromEntries(
      ports.map((port) => [port.name, port.isTensor ? [port.type, ...port.shape] : []]),
    );
    expect(facts).toMatchObject({
      input_ids: ["int64", "batch_size", "sequence_length"],
      attention_mask: ["int64", "batch_size", "past_sequence_length+sequence_length"],
      "past_key_values.0.key": ["float32", "batch_size", 4, "past_sequence_length", 8],
      logits: ["float32", "batch_size", "sequence_length", 40],
    });
  });

  it("uses no operator but the standard's where files are to be portable", () => {
    const nodes = readNodes(bytesOf(exportOnnx(own(), { isPortable: true }), "model.onnx"));
    // onnxruntime registers this one among the standard's.
    const isOwn = ({ operator, domain }: (typeof nodes)[number]): boolean =>
      domain !== "" || operator === "SimplifiedLayerNormalization";
    expect(nodes.filter(isOwn)).toEqual([]);
    const others = readNodes(bytesOf(exportOnnx(own()), "model.onnx"));
    expect(others.filter(isOwn).length).toBeGreaterThan(0);
  });

  it("stores float16 where it is asked for, and computes in float32", async () => {
    const model = own();
    const files = exportOnnx(model, { dtype: "float16" });
    expect(bytesOf(files, "model_fp16.onnx").length).toBeLessThan(
      0.7 * bytesOf(exportOnnx(model), "model.onnx").length,
    );
    expect(jsonOf(files, "config.json")["transformers.js_config"]).toEqual({ dtype: "fp16" });
    const rounded = { "onnx/model.onnx": files["onnx/model_fp16.onnx"]! };
    const error = Math.max(...(await errorsOfOne(model, rounded)));
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(2e-3);
  });

  it("refuses float16 for what does not fit", () => {
    const { architecture, config, parameters: small } = own();
    const parameters = new Map(small);
    parameters.set("finalNorm.weight", new Float32Array(32).fill(1e5));
    expect(() => exportOnnx({ architecture, config, parameters }, { dtype: "float16" })).toThrow(
      /finalNorm\.weight.*below 65520, got 100000; keep float32/,
    );
  });

  it("puts the weights of large files beside them", async () => {
    const { InferenceSession } = await import("onnxruntime-node");
    const model = own();
    const files = exportOnnx(model, { maxFileBytes: 1000 });
    const pieces = files["onnx/model.onnx_data"] as readonly Uint8Array[];
    const weights = [...model.parameters.values()].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    );
    expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(weights);
    expect(bytesOf(files, "model.onnx").length).toBeLessThan(weights);
    expect(jsonOf(files, "config.json")["transformers.js_config"]).toEqual({
      dtype: "fp32",
      use_external_data_format: { "model.onnx": 1 },
    });
    const data = new Uint8Array(pieces.flatMap((piece) => [...piece]));
    const session = await InferenceSession.create(bytesOf(files, "model.onnx"), {
      externalData: [{ path: "model.onnx_data", data }],
    });
    expect(session.outputNames).toContain("logits");
  });

  it("says of texts' ends what config.json says", () => {
    const files = exportOnnx(own({ eos_token_id: 3, bos_token_id: null }));
    expect(jsonOf(files, "generation_config.json")).toEqual({ eos_token_id: 3 });
  });

  it("exports types that transformers.js does not know under one that it knows", () => {
    expect(jsonOf(exportOnnx(own()), "config.json")).toMatchObject({
      model_type: "llama",
      original_model_type: "orrery",
      num_hidden_layers: 2,
    });
  });
});
