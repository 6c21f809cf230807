import { rotate } from "orrery-lm/tensor";
import { fixedInput, floatInput, type OperationCase } from "../../contracts/operation.ts";

const sizes = [
  { batch: 2, tokens: 3 },
  { batch: 1, tokens: 5 },
];

/** Rotations. With five axes and one table of angles they are fused; the others are not. */
export const rotationCases: readonly OperationCase[] = (
  [
    ["one angle each", [2, 3, 4], [2, 3, 2]],
    ["angles shared by heads", ["batch", 2, "tokens", 6], ["tokens", 3]],
    ["one pair", [3, 2], [3, 1]],
    ["no rows", [0, 4], [2]],
    ["one table for all heads", [2, 2, 3, 5, 8], [1, 1, 1, 5, 4]],
    ["one table, symbols", ["batch", 2, 1, "tokens", 6], [1, 1, 1, "tokens", 3]],
    ["one table, one token, one pair", [1, 1, 1, 1, 2], [1, 1, 1, 1, 1]],
    [
      "a table for each row of the batch",
      ["batch", 2, 2, "tokens", 4],
      ["batch", 1, 1, "tokens", 2],
    ],
    ["a table for each head", [1, 3, 1, 4, 4], [1, 3, 1, 4, 2]],
    ["one angle for all tokens", [1, 2, 1, 4, 4], [1, 1, 1, 1, 2]],
  ] as const
).map(([name, shape, angles]) => ({
  of: "rotate",
  name,
  inputs: { x: floatInput(shape), cos: fixedInput(angles), sin: fixedInput(angles) },
  build: ({ x, cos, sin }) => rotate(x!, cos!, sin!),
  ...(typeof shape.at(-2) === "string" && { sizes }),
}));
