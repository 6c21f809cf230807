export { type ConfigJson, readConfigJson, serializeConfig } from "./config-json.ts";
export { camelCase, snakeCase } from "./config-keys.ts";
export { ConfigReader } from "./config-reader.ts";
export {
  safetensorsChunks,
  writeSafetensors,
  type WritableTensor,
  type WritableTensors,
} from "./safetensors-writer.ts";
export { readSafetensors, type StoredTensor, type StoredTensors } from "./safetensors.ts";
export { toFloat32, toFloat64, toInt32, type StoredDtype } from "./stored-dtype.ts";
export { type BPEJson } from "./tokenizer-json-bpe.ts";
export { serializeTokenizerJson } from "./tokenizer-json-writer.ts";
export {
  TOKENIZER_JSON,
  parseTokenizerJson,
  type AddedTokenJson,
  type ByteLevelJson,
  type TokenizerJson,
} from "./tokenizer-json.ts";
