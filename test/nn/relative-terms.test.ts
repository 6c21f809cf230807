import { random } from "orrery-lm/base";
import {
  CrossAttention,
  DisentangledTable,
  DisentangledTerms,
  LayerNorm,
  TransformerXlTerms,
  disentangledBucket,
  type ParameterLookup,
  type Part,
  type SequenceContext,
} from "orrery-lm/nn";
import { constant, interpret, type Value } from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const [heads, headDim, hiddenSize, std] = [2, 3, 6, 1];
const queries = [4, 5, 9];
const keys = [0, 3, 5, 9, 30];

function numbers(name: string, count: number): number[] {
  const stream = random(7, name);
  return Array.from({ length: count }, () => stream.normal());
}

const drawn = (name: string, shape: number[]): Value =>
  constant(
    numbers(
      name,
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  );

const lookupOf =
  (part: Part, scope: string): ParameterLookup =>
  (name) =>
    drawn(`${scope}.${name}`, [...part.parameters()[name]!.shape]);

const values = (value: Value): number[] => [...interpret({ value }, {}).value.data];

const part = {
  queries: drawn("queries", [1, heads, 1, queries.length, headDim]),
  keys: drawn("keys", [1, heads, 1, keys.length, headDim]),
  queryPositions: constant(queries, [1, queries.length], "int32"),
  keyPositions: constant(keys, [1, keys.length], "int32"),
};

/** What the formula gives for each head, query and key, one by one. */
function oracle(score: (head: number, query: number, key: number) => number): unknown[] {
  const pairs = queries.flatMap((_, i) => keys.map((_key, j) => [i, j] as const));
  return Array.from({ length: heads }, (_, h) => pairs.map(([i, j]) => score(h, i, j)))
    .flat()
    .map((x) => expect.closeTo(x, 5) as unknown);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const vector = (data: readonly number[], row: number, size: number): number[] =>
  data.slice(row * size, (row + 1) * size);
/** Rows of a head's channels. */
const ofHead = (data: readonly number[], head: number, count: number, row: number): number[] =>
  vector(data, head * count + row, headDim);

describe("TransformerXlTerms", () => {
  it("are those of a table of distances, read pair by pair", () => {
    const terms = new TransformerXlTerms({ hiddenSize, numHeads: heads, headDim, std });
    const lookup = lookupOf(terms, "terms");
    const bias = terms.bias(lookup, {
      scale: 0.5,
      network: lookup,
      attention: lookup,
    });
    const [q, k] = [values(part.queries), values(part.keys)];
    const [u, v] = [values(lookup("contentBias")), values(lookup("positionBias"))];
    const weight = values(lookup("projection.weight"));
    const expected = oracle((h, i, j) => {
      const distance = queries[i]! - keys[j]!;
      const waves = [0, 1, 2].map((c) => distance * 10_000 ** ((-2 * c) / hiddenSize));
      const place = [...waves.map(Math.sin), ...waves.map(Math.cos)];
      const row = Array.from({ length: headDim }, (_, d) =>
        dot(vector(weight, h * headDim + d, hiddenSize), place),
      );
      const query = ofHead(q, h, queries.length, i);
      const key = ofHead(k, h, keys.length, j);
      const moved = query.map((x, d) => x + v[h * headDim + d]!);
      return 0.5 * (dot(vector(u, h, headDim), key) + dot(moved, row));
    });
    expect(values(bias.compute(part, bias.shared))).toEqual(expected);
  });
});

describe("DisentangledTerms", () => {
  // Of transformers' make_log_bucket_position with 16 buckets and 64 positions.
  it.each([
    [0, 0],
    [7, 7],
    [8, 8],
    [9, 9],
    [-12, -10],
    [20, 12],
    [40, 14],
    [63, 15],
    [-63, -15],
  ])("share buckets by logarithm: %i is in %i", (distance, bucket) => {
    expect(disentangledBucket(distance, { buckets: 16, maxDistance: 64 })).toBe(bucket);
  });

  it.each([
    [true, true, false],
    [true, false, false],
    [false, true, false],
    [true, true, true],
  ])("content asks distance %s, distance content %s, shared %s", (forKeys, forQueries, shares) => {
    const bucket = { buckets: 4, maxDistance: 12 };
    const span = 4;
    const norm = new LayerNorm({ size: hiddenSize, eps: 1e-7 });
    const table = new DisentangledTable({ hiddenSize, span, norm, std });
    const terms = new DisentangledTerms({
      ...bucket,
      table,
      span,
      hiddenSize,
      numHeads: heads,
      headDim,
      contentToPosition: forKeys,
      positionToContent: forQueries,
      sharesProjections: shares,
      std,
    });
    const own = new DisentangledTerms({
      ...bucket,
      table,
      span,
      hiddenSize,
      numHeads: heads,
      headDim,
      contentToPosition: true,
      positionToContent: true,
      sharesProjections: false,
      std,
    });
    const [lookup, network] = [lookupOf(own, "own"), lookupOf(table, "table")];
    const attention = lookupOf(own, "attention");
    const bias = terms.bias(lookup, { scale: 0.3, network, attention });
    const rows = values(table.rows(network));
    const source = shares ? attention : lookup;
    const project = (name: string, row: number, head: number): number[] => {
      const [weight, bias] = [values(source(`${name}.weight`)), values(source(`${name}.bias`))];
      const at = vector(rows, row, hiddenSize);
      return Array.from({ length: headDim }, (_, d) => {
        const channel = head * headDim + d;
        return dot(vector(weight, channel, hiddenSize), at) + bias[channel]!;
      });
    };
    const [q, k] = [values(part.queries), values(part.keys)];
    const expected = oracle((h, i, j) => {
      const place = disentangledBucket(queries[i]! - keys[j]!, bucket) + span;
      const row = Math.max(0, Math.min(2 * span - 1, place));
      const asked = dot(ofHead(q, h, queries.length, i), project("key", row, h));
      const asks = dot(ofHead(k, h, keys.length, j), project("query", row, h));
      return 0.3 * ((forKeys ? asked : 0) + (forQueries ? asks : 0));
    });
    expect(values(bias.compute(part, bias.shared))).toEqual(expected);
  });
});

describe("CrossAttention", () => {
  const cross = new CrossAttention({
    hiddenSize,
    numHeads: heads,
    headDim,
    hasBias: true,
    std,
    outputStd: std,
  });
  const x = drawn("x", [2, 3, hiddenSize]);
  const states = drawn("states", [2, 5, hiddenSize]);
  const positions = constant([0, 1, 2], [1, 3], "int32");
  const apply = (context: Partial<SequenceContext>): number[] =>
    values(cross.apply(lookupOf(cross, "cross"), x, { positions, name: "cross", ...context }));

  it("reads the states that are real, and no others", () => {
    const mask = constant([1, 1, 1, 0, 0, 1, 1, 1, 1, 1], [2, 5], "bool");
    const other = drawn("states", [2, 5, hiddenSize]);
    const changed = constant(
      values(other).map((value, i) => (i >= 3 * hiddenSize && i < 5 * hiddenSize ? 9 : value)),
      [2, 5, hiddenSize],
    );
    const result = apply({ memory: { states, mask } });
    expect(apply({ memory: { states: changed, mask } })).toEqual(result);
    expect(apply({ memory: { states } })).not.toEqual(result);
  });

  it("computes keys and values once where a cache remembers them", () => {
    const exchange = (): never => {
      throw new Error("self-attention only");
    };
    let known:
      | ReturnType<NonNullable<NonNullable<SequenceContext["cache"]>["remember"]>>
      | undefined;
    const cache: SequenceContext["cache"] = {
      positions,
      exchange,
      remember: (_name, compute) => (known ??= compute()),
    };
    const first = apply({ memory: { states }, cache });
    expect(apply({ memory: {}, cache })).toEqual(first);
  });

  it("says that there is nothing to read", () => {
    expect(() => apply({})).toThrow("cross: there are no states of an encoder to read");
  });
});
