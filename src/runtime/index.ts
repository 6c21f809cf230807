export type { RuntimeOptions } from "./onnx-session.ts";
export {
  nativeRuntime,
  openRuntime,
  wasmRuntime,
  webGpuRuntime,
  type OpenRuntimeOptions,
} from "./open-runtime.ts";
export {
  floatData,
  floats,
  integers,
  number,
  type Runtime,
  type Session,
  type TensorData,
} from "./runtime.ts";
