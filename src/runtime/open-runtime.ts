/** Choosing a runtime. */

import { ConfigError } from "orrery-lm/base";
import { canBeNative, importNative, importWasm, importWebGpu } from "#onnxruntime";
import { onnxRuntime, type RuntimeOptions } from "./onnx-session.ts";
import type { Runtime } from "./runtime.ts";

const INSTALL =
  "install one: ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node@1.30.0 (native, Node), or npm i onnxruntime-web@1.30.0 (WASM, anywhere)";

/**
 * onnxruntime-node, on the CPU.
 *
 * @throws {ConfigError} if it is not installed or does not run here.
 */
export async function nativeRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  try {
    return onnxRuntime("native", await importNative(), options);
  } catch (cause) {
    throw new ConfigError(
      `runtime: onnxruntime-node does not load here (${reason(cause)}); ${INSTALL}`,
      { cause },
    );
  }
}

/**
 * onnxruntime-web's WASM build, in a browser or in Node.
 *
 * @throws {ConfigError} if it is not installed.
 */
export async function wasmRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  try {
    return onnxRuntime("wasm", await importWasm(options.threads ?? 0), options);
  } catch (cause) {
    throw new ConfigError(
      `runtime: onnxruntime-web does not load here (${reason(cause)}); ${INSTALL}`,
      { cause },
    );
  }
}

/**
 * onnxruntime-web over WebGPU, in a browser. It must be asked for by name: it is another build, of
 * 27 MB instead of 14, and slower than WASM for models that are small.
 *
 * @throws {ConfigError} if there is no GPU that a page may use; {@link wasmRuntime} runs everywhere.
 */
export async function webGpuRuntime(): Promise<Runtime> {
  try {
    return onnxRuntime("webgpu", await importWebGpu());
  } catch (cause) {
    throw new ConfigError(
      `runtime: WebGPU does not start here (${reason(cause)}); wasmRuntime() runs everywhere`,
      { cause },
    );
  }
}

/** Options of {@link openRuntime}. */
export interface OpenRuntimeOptions extends RuntimeOptions {
  /** Hears one line if the slower build takes over. @default prints it as a warning */
  onNotice?: (line: string) => void;
}

/**
 * The best runtime here: native, else WASM with one line of notice.
 *
 * @throws {ConfigError} if there is neither, with the command that installs one.
 */
export async function openRuntime({
  onNotice = warn,
  ...options
}: OpenRuntimeOptions = {}): Promise<Runtime> {
  if (!canBeNative) return wasmRuntime(options);
  const native = await nativeRuntime(options).catch((error: Error) => error);
  if (!(native instanceof Error)) return native;
  const wasm = await wasmRuntime(options).catch(() => undefined);
  if (!wasm) throw native;
  onNotice(`${native.message.split("; install")[0]}; using the WASM build, which is slower`);
  return wasm;
}

function warn(line: string): void {
  console.warn(line);
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message.split("\n")[0]! : String(cause);
}
