/** The contract of a position encoding, whatever its kind. */
import { random } from "orrery-lm/base";
import {
  SelfAttention,
  type ParameterLookup,
  type Part,
  type PositionEncoding,
  type RotatedSide,
} from "orrery-lm/nn";
import { nativeRuntime } from "orrery-lm/runtime";
import {
  add,
  compile,
  constant,
  input,
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
  /** Whether a layer that sees all tokens cannot tell their order. @default false */
  readonly isBlind?: boolean;
}

const TOKENS = 6;
const START = 2; // of the suffix
const whole = Array.from({ length: TOKENS }, (_, i) => i);

/** Declares the contract's tests for one encoding. */
export function positionEncodingContract(
  name: string,
  { create, createOther, isRelative, isBlind = false }: PositionEncodingCase,
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

    it(`${isBlind ? "permutes" : "does more than permute"} what a layer gives if tokens are permuted`, () => {
      const order = [3, 0, 5, 1, 4, 2];
      const y = rows(layered(create(), whole, false), sizes.hiddenSize);
      const permuted = rows(layered(create(), order, false), sizes.hiddenSize);
      const change = order.flatMap((from, to) =>
        permuted[to]!.map((x, c) => Math.abs(x - y[from]![c]!)),
      );
      expect(Math.max(...change) < 1e-12).toBe(isBlind);
    });

    it("gives more than a permutation under a causal mask", () => {
      // Two tokens change places: what either reads is another text, whatever the encoding.
      const y = rows(layered(create(), whole, true), sizes.hiddenSize);
      const swapped = rows(layered(create(), [0, 1, 2, 3, 5, 4], true), sizes.hiddenSize);
      expect(swapped[4]).not.toEqual(close([y[5]!])[0]);
    });

    it("runs natively as in float64, at two sizes through one session", async () => {
      const native = await nativeRuntime({ threads: 1 });
      const x = input("x", [1, "tokens", sizes.hiddenSize]);
      const y = layer(create(), x, input("positions", [1, "tokens"], "int32"));
      const session = await native.open(compile({ y }));
      for (const count of [3, TOKENS]) {
        const { data } = run(tokens(whole.slice(0, count), count, sizes.hiddenSize));
        const fed = { data: Float32Array.from(data), shape: [1, count, sizes.hiddenSize] };
        const places = {
          data: Int32Array.from({ length: count }, (_, i) => i + 4),
          shape: [1, count],
        };
        const expected = interpret(
          { y },
          {
            x: { data: Float64Array.from(fed.data), shape: fed.shape },
            positions: { data: Float64Array.from(places.data), shape: places.shape },
          },
        ).y.data;
        // oxlint-disable-next-line no-await-in-loop
        const found = await session.run({
          x: { dtype: "float32", ...fed },
          positions: { dtype: "int32", ...places },
        });
        expect([...(found["y"]!.data as Float32Array)]).toEqual(
          [...expected].map((v) => expect.closeTo(v, 4) as number),
        );
      }
      await session.release();
    });
  });
}

/** A layer of attention without a mask, or a causal one, over embedded tokens. */
function layer(encoding: PositionEncoding, x: Value, positions: Value, isCausal = false): Value {
  const { hiddenSize, numHeads, headDim } = sizes;
  const attention = new SelfAttention({
    hiddenSize,
    numHeads,
    numKeyValueHeads: numHeads,
    headDim,
    hasBias: false,
    positions: encoding,
    isCausal,
    std: 1,
    outputStd: 1,
  });
  const own = lookupOf(encoding);
  const embeddings = encoding.embed?.(own, x, positions) ?? x;
  const context = { positions, positionParameters: own, name: "attention" };
  return attention.apply(lookupOf(attention, 0.3), embeddings, context);
}

/** What a layer makes of the tokens in this order, at positions that count from 0. */
function layered(encoding: PositionEncoding, order: readonly number[], isCausal: boolean): NDArray {
  const table = rows(run(tokens(whole, TOKENS, sizes.hiddenSize)), sizes.hiddenSize);
  const x = constant(
    order.flatMap((i) => table[i]!),
    [1, TOKENS, sizes.hiddenSize],
  );
  return run(layer(encoding, x, positionValue(whole), isCausal));
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
  (part: Part, std = 1): ParameterLookup =>
  (name) => {
    const { shape } = part.parameters()[name]!;
    const stream = random(5, name);
    const count = shape.reduce((a, b) => a * b, 1);
    return constant(
      Array.from({ length: count }, () => std * stream.normal()),
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
