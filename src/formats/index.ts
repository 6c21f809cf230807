export { ConfigReader, serializeConfig } from "./config-reader.ts";
export {
  writeSafetensors,
  type WritableTensor,
  type WritableTensors,
} from "./safetensors-writer.ts";
export { readSafetensors, type StoredTensor, type StoredTensors } from "./safetensors.ts";
export { toFloat32, toInt32, type StoredDtype } from "./stored-dtype.ts";
