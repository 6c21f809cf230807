/** The contract of a position encoding, whatever its kind. */
import { random } from "orrery-lm/base";
import type { ParameterLookup, PositionEncoding, RotatedSide } from "orrery-lm/nn";
import {
  add,
  constant,
  interpret,
  matmul,
  reshape,
  transpose,
  type NDArray,
  type Value,
} from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

/** The sizes that every encoding of the contract is made for. */
export const sizes = { hiddenSize: 12, numHeads: 3, headDim: 4, maxPositions: 200 } as const;

/** An encoding under the contract. */
export interface PositionEncodingCase {
  readonly create: () => PositionEncoding;
  /** One with other settings, or other numbers of the same settings. */
  readonly createOther: () => PositionEncoding;
  /** Whether attention scores depend on the distance between tokens only. */
  readonly isRelative: boolean;
}

const TOKENS = 6;
const START = 2; // of the suffix
const whole = Array.from({ length: TOKENS }, (_, i) => i);

/** Declares the contract's tests for one encoding. */
export function positionEncodingContract(
  name: string,
  { create, createOther, isRelative }: PositionEncodingCase,
): void {
  describe(`contract of ${name}`, () => {
    it("keeps shapes", () => {
      const encoding = create();
      expect(embedded(encoding, whole).shape).toEqual([1, TOKENS, sizes.hiddenSize]);
      expect(turned(encoding, whole).shape).toEqual([1, sizes.numHeads, 1, TOKENS, sizes.headDim]);
      expect(scores(encoding, whole).shape).toEqual([1, sizes.numHeads, 1, TOKENS, TOKENS]);
    });

    it("gives a suffix with explicit positions what the whole gives there", () => {
      const encoding = create();
      const suffix = whole.slice(START);
      const { hiddenSize, headDim } = sizes;
      const tail = (array: NDArray, width: number): number[][] =>
        close(rows(array, width).filter((_, i) => i % TOKENS >= START));
      expect(rows(embedded(encoding, suffix), hiddenSize)).toEqual(
        tail(embedded(encoding, whole), hiddenSize),
      );
      expect(rows(turned(encoding, suffix), headDim)).toEqual(
        tail(turned(encoding, whole), headDim),
      );
      // Queries of the suffix, keys of the whole: as with a cache.
      expect(rows(scores(encoding, suffix, whole), TOKENS)).toEqual(
        tail(scores(encoding, whole), TOKENS),
      );
    });

    it("is not changed by another instance", () => {
      const [one, other] = [create(), createOther()];
      const before = scores(one, whole).data;
      const others = scores(other, whole).data;
      expect(scores(one, whole).data).toEqual(before);
      expect(scores(other, whole).data).toEqual(others);
      expect(scores(create(), whole).data).toEqual(before);
    });

    it(`sees ${isRelative ? "distances only" : "where a text begins"}`, () => {
      const encoding = create();
      const far = whole.map((position) => position + 100);
      const [near, shifted] = [scores(encoding, whole).data, scores(encoding, far).data];
      const change = near.reduce((worst, x, i) => Math.max(worst, Math.abs(x - shifted[i]!)), 0);
      expect(change < 1e-9).toBe(isRelative);
    });

    it("gives each row of a batch its own positions", () => {
      const encoding = create();
      const late = whole.map((position) => 3 * position + 1);
      const both = rows(scores(encoding, [...whole, ...late]), TOKENS);
      const each = [whole, late].flatMap((own) => rows(scores(encoding, own), TOKENS));
      expect(both).toEqual(close(each));
    });
  });
}

/** Numbers that depend on the token, not on which tokens are there: rows are those of `whole`. */
function tokens(positions: readonly number[], count: number, width: number): Value {
  const stream = random(4, `tokens of ${width}`);
  const all = Array.from({ length: TOKENS * width }, () => stream.normal());
  const first = TOKENS - count;
  const batch = positions.length / count;
  const own = all.slice(first * width);
  return constant(Array.from({ length: batch }, () => own).flat(), [batch, count, width]);
}

/** Positions beyond six are rows of a batch. */
const countOf = (positions: readonly number[]): number => Math.min(positions.length, TOKENS);

function positionValue(positions: readonly number[]): Value {
  const count = countOf(positions);
  return constant(positions, [positions.length / count, count], "int32");
}

const lookupOf =
  (encoding: PositionEncoding): ParameterLookup =>
  (name) => {
    const { shape } = encoding.parameters()[name]!;
    const stream = random(5, name);
    const count = shape.reduce((a, b) => a * b, 1);
    return constant(
      Array.from({ length: count }, () => stream.normal()),
      shape,
    );
  };

function embed(encoding: PositionEncoding, positions: readonly number[]): Value {
  const x = tokens(positions, countOf(positions), sizes.hiddenSize);
  return encoding.embed?.(lookupOf(encoding), x, positionValue(positions)) ?? x;
}

/** Embedded tokens as queries or keys, [B, heads, 1, T, D], turned. */
function turn(
  encoding: PositionEncoding,
  positions: readonly number[],
  side: RotatedSide = "query",
): Value {
  const count = countOf(positions);
  const { numHeads, headDim } = sizes;
  const shape = [positions.length / count, count, numHeads, 1, headDim];
  const heads = transpose(reshape(embed(encoding, positions), shape), [0, 2, 3, 1, 4]);
  const places = positionValue(positions);
  return encoding.rotate?.(heads, places, places, side) ?? heads;
}

const run = (value: Value): NDArray => interpret({ value }, {}).value;
const embedded = (encoding: PositionEncoding, positions: readonly number[]): NDArray =>
  run(embed(encoding, positions));
const turned = (encoding: PositionEncoding, positions: readonly number[]): NDArray =>
  run(turn(encoding, positions));

/** Attention scores before the softmax. */
function scores(
  encoding: PositionEncoding,
  queries: readonly number[],
  keys: readonly number[] = queries,
): NDArray {
  const products = matmul(turn(encoding, queries), turn(encoding, keys, "key"), {
    transposeB: true,
  });
  const bias = encoding.bias?.(lookupOf(encoding));
  if (!bias) return run(products);
  const part = {
    queries: turn(encoding, queries),
    keys: turn(encoding, keys, "key"),
    queryPositions: positionValue(queries),
    keyPositions: positionValue(keys),
  };
  const added = bias.compute(part, bias.shared);
  return run(add(products, added));
}

function rows({ data }: NDArray, width: number): number[][] {
  return Array.from({ length: data.length / width }, (_, i) =>
    Array.from(data.slice(i * width, (i + 1) * width)),
  );
}

const close = (table: number[][]): number[][] =>
  table.map((row) => row.map((x) => expect.closeTo(x, 10) as number));
