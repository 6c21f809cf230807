import { readFileSync } from "node:fs";
import { GatedMLP, LayerNorm, MLP, deepNorm, type ParameterLookup } from "orrery-lm/nn";
import { constant, interpret, parameter, vectorJacobian, type Value } from "orrery-lm/tensor";
import { expect, it } from "vitest";

interface Golden {
  x: number[];
  upstream: number[];
  y: number[];
  dx: number[];
  weights: Record<string, number[]>;
  gradients: Record<string, number[]>;
}

const goldens = JSON.parse(
  readFileSync(new URL("../../goldens/nn/sublayers.json", import.meta.url), "utf8"),
) as Record<"glu" | "mlp" | "deepNorm", Golden>;

const shapes: Record<string, number[]> = { up: [6, 4], gate: [6, 4], down: [4, 6] };
const options = { hiddenSize: 4, intermediateSize: 6, hasBias: false, std: 1, outputStd: 1 };
const glu = new GatedMLP({ ...options, activation: "sigmoid" });
const mlp = new MLP({ ...options, activation: "gelu" });
const inner = new MLP({ ...options, activation: "relu" });
const norm = new LayerNorm({ size: 4, eps: 1e-5, gain: "none", hasBias: false });

it.each<[keyof typeof goldens, (lookup: ParameterLookup, x: Value) => Value]>([
  ["glu", (lookup, x) => glu.apply(lookup, x)],
  ["mlp", (lookup, x) => mlp.apply(lookup, x)],
  [
    "deepNorm",
    (lookup, x) =>
      deepNorm(1.7).join(x, [
        {
          norm: (y) => norm.apply(lookup, y),
          sublayer: (y) => inner.apply(lookup, y),
          outputNorm: (y) => y,
        },
      ]),
  ],
])("%s is PyTorch's, forward and backward", (name, apply) => {
  const golden = goldens[name];
  const names = Object.keys(golden.weights);
  const weights = Object.fromEntries(
    names.map((part) => [`${part}.weight`, parameter(`${part}.weight`, shapes[part]!)]),
  );
  const x = constant(golden.x, [5, 4]);
  const y = apply((local) => weights[local]!, x);
  const upstream = constant(golden.upstream, [5, 4]);
  const wanted = [x, ...names.map((part) => weights[`${part}.weight`]!)];
  const found = vectorJacobian(y, upstream, wanted);
  const feeds = names.map((part) => [
    `${part}.weight`,
    { data: Float64Array.from(golden.weights[part]!), shape: shapes[part]! },
  ]);
  const outputs = Object.fromEntries([
    ["y", y],
    ...found.map((value, i) => [`d${i}`, value]),
  ]) as Record<string, Value>;
  const result = interpret(outputs, Object.fromEntries(feeds) as Parameters<typeof interpret>[1]);
  const want = [golden.y, golden.dx, ...names.map((part) => golden.gradients[part]!)];
  expect(Object.values(result).map(({ data }) => Array.from(data))).toEqual(
    want.map((row) => row.map((v) => expect.closeTo(v, 10) as unknown)),
  );
});
