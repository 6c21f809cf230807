/** Transformer-XL's memory: keys and values of the segment before are given, so no gradient flows there. */
import { random } from "orrery-lm/base";
import {
  SelfAttention,
  TransformerXlTerms,
  noPositions,
  type KeyValueCache,
  type SequenceContext,
} from "orrery-lm/nn";
import {
  constant,
  input,
  interpret,
  vectorJacobian,
  type NDArray,
  type Value,
} from "orrery-lm/tensor";
import { expect, it } from "vitest";

const [WIDTH, HEADS, SEGMENT] = [8, 2, 3];
const headDim = WIDTH / HEADS;
const attention = new SelfAttention({
  hiddenSize: WIDTH,
  numHeads: HEADS,
  numKeyValueHeads: HEADS,
  headDim,
  hasBias: false,
  positions: noPositions,
  relative: new TransformerXlTerms({ hiddenSize: WIDTH, numHeads: HEADS, headDim, std: 1 }),
  isCausal: true,
  std: 1,
  outputStd: 1,
});
const normal = (name: string, shape: readonly number[]): NDArray => {
  const stream = random(6, name);
  const length = shape.reduce((a, b) => a * b, 1);
  return { data: Float64Array.from({ length }, () => 0.5 * stream.normal()), shape };
};
const specs = Object.entries(attention.parameters());
const parameters = Object.fromEntries(specs.map(([name, { shape }]) => [name, input(name, shape)]));
const numbers = Object.fromEntries(specs.map(([name, { shape }]) => [name, normal(name, shape)]));
const lookup = (name: string): Value => parameters[name]!;
const at = (first: number, count: number): Value =>
  constant(
    Array.from({ length: count }, (_, i) => first + i),
    [1, count],
    "int32",
  );
const value = ({ data, shape }: NDArray): Value => constant(data, shape);

/** Reads a text, and says which keys and values it has made; what was read before is given. */
function read(x: Value, first: number, given?: { keys: Value; values: Value }) {
  const count = x.shape[1] as number;
  let made: { keys: Value; values: Value } | undefined;
  const kept = given?.keys.shape[3] as number | undefined;
  const positions = at(0, kept ?? 1);
  const cache: KeyValueCache = {
    positions,
    exchange(_name, keys, values) {
      made = { keys, values };
      return {
        keys: given?.keys ?? constant(new Float64Array(WIDTH), [1, HEADS, 1, 1, headDim]),
        values: given?.values ?? constant(new Float64Array(WIDTH), [1, HEADS, 1, 1, headDim]),
        positions,
        mask: constant(
          Array.from({ length: kept ?? 1 }, () => (kept === undefined ? 0 : 1)),
          [1, kept ?? 1],
          "bool",
        ),
        length: constant([kept ?? 0], [1], "int32"),
      };
    },
  };
  const context: SequenceContext = { positions: at(first, count), cache, name: "attention" };
  const y = attention.apply(lookup, x, context);
  return { y, made: made! };
}

const text = normal("text", [1, 2 * SEGMENT, WIDTH]);
const part = (from: number): Value =>
  value({
    data: text.data.slice(from * WIDTH, (from + SEGMENT) * WIDTH),
    shape: [1, SEGMENT, WIDTH],
  });
const upstream = value(normal("upstream", [1, SEGMENT, WIDTH]));

it("reads a segment behind a memory as it stands in the whole text", () => {
  const whole = attention.apply(lookup, value(text), {
    positions: at(0, 2 * SEGMENT),
    name: "attention",
  });
  const { keys, values } = interpret({ ...read(part(0), 0).made }, numbers);
  const { y } = read(part(SEGMENT), SEGMENT, { keys: value(keys!), values: value(values!) });
  const found = interpret({ whole, y }, numbers);
  expect([...found.y.data]).toEqual(
    Array.from(found.whole.data.slice(SEGMENT * WIDTH), (v) => expect.closeTo(v, 10) as number),
  );
});

it("stops the gradient at the memory, and there only", () => {
  const stored = interpret({ ...read(part(0), 0).made }, numbers);
  const memory = { keys: value(stored.keys!), values: value(stored.values!) };
  const stopped = read(part(SEGMENT), SEGMENT, memory).y;
  const flowing = read(part(SEGMENT), SEGMENT, read(part(0), 0).made).y; // as if it were not
  const names = ["key.weight", "value.weight", "query.weight", "relative.contentBias"];
  const gradientsOf = (y: Value): NDArray[] => {
    const found = vectorJacobian(
      y,
      upstream,
      names.map((name) => lookup(name)),
    );
    const values = Object.fromEntries(names.map((name, i) => [name, found[i]!]));
    const results = interpret(values, numbers);
    return names.map((name) => results[name]!);
  };
  const [ours, theirs] = [gradientsOf(stopped), gradientsOf(flowing)];
  // Central differences with the memory held fast.
  const loss = (change: Record<string, NDArray>): number =>
    interpret({ y: stopped }, { ...numbers, ...change }).y.data.reduce(
      (sum, v, i) => sum + v * toOutput[i]!,
      0,
    );
  const toOutput = normal("upstream", [1, SEGMENT, WIDTH]).data;
  names.forEach((name, n) => {
    const { data, shape } = numbers[name]!;
    for (let i = 0; i < data.length; i += 7) {
      const moved = (by: number): number =>
        loss({ [name]: { data: Float64Array.from(data).with(i, data[i]! + by), shape } });
      expect(ours[n]!.data[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
    }
    const difference = ours[n]!.data.reduce(
      (most, v, i) => Math.max(most, Math.abs(v - theirs[n]!.data[i]!)),
      0,
    );
    // Queries and their vectors do not reach back through keys; keys and values do.
    expect(difference > 1e-6).toBe(name === "key.weight" || name === "value.weight");
  });
});
