/** onnxruntime in Node: the native build, and the WASM build where that is not to be had. */

import type { OnnxRuntime } from "./onnx-session.ts";

/** Whether a native build can exist here. */
export const canBeNative: boolean = true;

/** The native CPU build. Rejects where it is not installed or does not fit this machine. */
export async function importNative(): Promise<OnnxRuntime> {
  const module = await import("onnxruntime-node");
  return module as unknown as OnnxRuntime;
}

/** The WASM build. Rejects where it is not installed. */
export async function importWasm(threads: number): Promise<OnnxRuntime> {
  const module = await import("onnxruntime-web");
  module.env.wasm.numThreads = threads > 0 ? threads : 1;
  return module as unknown as OnnxRuntime;
}

/** WebGPU is what browsers have. */
export async function importWebGpu(): Promise<OnnxRuntime> {
  throw new Error("it is for browsers, and this is Node");
}
