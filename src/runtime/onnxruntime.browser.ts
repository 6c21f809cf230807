/** onnxruntime in a browser: the WASM build, and the one that computes on a GPU. */

import type { OnnxRuntime } from "./onnx-session.ts";

/** Whether a native build can exist here: not in a page, nor in a worker. */
export const canBeNative: boolean = false;

/** There is no native build in a browser. */
export async function importNative(): Promise<OnnxRuntime> {
  throw new Error("a browser has no native onnxruntime");
}

/** The WASM build, without the GPU backends. More than one thread needs an isolated page. */
export async function importWasm(threads: number): Promise<OnnxRuntime> {
  const module = await import("onnxruntime-web/wasm");
  if (threads > 0) module.env.wasm.numThreads = threads;
  return module as unknown as OnnxRuntime;
}

/** The build over WebGPU; what has no shader there runs in WASM. Rejects where there is no GPU to use. */
export async function importWebGpu(): Promise<OnnxRuntime> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  if (gpu === undefined) {
    throw new Error("no navigator.gpu: it needs a browser that has WebGPU, and https or localhost");
  }
  if (!(await gpu.requestAdapter())) throw new Error("the browser offers no GPU");
  return (await import("onnxruntime-web/webgpu")) as unknown as OnnxRuntime;
}
