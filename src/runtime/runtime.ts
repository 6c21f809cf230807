/** Where programs run: one interface over the ONNX runtimes of Node and of browsers. */

import type { CompiledProgram } from "orrery-lm/tensor";

/** Numbers with a shape, as they go in and come out. Booleans are bytes of 0 and 1. */
export type TensorData =
  | { readonly dtype: "float32"; readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly dtype: "int32"; readonly data: Int32Array; readonly shape: readonly number[] }
  | { readonly dtype: "bool"; readonly data: Uint8Array; readonly shape: readonly number[] };

/** A program made ready to run. Inputs are not copied; outputs belong to the caller. */
export interface Session {
  /**
   * Runs the program once.
   *
   * @param inputs every input and parameter of the program, by name
   * @param wanted outputs to compute; all by default
   * @throws {ConfigError} if one is missing.
   * @throws {ShapeError} if one has another shape or element type.
   */
  run(
    inputs: Readonly<Record<string, TensorData>>,
    wanted?: readonly string[],
  ): Promise<Record<string, TensorData>>;
  /** Frees what the runtime holds. */
  release(): Promise<void>;
}

/** Something that runs programs. */
export interface Runtime {
  /** `native`: onnxruntime-node on the CPU; `wasm`, `webgpu`: onnxruntime-web. */
  readonly name: "native" | "wasm" | "webgpu";
  /** Makes a program ready. */
  open(program: CompiledProgram): Promise<Session>;
}

/** A float32 tensor. */
export function floats(data: Float32Array, shape: readonly number[]): TensorData {
  return { dtype: "float32", data, shape };
}

/** An int32 tensor. */
export function integers(data: Int32Array, shape: readonly number[]): TensorData {
  return { dtype: "int32", data, shape };
}

/** A float32 scalar. */
export function number(value: number): TensorData {
  return floats(Float32Array.of(value), []);
}

/** The float32 data of an output, which the program promises to be float32. */
export function floatData(tensor: TensorData | undefined): Float32Array {
  if (tensor?.dtype !== "float32") {
    throw new TypeError(`runtime: expected a float32 output, got ${tensor?.dtype ?? "none"}`);
  }
  return tensor.data;
}
