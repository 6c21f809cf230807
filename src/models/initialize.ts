/** The numbers that a model starts with. */

import { random, type RandomStream } from "orrery-lm/base";
import type { Initializer, ParameterSpecs } from "orrery-lm/nn";

/**
 * Draws every parameter from its declaration. A parameter's numbers depend on the seed and its
 * name only, so two models that share a part's name and shape start it equally.
 */
export function initialize(specs: ParameterSpecs, seed: number): Map<string, Float32Array> {
  return new Map(
    Object.entries(specs).map(([name, { shape, init }]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, draw(init, size, random(seed, "init", name))];
    }),
  );
}

function draw(init: Initializer, size: number, stream: RandomStream): Float32Array {
  const data = new Float32Array(size);
  switch (init.type) {
    case "zeros":
      return data;
    case "ones":
      return data.fill(1);
    case "constant":
      return data.fill(init.value);
    case "uniform":
      stream.fillUniform(data, -init.limit, init.limit);
      return data;
    case "normal":
      stream.fillNormal(data, init.std);
      return data;
    case "truncated-normal":
      stream.fillNormal(data, init.std);
      return data.map((x) => {
        let kept = x;
        while (Math.abs(kept) > init.bound) kept = init.std * stream.normal();
        return kept;
      });
    default:
      return init satisfies never;
  }
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
