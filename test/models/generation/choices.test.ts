import { candidates } from "orrery-lm/models";
import { describe, expect, it } from "vitest";
import { golden } from "./golden.ts";

describe("which tokens may be drawn", () => {
  it.each(
    golden.choices.map((row, i) => ({ ...row, name: `${i} ${JSON.stringify(row.options)}` })),
  )("is what transformers says: $name", ({ logits, options, ids, probabilities }) => {
    const found = candidates(Float32Array.from(logits), golden.seen, options);
    expect(Array.from(found.ids)).toEqual(ids);
    found.probabilities.forEach((p, i) => expect(p).toBeCloseTo(probabilities[i]!, 5));
  });

  it("keeps as many of equal tokens as topP needs, the first of them", () => {
    const { ids } = candidates(new Float32Array(8), [], { topP: 0.5 });
    expect(Array.from(ids)).toEqual([0, 1, 2, 3]);
  });

  it("keeps all that are as likely as the last of topK", () => {
    const { ids } = candidates(Float32Array.of(1, 3, 2, 2, 0), [], { topK: 2 });
    expect(Array.from(ids)).toEqual([1, 2, 3]);
  });

  it.each([1, 2, 7, 500, 999, 1000])("finds the %d likeliest of a thousand", (topK) => {
    const logits = Float32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1009);
    const { ids } = candidates(logits, [], { topK });
    const least = logits.toSorted().at(-topK)!;
    expect(Array.from(ids)).toEqual([...logits.keys()].filter((id) => logits[id]! >= least));
  });

  it.each([
    ["minP 1 among equals", Float32Array.of(2, 2, 2), { minP: 1 }],
    ["a topP that nothing is left out of", Float32Array.of(0, 50, 100), { topP: 1 }],
    ["temperatures that overflow", Float32Array.of(1e30, -1e30, 0), { temperature: 1e-9 }],
  ])("gives probabilities that add up to one: %s", (_, logits, options) => {
    const { probabilities } = candidates(logits, [], options);
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10);
  });
});
