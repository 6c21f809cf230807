import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture, inspectModel, languageModelProgram } from "orrery-lm/models";
import { topologicalOrder, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

/** Multiplications and additions in the matrix products of a program, composites opened. */
function operationsOf(outputs: readonly Value[]): number {
  let sum = 0;
  for (const { operation, inputs, attributes, shape } of topologicalOrder(outputs)) {
    if (operation.name === "matmul") {
      const inner = inputs[0]!.shape.at(-1) as number;
      sum += 2 * inner * (shape as number[]).reduce((a, b) => a * b, 1);
    } else if (operation.define && inputs.length > 0) {
      sum += operationsOf([operation.define(inputs, attributes)]) - operationsOf(inputs);
    }
  }
  return sum;
}

describe("work is that of the program", () => {
  it("in matrices to the last operation, and in attention but for the half that is masked", () => {
    const sizes = { vocab_size: 100, hidden_size: 32, intermediate_size: 48 };
    const heads = { num_hidden_layers: 1, num_attention_heads: 4, num_key_value_heads: 2 };
    const config = { model_type: "llama", ...sizes, ...heads };
    const { network } = createArchitecture(new ConfigReader(config));
    const { logits } = languageModelProgram(network, {
      batch: 1,
      tokens: 8,
      hasMask: false,
      hasPositions: false,
      logits: "all",
      hasLabels: false,
    });
    const { work } = inspectModel(new ConfigReader(config), { length: 8 });
    expect(operationsOf([logits!])).toBe(8 * work.matrices + 4 * 32 * 8 * 8);
    expect(8 * work.attention).toBe((4 * 32 * 8 * 9) / 2);
  });
});
