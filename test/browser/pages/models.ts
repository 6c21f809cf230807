import { bytesSource } from "orrery-lm/base";
import { readSafetensors, toFloat32, toInt32, type StoredTensors } from "orrery-lm/formats";
import { loadModel, type Model } from "orrery-lm/models";
import { wasmRuntime, webGpuRuntime } from "orrery-lm/runtime";

/** Checkpoints beside the numbers that the reference computed with them. */
export interface ReferenceFolders {
  readonly runtime: "wasm" | "webgpu";
  readonly folders: readonly string[];
}

/** How far a model is from the reference. */
export interface Comparison {
  /** The largest difference of logits, those of padding included. */
  readonly error: number;
  /** What was written greedily, and what the reference writes; empty for encoders. */
  readonly written: readonly number[][];
  readonly wanted: readonly number[][];
  /** Why there is no comparison. */
  readonly failure?: string;
}

/** Loads each folder by its URL, and compares logits and greedy texts with `expected.safetensors`. */
export async function run({ runtime: name, folders }: ReferenceFolders): Promise<Comparison[]> {
  const runtime = await (name === "webgpu" ? webGpuRuntime() : wasmRuntime({ threads: 1 }));
  const found: Comparison[] = [];
  /* oxlint-disable no-await-in-loop -- one model is in memory at a time */
  for (const folder of folders) {
    try {
      const model = await loadModel(folder, { runtime });
      found.push(await compare(model, await readExpected(folder)));
      await model.release();
    } catch (error) {
      found.push({ error: Infinity, written: [], wanted: [], failure: String(error) });
    }
  }
  /* oxlint-enable no-await-in-loop */
  return found;
}

interface Ids {
  readonly data: Int32Array;
  readonly shape: readonly number[];
}

async function readExpected(folder: string): Promise<StoredTensors["tensors"]> {
  const response = await fetch(`${folder}/expected.safetensors`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return (await readSafetensors(bytesSource(bytes))).tensors;
}

async function compare(model: Model, expected: StoredTensors["tensors"]): Promise<Comparison> {
  const ids = async (name: string): Promise<Ids | undefined> => {
    const tensor = expected.get(name);
    return tensor && { data: await toInt32(tensor), shape: tensor.shape };
  };
  const inputIds = (await ids("input_ids"))!;
  const attentionMask = await ids("attention_mask");
  const decoderInputIds = await ids("decoder_input_ids");
  const { logits } = await model.forward({
    inputIds,
    ...(attentionMask && { attentionMask }),
    ...(decoderInputIds && { decoderInputIds }),
  });
  const want = await toFloat32(expected.get("logits")!);
  return {
    error: largestDifference(logits!.data, want),
    ...(await write(model, { inputIds, attentionMask }, await ids("greedy"))),
  };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((worst, value, i) => {
    const difference = Math.abs(value - b[i]!);
    return difference <= worst ? worst : difference; // NaN wins
  }, 0);
}

/** At the end of each row of `greedy`. */
const ADDED_TOKENS = 12;

async function write(
  model: Model,
  given: { inputIds: Ids; attentionMask: Ids | undefined },
  greedy: Ids | undefined,
): Promise<Pick<Comparison, "written" | "wanted">> {
  if (greedy === undefined) return { written: [], wanted: [] };
  const rows = rowsOf(greedy);
  const isEncoderDecoder = model.architecture.network.kind === "encoder-decoder";
  const masks = given.attentionMask && rowsOf(given.attentionMask);
  const prompts = isEncoderDecoder
    ? rowsOf(given.inputIds).map((row, r) => row.filter((_, i) => masks?.[r]?.[i] !== 0))
    : rows.map((row) => row.slice(0, -ADDED_TOKENS));
  const starts = isEncoderDecoder ? rows.map(() => 1) : prompts.map(({ length }) => length);
  const written: number[][] = [];
  for (const prompt of prompts) {
    const ids: number[] = [];
    const options = {
      temperature: 0,
      maxNewTokens: ADDED_TOKENS,
      stopIds: isEncoderDecoder ? model.endIds : [],
    };
    // oxlint-disable-next-line no-await-in-loop
    for await (const { id } of model.generate(prompt, options)) ids.push(id);
    written.push(ids);
  }
  return { written, wanted: rows.map((row, r) => row.slice(starts[r])) };
}

function rowsOf({ data, shape }: Ids): number[][] {
  const [count, length] = shape as [number, number];
  return Array.from({ length: count }, (_, r) => [...data.subarray(r * length, (r + 1) * length)]);
}
