/** A run's folder: config.json, model.safetensors, tokenizer.json, metrics.jsonl and state/. */

import { ConfigError, FormatError, OtherSettingsError } from "orrery-lm/base";
import { exists, openByteSource, readFileBytes, writeFilesAtomic } from "#files";
import { modelFiles, type Architecture } from "orrery-lm/models";
import type { TrainingOptions } from "./options.ts";
import { readState, writeState, type SavedRun } from "./state-file.ts";
import type { StepMetrics } from "./trainer.ts";

/** What a run was started with; a resumed run must be started with the same. */
export interface RunSettings {
  config: Readonly<Record<string, unknown>>;
  training: TrainingOptions;
  /** Identifies the ids that are trained on; see {@link fingerprint}. */
  data: string;
}

const SETTINGS = "state/settings.json";
const STATE = "state/state.safetensors";

/** A short name for a list of ids: its length and a 32-bit FNV-1a hash. */
export function fingerprint(tokens: ArrayLike<number>): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < tokens.length; i++) hash = Math.imul(hash ^ tokens[i]!, 0x01000193);
  return `${tokens.length} tokens, ${(hash >>> 0).toString(16).padStart(8, "0")}`;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One JSON object a line. */
function metricsLines(history: readonly StepMetrics[]): Uint8Array {
  return encode(history.map((metrics) => `${JSON.stringify(metrics)}\n`).join(""));
}

/** Begins a run's folder with its settings and its tokenizer's files. */
export async function beginRun(
  folder: string,
  settings: RunSettings,
  tokenizerFiles: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const json = `${JSON.stringify(settings, null, 2)}\n`;
  await writeFilesAtomic(folder, { ...tokenizerFiles, [SETTINGS]: encode(json) });
}

/** What {@link saveRun} writes. */
export interface RunToSave {
  architecture: Architecture;
  config: RunSettings["config"];
  saved: SavedRun;
}

/** Writes the model, the metrics and the state. Each file is replaced whole; the state decides. */
export async function saveRun(
  folder: string,
  { architecture, config, saved }: RunToSave,
): Promise<void> {
  await writeFilesAtomic(folder, {
    [STATE]: writeState(saved, architecture.network.parameters()),
    "metrics.jsonl": metricsLines(saved.history),
    ...modelFiles({ architecture, config, parameters: saved.state.parameters }),
  });
}

/** Whether a folder holds a run that was begun. */
export async function isRun(folder: string): Promise<boolean> {
  return exists(`${folder}/${SETTINGS}`);
}

/**
 * The settings that a run was begun with.
 *
 * @throws {ConfigError} if the folder is not a run.
 */
export async function readRunSettings(folder: string): Promise<RunSettings> {
  if (!(await isRun(folder))) {
    throw new ConfigError(
      `${folder} is not a run: it has no ${SETTINGS}; begin one with \`orrery train --out ${folder}\``,
    );
  }
  try {
    return JSON.parse(
      new TextDecoder().decode(await readFileBytes(`${folder}/${SETTINGS}`)),
    ) as RunSettings;
  } catch (cause) {
    throw new FormatError(SETTINGS, `not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The state of a run, or undefined if it was begun and never saved. */
export async function readRun(
  folder: string,
  architecture: Architecture,
): Promise<SavedRun | undefined> {
  if (!(await exists(`${folder}/${STATE}`))) return undefined;
  const source = await openByteSource(`${folder}/${STATE}`);
  try {
    return await readState(source, architecture.network.parameters());
  } finally {
    await source.close();
  }
}

/**
 * Refuses to go on with other settings than a run was begun with.
 *
 * @throws {OtherSettingsError} that names each difference.
 */
export function checkSameSettings(begun: RunSettings, now: RunSettings): void {
  const differences = [...differing("", begun, now)];
  if (differences.length > 0) {
    throw new OtherSettingsError(
      `resume: the run was begun with other settings: ${differences.join("; ")}. Give the same ones, or begin a new run in another folder`,
    );
  }
}

function* differing(path: string, a: unknown, b: unknown): Generator<string> {
  const bothObjects = typeof a === "object" && typeof b === "object" && a !== null && b !== null;
  if (!bothObjects) {
    if (a !== b) yield `${path}: ${JSON.stringify(a)} then, ${JSON.stringify(b)} now`;
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const step = path === "" ? key : `${path}.${key}`;
    yield* differing(
      step,
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
    );
  }
}
