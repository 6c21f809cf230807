import { initialize } from "orrery-lm/models";
import { wasmRuntime } from "orrery-lm/runtime";
import { Trainer } from "orrery-lm/training";
import { tinyArchitecture, tinyTokens, tinyTraining } from "../../training/tiny.ts";

/** Trains for some steps in the WASM build, and gives the losses. */
export async function run({
  steps,
  position,
}: {
  steps: number;
  position: string;
}): Promise<number[]> {
  const architecture = tinyArchitecture({ position_encoding: position });
  const trainer = await Trainer.open({
    architecture,
    options: tinyTraining(),
    runtime: await wasmRuntime({ threads: 1 }),
    tokens: tinyTokens(),
    start: initialize(architecture.network.parameters(), 1),
  });
  const losses: number[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let i = 0; i < steps; i++) losses.push((await trainer.step()).loss);
  return losses;
}
