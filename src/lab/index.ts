export type { Experiment, Measure, OutcomeRecord, RunContext } from "./experiment.ts";
export { extrapolationConclusion } from "./extrapolation/conclusion.ts";
export {
  type ExtrapolationArm,
  type ExtrapolationOptions,
  type ExtrapolationOutcome,
  type ExtrapolationSettings,
  type LengthLoss,
  type PositionLoss,
  extrapolationArmNames,
  extrapolationExperiment,
} from "./extrapolation/experiment.ts";
export {
  type ExtrapolationReportOptions,
  renderExtrapolationReport,
} from "./extrapolation/report.ts";
export {
  type ExtrapolationForm,
  type ExtrapolationRunOptions,
  extrapolationForms,
  runExtrapolation,
} from "./extrapolation/run.ts";
export {
  type ArmCurve,
  type ArmSummary,
  type CurvePoint,
  type ExtrapolationRecord,
  type ExtrapolationSummary,
  type Reading,
  summarizeExtrapolation,
} from "./extrapolation/summary.ts";
export { extrapolationTable } from "./extrapolation/tables.ts";
export { type Difference, type Json, firstDifference, toJson } from "./json.ts";
export type { FigureAxis, FigurePoint, FigureSeries, LineFigure } from "./report/figure.ts";
export { type LineFigureOptions, lineFigure } from "./report/line-figure.ts";
export {
  type Block,
  type Report,
  type ReportSection,
  type Sample,
  renderReport,
} from "./report/page.ts";
export { type SeriesColor, palette } from "./report/palette.ts";
export { type StackBox, stackPicture } from "./report/stack-picture.ts";
export { type Table, type TableColumn, type TableRow, renderTable } from "./report/table.ts";
export { type ExperimentProgress, type RunExperimentOptions, runExperiment } from "./runner.ts";
export {
  type Summary,
  mean,
  median,
  pairedDifference,
  sampleStandardDeviation,
  studentTQuantile,
  studentTWithin,
  summarize,
} from "./statistics.ts";
export { type Store, folderStore, memoryStore } from "./store.ts";
export { generateChineseStories } from "./stories/chinese.ts";
export { generateStories, generateStory, storySeparator } from "./stories/story.ts";
export { tokenizersConclusion } from "./tokenizers/conclusion.ts";
export {
  type SizeOutcome,
  type TokenizerAlgorithm,
  type TokenizersArm,
  type TokenizersOutcome,
  type TokenizersRecord,
  type TokenizersSettings,
  tokenizerAlgorithms,
  tokenizersExperiment,
} from "./tokenizers/experiment.ts";
export {
  type TokenizersRunOptions,
  type TokenizersText,
  runTokenizers,
  tokenizersSizes,
} from "./tokenizers/run.ts";
export { tokenizersTable } from "./tokenizers/table.ts";
