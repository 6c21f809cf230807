import { random } from "orrery-lm/base";
import {
  ShawTerms,
  TransformerXlTerms,
  relativeShift,
  shawIndex,
  type ParameterLookup,
  type RelativeTerms,
} from "orrery-lm/nn";
import { nativeRuntime } from "orrery-lm/runtime";
import {
  attention,
  compile,
  constant,
  input,
  interpret,
  vectorJacobian,
  type NDArray,
  type Value,
} from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const [HEADS, DIM, WIDTH, CLIP, SCALE] = [3, 4, 6, 2, 0.5];

const numbers = (name: string, shape: readonly number[]): NDArray => {
  const stream = random(7, name);
  const length = shape.reduce((a, b) => a * b, 1);
  return { data: Float64Array.from({ length }, () => Math.fround(stream.normal())), shape };
};
const kinds: [string, RelativeTerms][] = [
  ["ShawTerms", new ShawTerms({ headDim: DIM, maxDistance: CLIP, std: 1 })],
  [
    "TransformerXlTerms",
    new TransformerXlTerms({ hiddenSize: WIDTH, numHeads: HEADS, headDim: DIM, std: 1 }),
  ],
];

/** Attention with the terms: its program over inputs, for queries that are the last of the keys. */
function program(terms: RelativeTerms, queryCount: number | string, keyCount: number | string) {
  const of = (name: string, tokens: number | string): Value =>
    input(name, [1, HEADS, 1, tokens, DIM]);
  const parameters = Object.entries(terms.parameters()).map(
    ([name, { shape }]) => [name, input(name, shape)] as const,
  );
  const values = Object.fromEntries(parameters);
  const lookup: ParameterLookup = (name) => values[name]!;
  const scope = { scale: SCALE, network: lookup, attention: lookup };
  const inputs: Record<string, Value> = {
    ...values,
    queries: of("queries", queryCount),
    keys: of("keys", keyCount),
    values: of("values", keyCount),
  };
  const result = attention({
    queries: inputs["queries"]!,
    keys: inputs["keys"]!,
    values: inputs["values"]!,
    scale: SCALE,
    isCausal: true,
    bias: terms.bias(lookup, scope),
    valueTerm: terms.read?.(lookup),
    positions: {
      queries: input("queryPositions", [1, queryCount], "int32"),
      keys: input("keyPositions", [1, keyCount], "int32"),
    },
    name: "attention",
  });
  return { inputs, result };
}

function feeds(terms: RelativeTerms, queryCount: number, keyCount: number, start = 0) {
  const tail = (array: NDArray): NDArray => {
    const rows = Array.from({ length: HEADS }, (_, h) =>
      array.data.slice((h * keyCount + keyCount - queryCount) * DIM, (h + 1) * keyCount * DIM),
    );
    const data = Float64Array.from(rows.flatMap((row) => [...row]));
    return { data, shape: [1, HEADS, 1, queryCount, DIM] };
  };
  const full = (name: string): NDArray => numbers(name, [1, HEADS, 1, keyCount, DIM]);
  const places = Float64Array.from({ length: keyCount }, (_, i) => start + i);
  return {
    ...Object.fromEntries(
      Object.entries(terms.parameters()).map(([name, { shape }]) => [name, numbers(name, shape)]),
    ),
    queries: tail(full("queries")),
    keys: full("keys"),
    values: full("values"),
    queryPositions: { data: places.slice(keyCount - queryCount), shape: [1, queryCount] },
    keyPositions: { data: places, shape: [1, keyCount] },
  } satisfies Record<string, NDArray>;
}

const run = (terms: RelativeTerms, queries: number, keys: number, start = 0): number[] => [
  ...interpret({ y: program(terms, queries, keys).result }, feeds(terms, queries, keys, start)).y
    .data,
];
const near = (values: readonly number[], digits = 9): unknown[] =>
  values.map((x) => expect.closeTo(x, digits) as unknown);

/** The papers' equations, pair by pair. */
function byTheBook(name: string, fed: Record<string, NDArray>, tokens: number): number[] {
  const at = (of: string, h: number, t: number): number[] =>
    Array.from(fed[of]!.data.slice((h * tokens + t) * DIM, (h * tokens + t + 1) * DIM));
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x + b[i]!);
  const row = (of: string, r: number, width = DIM): number[] =>
    Array.from(fed[of]!.data.slice(r * width, (r + 1) * width));
  return Array.from({ length: HEADS }, (_, h) =>
    Array.from({ length: tokens }, (__, i) => {
      const scores = Array.from({ length: i + 1 }, (___, j) => {
        const [q, k] = [at("queries", h, i), at("keys", h, j)];
        if (name === "ShawTerms")
          return SCALE * dot(q, plus(k, row("key.weight", shawIndex(i, j, CLIP))));
        const waves = [Math.sin, Math.cos].flatMap((wave) =>
          [0, 1, 2].map((c) => wave((i - j) * 10_000 ** ((-2 * c) / WIDTH))),
        );
        const relative = Array.from({ length: DIM }, (____, d) =>
          dot(row("projection.weight", h * DIM + d, WIDTH), waves),
        );
        const [u, v] = [row("contentBias", h), row("positionBias", h)];
        return SCALE * (dot(plus(q, u), k) + dot(plus(q, v), relative));
      });
      const sum = scores.reduce((total, s) => total + Math.exp(s), 0);
      return scores
        .map((s, j) => {
          const value = at("values", h, j);
          const read =
            name === "ShawTerms" ? plus(value, row("value.weight", shawIndex(i, j, CLIP))) : value;
          return read.map((x) => (x * Math.exp(s)) / sum);
        })
        .reduce(plus);
    }).flat(),
  ).flat();
}

describe.each(kinds)("%s", (name, terms) => {
  it("is the paper's equation", () => {
    expect(run(terms, 6, 6)).toEqual(near(byTheBook(name, feeds(terms, 6, 6), 6)));
  });

  it("depends on distances only", () => {
    expect(run(terms, 6, 6, 100)).toEqual(near(run(terms, 6, 6)));
  });

  it("gives the last queries what all give there", () => {
    const whole = run(terms, 6, 6);
    const tail = [0, 1, 2].flatMap((h) => whole.slice((h * 6 + 4) * DIM, (h + 1) * 6 * DIM));
    expect(run(terms, 2, 6)).toEqual(near(tail));
  });

  it("has the gradient of central differences", () => {
    const { inputs, result } = program(terms, 4, 4);
    const names = [...Object.keys(terms.parameters()), "queries", "keys", "values"];
    const upstream = numbers("upstream", [1, HEADS, 1, 4, DIM]);
    const weights = constant(upstream.data, upstream.shape);
    const found = vectorJacobian(
      result,
      weights,
      names.map((n) => inputs[n]!),
    );
    const fed: Record<string, NDArray> = feeds(terms, 4, 4);
    const gradients = interpret(Object.fromEntries(names.map((n, i) => [n, found[i]!])), fed);
    const loss = (feed: Record<string, NDArray>): number =>
      interpret({ y: result }, feed).y.data.reduce((s, x, i) => s + x * upstream.data[i]!, 0);
    for (const n of names) {
      const array = fed[n]!;
      for (let i = 0; i < array.data.length; i += 3) {
        const shifted = (by: number): number =>
          loss({ ...fed, [n]: { ...array, data: array.data.with(i, array.data[i]! + by) } });
        expect(gradients[n]!.data[i]).toBeCloseTo((shifted(1e-5) - shifted(-1e-5)) / 2e-5, 6);
      }
    }
  });

  it("runs natively as in float64, at two sizes through one session", async () => {
    const native = await nativeRuntime();
    const { result } = program(terms, "tokens", "tokens");
    const session = await native.open(compile({ y: result }));
    for (const tokens of [5, 9]) {
      const fed: Record<string, NDArray> = feeds(terms, tokens, tokens);
      const { y } = await session.run(
        Object.fromEntries(
          Object.entries(fed).map(([n, { data, shape }]) => [
            n,
            n.endsWith("Positions")
              ? { dtype: "int32" as const, data: Int32Array.from(data), shape }
              : { dtype: "float32" as const, data: Float32Array.from(data), shape },
          ]),
        ),
      );
      expect([...(y!.data as Float32Array)]).toEqual(near(run(terms, tokens, tokens), 5));
    }
    await session.release();
  });
});

describe("relativeShift", () => {
  it("is the gather by distance, up to the diagonal", () => {
    // Columns of the input are distances 4 … 0; the last query is at the last key.
    const rows = [0, 1, 2, 3, 4].map((i) => [4, 3, 2, 1, 0].map((distance) => 10 * i + distance));
    relativeShift(rows).forEach((row, i) => {
      expect(row.slice(0, i + 1)).toEqual(
        Array.from({ length: i + 1 }, (_, j) => 10 * i + (i - j)),
      );
    });
  });

  it("lines up fewer queries than keys by the last", () => {
    const rows = [0, 1].map((i) => [4, 3, 2, 1, 0].map((distance) => 10 * i + distance));
    expect(relativeShift(rows)[1]).toEqual([14, 13, 12, 11, 10]);
    expect(relativeShift(rows)[0]!.slice(0, 4)).toEqual([3, 2, 1, 0]);
  });
});

describe("shawIndex", () => {
  it.each([
    [5, 5, 2],
    [5, 4, 1],
    [9, 0, 0],
    [0, 1, 3],
    [0, 9, 4],
  ])("of query %i and key %i is %i", (query, key, row) => {
    expect(shawIndex(query, key, 2)).toBe(row);
  });
});
