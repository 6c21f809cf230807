import { random } from "orrery-lm/base";
import {
  GatedMLP,
  MixtureOfExperts,
  SigmoidRouter,
  SoftmaxRouter,
  TokenGated,
  loadBalance,
  loadBalancingLoss,
  type ExpertGroups,
  type ParameterLookup,
  type ParameterSpecs,
  type Router,
} from "orrery-lm/nn";
import { nativeRuntime } from "orrery-lm/runtime";
import {
  compile,
  constant,
  gradients,
  input,
  interpret,
  parameter,
  reduceSum,
} from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const [C, F, E, TOKENS] = [4, 3, 6, 5];
const sizes = { hiddenSize: C, intermediateSize: F, hasBias: true, std: 1, outputStd: 1 } as const;
const expert = new GatedMLP({ ...sizes, activation: "silu" });

/** Normal numbers, the same in every run. */
function numbers(specs: ParameterSpecs): Map<string, Float64Array> {
  return new Map(
    Object.entries(specs).map(([name, { shape }]) => {
      const stream = random(1, name);
      const length = shape.reduce((a, b) => a * b, 1);
      return [name, Float64Array.from({ length }, () => Math.fround(stream.normal()))];
    }),
  );
}

const x = numbers({ x: { shape: [TOKENS, C], init: { type: "zeros" }, decay: false } }).get("x")!;
const token = (t: number): Float64Array => x.subarray(t * C, (t + 1) * C);

const times = (matrix: Float64Array, v: Float64Array): number[] =>
  Array.from({ length: matrix.length / v.length }, (_, row) =>
    v.reduce((sum, value, i) => sum + value * matrix[row * v.length + i]!, 0),
  );
const plus = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array =>
  Float64Array.from(a, (value, i) => value + b[i]!);
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Indices of the k largest. */
const best = (scores: readonly number[], k: number): number[] =>
  [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, k);

/** What an expert with these parameters gives for a token. */
function gatedMlp(p: Map<string, Float64Array>, scope: string, v: Float64Array): Float64Array {
  const apply = (name: string, y: Float64Array): Float64Array =>
    plus(times(p.get(`${scope}.${name}.weight`)!, y), p.get(`${scope}.${name}.bias`)!);
  const [gate, up] = [apply("gate", v), apply("up", v)];
  return apply(
    "down",
    gate.map((g, i) => g * sigmoid(g) * up[i]!),
  );
}

const softmax = (logits: readonly number[]): number[] => {
  const weights = logits.map(Math.exp);
  return weights.map((weight) => weight / sum(weights));
};

/** Scores within the best groups of three experts; others fall away. */
const groupedBest = (scores: readonly number[], groups: ExpertGroups): number[] => {
  const size = E / groups.count;
  const worth = Array.from({ length: groups.count }, (_, g) => {
    const own = scores.slice(g * size, (g + 1) * size).toSorted((a, b) => b - a);
    return groups.by === "best" ? own[0]! : own[0]! + own[1]!;
  });
  const open = best(worth, groups.topK);
  return scores.map((score, e) => (open.includes(Math.floor(e / size)) ? score : -Infinity));
};

type Weigh = (
  logits: readonly number[],
  correction: Float64Array | undefined,
) => Map<number, number>;
const common = { hiddenSize: C, numExperts: E, std: 1 };
const two: ExpertGroups = { count: 2, topK: 1, by: "best" };
const three: ExpertGroups = { count: 3, topK: 2, by: "two-best" };

const routers: readonly [string, Router, Weigh][] = [
  [
    "softmax over all, renormalized, as Mixtral and gpt-oss",
    new SoftmaxRouter({ ...common, topK: 2, isNormalized: true, hasBias: true }),
    (logits) => {
      const chosen = best(logits, 2);
      const weights = softmax(chosen.map((e) => logits[e]!));
      return new Map(chosen.map((e, i) => [e, weights[i]!]));
    },
  ],
  [
    "softmax over all, as OLMoE",
    new SoftmaxRouter({ ...common, topK: 3, isNormalized: false }),
    (logits) => new Map(best(logits, 3).map((e) => [e, softmax(logits)[e]!])),
  ],
  [
    "softmax within the best group, scaled, as DeepSeek-V2",
    new SoftmaxRouter({ ...common, topK: 2, isNormalized: false, scale: 4, groups: two }),
    (logits) => {
      const scores = softmax(logits);
      return new Map(best(groupedBest(scores, two), 2).map((e) => [e, 4 * scores[e]!]));
    },
  ],
  [
    "sigmoids with a correction within the best groups, as DeepSeek-V3",
    new SigmoidRouter({ ...common, topK: 3, isNormalized: true, scale: 2.5, groups: three }),
    (logits, correction) => {
      const scores = logits.map(sigmoid);
      const corrected = scores.map((score, e) => score + correction![e]!);
      const chosen = best(groupedBest(corrected, three), 3);
      const total = sum(chosen.map((e) => scores[e]!));
      return new Map(chosen.map((e) => [e, (2.5 * scores[e]!) / total]));
    },
  ],
  [
    "sigmoids as they are",
    new SigmoidRouter({ ...common, topK: 2, isNormalized: false, scale: 1, groups: three }),
    (logits, correction) => {
      const scores = logits.map(sigmoid);
      const corrected = scores.map((score, e) => score + correction![e]!);
      return new Map(best(groupedBest(corrected, three), 2).map((e) => [e, scores[e]!]));
    },
  ],
];

describe.each(routers)("%s", (_, router, weigh) => {
  const moe = new MixtureOfExperts({ router, expert, shared: expert });
  const specs = moe.parameters();
  const p = numbers(specs);
  const lookup: ParameterLookup = (name) => parameter(name, specs[name]!.shape);
  const feeds = Object.fromEntries(
    [...p].map(([name, data]) => [name, { data, shape: specs[name]!.shape }]),
  );
  const program = (tokens: number | string) =>
    moe.apply(lookup, input("x", [1, tokens, C]), "layers.0.ffn");

  it("weighs what the chosen experts give, and adds the shared one", () => {
    const { y } = interpret(
      { y: program("tokens") },
      { ...feeds, x: { data: x, shape: [1, TOKENS, C] } },
    );
    for (let t = 0; t < TOKENS; t++) {
      const bias = p.get("router.bias");
      const products = times(p.get("router.weight")!, token(t));
      const logits = bias ? [...plus(products, bias)] : products;
      let want = gatedMlp(p, "shared", token(t));
      for (const [e, weight] of weigh(logits, p.get("router.correction"))) {
        want = plus(
          want,
          gatedMlp(p, `experts.${e}`, token(t)).map((v) => weight * v),
        );
      }
      const got = y.data.subarray(t * C, (t + 1) * C);
      got.forEach((value, i) => expect(value).toBeCloseTo(want[i]!, 10));
    }
  });

  it("gives gradients as central differences, zero for experts that nobody chose", () => {
    const values = Object.entries(specs).map(([name, { shape }]) => parameter(name, shape));
    const byName = new Map(values.map((value, i) => [Object.keys(specs)[i]!, value]));
    const y = moe.apply((name) => byName.get(name)!, input("x", [1, 1, C]), "layers.0.ffn");
    const loss = reduceSum(y, [0, 1, 2]);
    const found = gradients(loss, values);
    const at = { ...feeds, x: { data: token(0), shape: [1, 1, C] } };
    const names = Object.keys(specs);
    const outputs = Object.fromEntries(names.map((name, i) => [name, found[i]!]));
    const got = interpret(outputs, at);
    const lossAt = (name: string, data: Float64Array): number =>
      interpret({ loss }, { ...at, [name]: { data, shape: specs[name]!.shape } }).loss.data[0]!;
    for (const name of names) {
      const data = p.get(name)!;
      const moved = (offset: number): number => lossAt(name, data.with(0, data[0]! + offset));
      const want = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      expect(got[name]!.data[0], name).toBeCloseTo(want, 6);
    }
    const isIdle = (e: number): boolean => got[`experts.${e}.down.bias`]!.data[0] === 0;
    expect([...Array(E).keys()].filter(isIdle).length).toBeGreaterThanOrEqual(E - 3);
  });

  it("runs on onnxruntime as in the interpreter, at several lengths in one session", async () => {
    const runtime = await nativeRuntime({ threads: 1 });
    const outputs = { y: program("tokens") };
    const data = new Map([...p].map(([name, values]) => [name, Float32Array.from(values)]));
    const session = await runtime.open(compile(outputs, { parameters: "initializers", data }));
    for (const length of [TOKENS, 1, 3]) {
      const own = x.slice(0, length * C);
      const shape = [1, length, C];
      const { y } = await session.run({
        x: { dtype: "float32", data: Float32Array.from(own), shape },
      });
      const want = interpret(outputs, { ...feeds, x: { data: own, shape } }).y.data;
      want.forEach((value, i) => expect(y!.data[i]).toBeCloseTo(value, 4));
    }
    await session.release();
  });
});

it("gates a network by a number for each token", () => {
  const part = new TokenGated({ hiddenSize: C, ffn: expert, std: 1 });
  const specs = part.parameters();
  const p = numbers(specs);
  const y = part.apply(
    (name) => constant(p.get(name)!, specs[name]!.shape),
    constant(x, [TOKENS, C]),
    "ffn",
  );
  const { data } = interpret({ y }, {}).y;
  for (let t = 0; t < TOKENS; t++) {
    const gate = sigmoid(times(p.get("gate.weight")!, token(t))[0]!);
    const want = gatedMlp(p, "ffn", token(t)).map((v) => gate * v);
    want.forEach((value, i) => expect(data[t * C + i]).toBeCloseTo(value, 10));
  }
});

describe("the load-balancing loss", () => {
  const even = [0.25, 0.25, 0.25, 0.25];
  it.each<[string, number[][], boolean[][], number]>([
    [
      "is the number of choices for an even load",
      [even, even],
      [
        [true, true, false, false],
        [false, false, true, true],
      ],
      2,
    ],
    [
      "is as large as it can be when one expert gets everything",
      [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
      ],
      [
        [true, false, false, false],
        [true, false, false, false],
      ],
      4,
    ],
    // 4 · (1 · 0.55 + 1/2 · 0.2 + 1/2 · 0.15): shares [1, 1/2, 1/2, 0].
    [
      "weighs shares by mean scores",
      [
        [0.6, 0.3, 0.1, 0],
        [0.5, 0.1, 0.2, 0.2],
      ],
      [
        [true, true, false, false],
        [true, false, true, false],
      ],
      4 * (0.55 + 0.1 + 0.075),
    ],
  ])("%s", (_, scores, chosen, want) => {
    expect(loadBalance(scores, chosen)).toBeCloseTo(want, 12);
    const shape = [scores.length, 4];
    const routing = {
      scores: constant(scores.flat(), shape),
      weights: constant(scores.flat(), shape),
      chosen: constant(chosen.flat().map(Number), shape, "bool"),
    };
    const { loss } = interpret({ loss: loadBalancingLoss(routing) }, {});
    expect(loss.data[0]).toBeCloseTo(want, 12);
  });
});
