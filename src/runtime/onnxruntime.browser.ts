/** onnxruntime in a browser: the WASM build only. */

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
