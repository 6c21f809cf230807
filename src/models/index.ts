export type { Architecture } from "./architecture.ts";
export { readCheckpoint, writeCheckpoint, type Checkpoint } from "./checkpoint.ts";
export { createArchitecture } from "./create-architecture.ts";
export type { GenerateOptions, GeneratedToken } from "./generate.ts";
export type { IdRows } from "./id-rows.ts";
export { countParameters, initialize } from "./initialize.ts";
export { loadModel, type LoadModelOptions, type ModelSource } from "./load-model.ts";
export { modelFiles, type ModelFilesOptions } from "./model-files.ts";
export {
  Model,
  type ForwardOptions,
  type ForwardResult,
  type ModelOptions,
  type TokenLossesOptions,
} from "./model.ts";
export { positionEncodingNames, type PositionEncodingName } from "./orrery.ts";
export { languageModelProgram, type LanguageModelProgram, type ProgramOptions } from "./program.ts";
export {
  packStored,
  storedShape,
  unpackStored,
  type StorageEntry,
  type StoredArray,
} from "./storage.ts";
