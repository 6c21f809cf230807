import { ConfigError, random } from "orrery-lm/base";
import {
  AlibiBias,
  RotaryEmbedding,
  SelfAttention,
  noPositions,
  type PositionEncoding,
} from "orrery-lm/nn";
import { constant, interpret } from "orrery-lm/tensor";
import { expect, it } from "vitest";

const [HIDDEN, HEADS, HEAD_DIM, TOKENS] = [6, 4, 2, 5];

interface Setup {
  numKeyValueHeads: number;
  positions?: PositionEncoding;
  isCausal?: boolean;
  window?: number;
  sinkTokens?: number;
}

function attentionOf({
  numKeyValueHeads,
  positions = noPositions,
  isCausal = true,
  ...sight
}: Setup) {
  return new SelfAttention({
    ...sight,
    hiddenSize: HIDDEN,
    numHeads: HEADS,
    numKeyValueHeads,
    headDim: HEAD_DIM,
    hasBias: true,
    positions,
    isCausal,
    std: 0.02,
    outputStd: 0.01,
  });
}

type Numbers = Readonly<Record<string, readonly number[]>>;

function draw(attention: SelfAttention): Numbers {
  const entries = Object.entries(attention.parameters()).map(([name, { shape }]) => {
    const stream = random(3, name);
    const count = shape.reduce((a, b) => a * b, 1);
    return [name, Array.from({ length: count }, () => stream.normal())];
  });
  return Object.fromEntries(entries) as Numbers;
}

const inputs = (): number[] => {
  const stream = random(8, "x");
  return Array.from({ length: TOKENS * HIDDEN }, () => stream.normal());
};

function apply(attention: SelfAttention, numbers: Numbers, x: number[] = inputs()): number[] {
  const specs = attention.parameters();
  const tokens = x.length / HIDDEN;
  const value = attention.apply(
    (name) => constant(numbers[name]!, specs[name]!.shape),
    constant(x, [1, tokens, HIDDEN]),
    { name: "layers.0", positions: constant([...Array(tokens).keys()], [1, tokens], "int32") },
  );
  const { data, shape } = interpret({ value }, {}).value;
  expect(shape).toEqual([1, tokens, HIDDEN]);
  return Array.from(data);
}

/** Each key/value head repeated for the query heads that read it. */
function repeated(rows: readonly number[], heads: number): number[] {
  const size = rows.length / heads;
  return Array.from({ length: HEADS }, (_, head) => {
    const from = Math.floor((head * heads) / HEADS) * size;
    return rows.slice(from, from + size);
  }).flat();
}

it("declares its parameters, fewer for shared heads", () => {
  const specs = attentionOf({ numKeyValueHeads: 2 }).parameters();
  const shapes = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [name, shape]),
  );
  expect(shapes).toEqual({
    "query.weight": [8, 6],
    "query.bias": [8],
    "key.weight": [4, 6],
    "key.bias": [4],
    "value.weight": [4, 6],
    "value.bias": [4],
    "output.weight": [6, 8],
    "output.bias": [6],
  });
  expect(specs["query.weight"]!.init).toEqual({ type: "normal", std: 0.02 });
  expect(specs["output.weight"]!.init).toEqual({ type: "normal", std: 0.01 });
});

const encodings: [string, (heads: number) => PositionEncoding][] = [
  ["no positions", () => noPositions],
  ["RoPE", () => new RotaryEmbedding({ headDim: HEAD_DIM })],
  ["ALiBi", (heads) => new AlibiBias({ numHeads: HEADS, numKeyValueHeads: heads })],
];

it.each(
  encodings.flatMap(([name, create]) => [1, 2].map((heads) => [name, heads, create] as const)),
)("with %s and %i key/value heads equals full heads that repeat them", (_, heads, create) => {
  const grouped = attentionOf({ numKeyValueHeads: heads, positions: create(heads) });
  const full = attentionOf({ numKeyValueHeads: HEADS, positions: create(HEADS) });
  const numbers = draw(grouped);
  const wide = Object.entries(numbers).map(([name, rows]) => [
    name,
    /^(key|value)/.test(name) ? repeated(rows, heads) : rows,
  ]);
  const got = apply(grouped, numbers);
  const want = apply(full, Object.fromEntries(wide) as Numbers);
  expect(got).toEqual(want.map((x) => expect.closeTo(x, 12) as number));
});

it.each([true, false])("lets no token see later ones if causal (%s)", (isCausal) => {
  const attention = attentionOf({ numKeyValueHeads: 2, isCausal });
  const x = inputs();
  const other = x.map((value, i) => (i < 4 * HIDDEN ? value : -value));
  const [a, b] = [x, other].map((input) =>
    apply(attention, draw(attention), input).slice(0, 4 * HIDDEN),
  );
  const change = Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)));
  expect(change < 1e-12).toBe(isCausal);
});

it("gives a lone token its own value, projected", () => {
  const attention = attentionOf({ numKeyValueHeads: HEADS });
  const numbers = draw(attention);
  const x = inputs().slice(0, HIDDEN);
  const linear = (name: string, input: number[]): number[] =>
    numbers[`${name}.bias`]!.map((bias, row) =>
      input.reduce(
        (sum, v, i) => sum + v * numbers[`${name}.weight`]![row * input.length + i]!,
        bias,
      ),
    );
  const want = linear("output", linear("value", x));
  expect(apply(attention, numbers, x)).toEqual(want.map((y) => expect.closeTo(y, 12) as number));
});

it("refuses heads that do not divide into groups", () => {
  expect(() => attentionOf({ numKeyValueHeads: 3 })).toThrow(ConfigError);
  expect(() => attentionOf({ numKeyValueHeads: 3 })).toThrow(
    "SelfAttention: numHeads 4 is not divisible by numKeyValueHeads 3",
  );
});

it("sees its window, and the first tokens beside it", () => {
  const plain = attentionOf({ numKeyValueHeads: 4 });
  const numbers = draw(plain);
  const x = inputs();
  const changed = x.map((value, i) => (i < HIDDEN ? value + 1 : value));
  const last = (y: readonly number[]): readonly number[] => y.slice(-HIDDEN);
  const read = (sight: Partial<Setup>, input: number[]): readonly number[] =>
    last(apply(attentionOf({ numKeyValueHeads: 4, ...sight }), numbers, input));
  // The last token does not see the first one, four places behind, unless it is kept in sight.
  expect(read({ window: 4 }, changed)).toEqual(read({ window: 4 }, x));
  expect(read({ window: 5 }, changed)).not.toEqual(read({ window: 5 }, x));
  expect(read({ window: 4, sinkTokens: 1 }, x)).toEqual(last(apply(plain, numbers, x)));
});
