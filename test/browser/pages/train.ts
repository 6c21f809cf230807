import { wasmRuntime } from "orrery-lm/runtime";
import { tinyLosses } from "../../training/tiny.ts";

/** Trains for some steps in the WASM build, and gives the losses. */
export async function run(input: { steps: number; position: string }): Promise<number[]> {
  return tinyLosses(await wasmRuntime({ threads: 1 }), input.position, input.steps);
}
