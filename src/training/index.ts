export {
  adamW,
  clipByGlobalNorm,
  type AdamWOptions,
  type AdamWScalars,
  type AdamWState,
} from "./adamw.ts";
export { drawBatch, type Batch, type BatchOptions } from "./batches.ts";
export { evaluate, type EvaluateOptions, type Evaluation } from "./evaluate.ts";
export { checkTrainingOptions, defaultTrainingOptions, type TrainingOptions } from "./options.ts";
export { fingerprint, isRun, readRunSettings, type RunSettings } from "./run-folder.ts";
export { learningRateAt, type ScheduleOptions } from "./schedule.ts";
export { accumulateStep, statePrefixes, updateStep, wholeStep } from "./step-program.ts";
export { train, type TrainOptions, type TrainResult } from "./train.ts";
export {
  Trainer,
  freshState,
  type StepMetrics,
  type TrainerOptions,
  type TrainingState,
} from "./trainer.ts";
