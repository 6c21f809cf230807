/** The state of a run in one file, so that it is replaced whole or not at all. */

import { FormatError, ShapeError, type ByteSource } from "orrery-lm/base";
import {
  readSafetensors,
  toFloat32,
  toFloat64,
  writeSafetensors,
  type WritableTensor,
} from "orrery-lm/formats";
import type { ParameterSpecs } from "orrery-lm/nn";
import type { StepMetrics, TrainingState } from "./trainer.ts";

/** A state, and the metrics of every step that led to it. */
export interface SavedRun {
  state: TrainingState;
  history: StepMetrics[];
}

const kinds = { "parameter.": "parameters", "mean.": "mean", "square.": "square" } as const;

/** The bytes of a state file. */
export function writeState({ state, history }: SavedRun, specs: ParameterSpecs): Uint8Array {
  const tensors = new Map<string, WritableTensor>();
  for (const [prefix, kind] of Object.entries(kinds)) {
    for (const [name, data] of state[kind]) {
      tensors.set(prefix + name, { dtype: "F32", shape: specs[name]!.shape, data });
    }
  }
  const rows = history.flatMap(({ loss, gradientNorm, learningRate }) => [
    loss,
    gradientNorm,
    learningRate,
  ]);
  tensors.set("history", {
    dtype: "F64",
    shape: [history.length, 3],
    data: Float64Array.from(rows),
  });
  return writeSafetensors({
    metadata: { format: "orrery-state", step: String(state.step) },
    tensors,
  });
}

/**
 * Reads a state file.
 *
 * @throws {FormatError} if it is damaged or is no state file.
 * @throws {ShapeError} if it belongs to another model.
 */
export async function readState(source: ByteSource, specs: ParameterSpecs): Promise<SavedRun> {
  const { metadata, tensors } = await readSafetensors(source);
  const step = Number(metadata["step"]);
  const table = tensors.get("history");
  if (
    metadata["format"] !== "orrery-state" ||
    !Number.isSafeInteger(step) ||
    table?.shape[0] !== step
  ) {
    throw new FormatError(
      "state",
      `expected the state of a training run, got metadata ${JSON.stringify(metadata)}`,
    );
  }
  const state: TrainingState = { step, parameters: new Map(), mean: new Map(), square: new Map() };
  for (const [prefix, kind] of Object.entries(kinds)) {
    for (const [name, { shape }] of Object.entries(specs)) {
      const stored = tensors.get(prefix + name);
      if (!stored || stored.shape.join() !== shape.join()) {
        throw new ShapeError(`state: ${prefix}${name}`, shape, stored?.shape ?? ["missing"]);
      }
      // oxlint-disable-next-line no-await-in-loop
      state[kind].set(name, await toFloat32(stored));
    }
  }
  const rows = await toFloat64(table);
  const history = Array.from({ length: step }, (_, i) => ({
    step: i + 1,
    loss: rows[3 * i]!,
    gradientNorm: rows[3 * i + 1]!,
    learningRate: rows[3 * i + 2]!,
  }));
  return { state, history };
}
