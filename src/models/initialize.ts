/** The numbers that a model starts with. */

import { random } from "orrery-lm/base";
import type { ParameterSpecs } from "orrery-lm/nn";

/**
 * Draws every parameter from its declaration. A parameter's numbers depend on the seed and its
 * name only, so two models that share a part's name and shape start it equally.
 */
export function initialize(specs: ParameterSpecs, seed: number): Map<string, Float32Array> {
  return new Map(
    Object.entries(specs).map(([name, { shape, init }]) => {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      if (init.type === "ones") data.fill(1);
      if (init.type === "normal") random(seed, "init", name).fillNormal(data, init.std);
      return [name, data];
    }),
  );
}

/** How many numbers are learned: in all, and without token and position tables. */
export function countParameters(specs: ParameterSpecs): { total: number; embedding: number } {
  let total = 0;
  let embedding = 0;
  for (const [name, { shape }] of Object.entries(specs)) {
    const size = shape.reduce((a, b) => a * b, 1);
    total += size;
    if (name === "embedding.weight" || name === "positions.weight") embedding += size;
  }
  return { total, embedding };
}
