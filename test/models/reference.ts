/** Numbers that the reference computed with a checkpoint. */
import { readFileSync } from "node:fs";
import { bytesSource } from "orrery-lm/base";
import { readSafetensors, toFloat32, toInt32, type StoredTensors } from "orrery-lm/formats";
import type { Model } from "orrery-lm/models";
import type { Runtime, TensorData } from "orrery-lm/runtime";
import { compile, interpret, type Value } from "orrery-lm/tensor";
import { expect } from "vitest";

/** A family of models that a checkpoint can be of. */
export type Family = (typeof families)[number];

/** Every family that has a golden of ours. */
export const families = [
  "gpt2",
  "llama",
  "bloom",
  "cohere2",
  "olmo",
  "qwen2_moe",
  "qwen3_moe",
  "olmoe",
  "deepseek_v2",
  "deepseek_v3",
  "granitemoe",
] as const;

/** Logits of PyTorch + transformers in float32, within some 1e-6 of float64. */
export const LOGITS_BOUND = 1e-5;

/**
 * Gemma 2 and 3 sharpen every error, by large gains before the softmax: the reference's own logits
 * are 0.8e-5 and 2.5e-5 away from what it computes in float64.
 */
const SHARPENING: readonly unknown[] = ["gemma2", "gemma3_text"];
const SHARPENED_BOUND = 3e-5;

/**
 * The reference in bfloat16 rounds the frequencies of RoPE too, which are in no file: it is 8e-4
 * away from itself once it has read the file it wrote.
 */
const ROUNDED_BOUND = 1e-3;

/** Numbers with a shape. */
export interface Numbers {
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

/** Whole numbers with a shape. */
export interface Ids {
  readonly data: Int32Array;
  readonly shape: readonly number[];
}

/** What the reference computed its numbers from. */
export interface ReferenceInputs {
  readonly inputIds: Ids;
  readonly attentionMask?: Ids;
  readonly decoderInputIds?: Ids;
}

/** A checkpoint's folder and what the reference computes with it. */
export class Reference {
  readonly folder: string;
  /** How far right logits may be from the reference's. */
  readonly bound: number;
  readonly #expected: StoredTensors;

  private constructor(folder: string, expected: StoredTensors) {
    const { model_type: type, dtype } = JSON.parse(
      readFileSync(`${folder}/config.json`, "utf8"),
    ) as Record<string, unknown>;
    this.folder = folder;
    if (dtype === "bfloat16") this.bound = ROUNDED_BOUND;
    else this.bound = SHARPENING.includes(type) ? SHARPENED_BOUND : LOGITS_BOUND;
    this.#expected = expected;
  }

  static async read(folder: string): Promise<Reference> {
    const bytes = readFileSync(`${folder}/expected.safetensors`);
    return new Reference(folder, await readSafetensors(bytesSource(bytes)));
  }

  /** Whether the reference computed it. */
  has(name: string): boolean {
    return this.#expected.tensors.has(name);
  }

  /** Whether it has gradients of the mean loss of the next tokens. */
  get hasGradients(): boolean {
    return [...this.#expected.tensors.keys()].some((name) => name.startsWith("grad."));
  }

  /** What the reference's logits were computed from. */
  async inputs(): Promise<ReferenceInputs> {
    const optional = async (name: string): Promise<Ids | undefined> =>
      this.has(name) ? this.ids(name) : undefined;
    const attentionMask = await optional("attention_mask");
    const decoderInputIds = await optional("decoder_input_ids");
    return {
      inputIds: await this.ids("input_ids"),
      ...(attentionMask && { attentionMask }),
      ...(decoderInputIds && { decoderInputIds }),
    };
  }

  floats(name: string): Promise<Float32Array> {
    return toFloat32(this.#expected.tensors.get(name)!);
  }

  async ids(name: string): Promise<Ids> {
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

/** What comes after each token; -100 behind the last of a row. */
export function nextIds({ data, shape }: Ids): Ids {
  const tokens = shape[1]!;
  return { data: data.map((_, i) => ((i + 1) % tokens === 0 ? -100 : data[i + 1]!)), shape };
}

/**
 * How far a model's logits for the reference's inputs are from the reference's, those of padding
 * included.
 *
 * @param shift moves the positions
 */
export async function errorOfLogits(
  model: Model,
  reference: Reference,
  shift = 0,
): Promise<number> {
  const given = await reference.inputs();
  const { data, shape } = given.inputIds;
  const positionIds = { data: data.map((_, i) => (i % shape[1]!) + shift), shape };
  const inputs = shift === 0 ? given : { ...given, positionIds };
  const { logits } = await model.forward(inputs);
  return largestDifference(logits!.data, await reference.floats("logits"));
}

/** How far logits are from those wanted, where `mask` says that a token is real. */
export async function differenceOfReal(
  model: Model,
  inputs: ReferenceInputs,
  want: { logits: Float32Array; mask: Ids },
): Promise<number> {
  const { logits } = await model.forward(inputs);
  const mask = want.mask.data;
  const width = want.logits.length / mask.length;
  const isReal = (_: number, i: number): boolean => mask[Math.floor(i / width)] !== 0;
  return largestDifference(logits!.data.filter(isReal), want.logits.filter(isReal));
}
