import { Model, loadModel } from "orrery-lm/models";
import { rotaryFrequencies } from "orrery-lm/nn";
import { nativeRuntime } from "orrery-lm/runtime";
import { describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { LOGITS_BOUND, Reference, errorOfLogits } from "./reference.ts";

const folder = sharedData("checkpoints/llama-bf16-sharded");

/** To the nearest bfloat16, ties to even. */
function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  const low = bits[0]! & 0xffff;
  bits[0] = (bits[0]! & 0xffff0000) >>> 0;
  if (low > 0x8000 || (low === 0x8000 && (bits[0]! & 0x10000) !== 0)) bits[0]! += 0x10000;
  return new Float32Array(bits.buffer)[0]!;
}

// The model behind these logits was turned to bfloat16 and back, and its rotary frequencies with it.
// A checkpoint does not store them: whoever loads it, transformers too, computes them in full.
describe.skipIf(folder === undefined)(`a checkpoint in bfloat16 (${NO_SHARED_DATA})`, () => {
  it("gives the reference's logits with the reference's rounded frequencies, and only with them", async () => {
    const model = await loadModel(folder!, { runtime: await nativeRuntime({ threads: 1 }) });
    const expected = await Reference.read(folder!);
    expect(await errorOfLogits(model, expected)).toBeGreaterThan(10 * LOGITS_BOUND);

    const headDim = Number(model.config["head_dim"]);
    const factors = Array.from(rotaryFrequencies(headDim, 10_000), (f) => f / toBfloat16(f));
    const rounded = {
      rope_type: "longrope",
      rope_theta: 10_000,
      short_factor: factors,
      long_factor: factors,
      factor: 1,
      attention_factor: 1,
      original_max_position_embeddings: 64,
    };
    const { parameters, runtime } = model;
    const config = { ...model.config, rope_parameters: rounded };
    const other = new Model({ config, parameters, runtime });
    expect(await errorOfLogits(other, expected)).toBeLessThan(LOGITS_BOUND);
  });
});
