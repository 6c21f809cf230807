import {
  branchNorm,
  normedStream,
  parallelNorm,
  parallelNorms,
  postNorm,
  preNorm,
  sandwichNorm,
  type Branch,
  type ResidualTopology,
} from "orrery-lm/nn";
import { constant, interpret, multiply, add, scalar } from "orrery-lm/tensor";
import { expect, it } from "vitest";

// Affine stand-ins, so that every order of them gives another number.
const branch = (norm: number, sublayer: number, outputNorm: number): Branch => ({
  norm: (x) => multiply(x, scalar(norm)),
  sublayer: (x) => add(multiply(x, scalar(sublayer)), scalar(1)),
  outputNorm: (y) => multiply(y, scalar(outputNorm)),
});
const [n1, f1, o1] = [3, 5, 7];
const [n2, f2, o2] = [11, 13, 17];
const branches = [branch(n1, f1, o1), branch(n2, f2, o2)];

/** Applies an update for each branch in turn, to a stream that starts at 2. */
const inTurn = (update: (x: number, n: number, f: (x: number) => number, o: number) => number) =>
  update(
    update(2, n1, (x) => f1 * x + 1, o1),
    n2,
    (x) => f2 * x + 1,
    o2,
  );

it.each<[string, ResidualTopology, number]>([
  ["preNorm: x + f(n(x))", preNorm, inTurn((x, n, f) => x + f(n * x))],
  ["postNorm: n(x + f(x))", postNorm, inTurn((x, n, f) => n * (x + f(x)))],
  ["sandwichNorm: x + o(f(n(x)))", sandwichNorm, inTurn((x, n, f, o) => x + o * f(n * x))],
  ["branchNorm: x + o(f(x))", branchNorm, inTurn((x, _, f, o) => x + o * f(x))],
  ["normedStream: n(x) + f(n(x))", normedStream, inTurn((x, n, f) => n * x + f(n * x))],
  ["parallelNorms: x + Σ f(n(x))", parallelNorms, 2 + (f1 * n1 * 2 + 1) + (f2 * n2 * 2 + 1)],
  [
    "parallelNorm: x + Σ f(h), h = n(x) by the first norm",
    parallelNorm,
    2 + (f1 * n1 * 2 + 1) + (f2 * n1 * 2 + 1),
  ],
])("%s", (_, topology, want) => {
  const y = topology.join(constant([2], [1]), branches);
  expect(interpret({ y }, {}).y.data[0]).toBe(want);
});
