export type { Architecture } from "./assembly/architecture.ts";
export type { CheckpointLayout } from "./storage/checkpoint-layout.ts";
export type { Checkpoint, SaveOptions } from "./storage/checkpoint.ts";
export { createArchitecture, modelFamilies } from "./assembly/create-architecture.ts";
export { exportOnnx, type ExportOnnxOptions } from "./export/export-onnx.ts";
export type { ForwardOptions, TokenLossesOptions } from "./feeds.ts";
export type { BeamSearchOptions, FoundText } from "./generation/beam-search.ts";
export { candidates, type Candidates, type ChoiceOptions } from "./generation/choose-token.ts";
export type {
  GenerateBatchOptions,
  GenerateOptions,
  GeneratedToken,
} from "./generation/generate.ts";
export type { DecodedStream } from "./generation/stoppable-text.ts";
export type { IdRows } from "./id-rows.ts";
export { countParameters, initialize } from "./initialize.ts";
export { loadModel, type LoadModelOptions, type ModelSource } from "./load-model.ts";
export { modelFiles, type ModelFilesOptions } from "./storage/model-files.ts";
export { Model, type ForwardResult, type ModelOptions } from "./model.ts";
export { positionEncodingNames, type PositionEncodingName } from "./assembly/position-choices.ts";
export {
  languageModelProgram,
  parametersOf,
  type LanguageModelProgram,
  type ProgramOptions,
} from "./program.ts";
export {
  firstUpdate,
  layerSignals,
  type FirstUpdateOptions,
  type LayerSignals,
  type SignalOptions,
} from "./signals.ts";
export {
  packStored,
  storedShape,
  unpackStored,
  type StorageEntry,
  type StoredArray,
} from "./storage/storage.ts";
export {
  Registry,
  openRegistry,
  registryTrend,
  type RegistryField,
  type RegistryQuery,
  type RegistryTrend,
} from "./registry/registry.ts";
export type {
  EvidenceGrade,
  RegistryBiases,
  RegistryExperts,
  RegistryRow,
} from "./registry/registry-row.ts";
export type { BlockKind } from "./inspect/block-kinds.ts";
export { compareModels, type ModelDifference } from "./inspect/compare.ts";
export { inspectModel, type InspectOptions, type ModelInspection } from "./inspect/inspection.ts";
export type { KeptTokens } from "./inspect/kept-tokens.ts";
export type { Work } from "./inspect/work.ts";
export { missingParts } from "./registry/missing-parts.ts";
export { tinyConfig } from "./registry/tiny-config.ts";
