export type { Experiment, Measure, OutcomeRecord, RunContext } from "./experiment.ts";
export { type Difference, type Json, firstDifference, toJson } from "./json.ts";
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
export { generateStories, generateStory, storySeparator } from "./stories/story.ts";
