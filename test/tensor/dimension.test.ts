import fc from "fast-check";
import {
  addDimensions,
  bindDimension,
  multiplyDimensions,
  resolveDimension,
  sizeOf,
  subtractDimensions,
  type Dimension,
} from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const bindings = { batch: 3, tokens: 7, past: 2 };

/** A dimension and what it is worth under `bindings`. */
const dimensions: fc.Arbitrary<{ dimension: Dimension; value: number }> = fc
  .array(fc.tuple(fc.integer({ min: -3, max: 5 }), fc.subarray(Object.keys(bindings))), {
    maxLength: 4,
  })
  .map((terms) => {
    const parts = terms.map(([coefficient, symbols]) =>
      symbols.reduce<Dimension>(multiplyDimensions, coefficient),
    );
    const values = terms.map(([coefficient, symbols]) =>
      symbols.reduce(
        (product, symbol) => product * bindings[symbol as keyof typeof bindings],
        coefficient,
      ),
    );
    return {
      dimension: parts.reduce<Dimension>(addDimensions, 0),
      value: values.reduce((a, b) => a + b, 0),
    };
  });

describe("dimensions", () => {
  it.each<[Dimension, Dimension]>([
    [addDimensions("past", "tokens"), "past+tokens"],
    [addDimensions("tokens", "past"), "past+tokens"],
    [multiplyDimensions("tokens", "batch"), "batch*tokens"],
    [subtractDimensions("tokens", 1), "tokens-1"],
    [subtractDimensions("past+tokens", "tokens"), "past"],
    [subtractDimensions("tokens", "tokens"), 0],
    [multiplyDimensions(addDimensions("tokens", 1), 2), "2*tokens+2"],
    [sizeOf(["batch", "tokens", 4]), "4*batch*tokens"],
    [sizeOf([]), 1],
  ])("%s is written %s", (dimension, canonical) => {
    expect(dimension).toBe(canonical);
  });

  it("compute as numbers do", () => {
    fc.assert(
      fc.property(dimensions, dimensions, (a, b) => {
        const values: [Dimension, number][] = [
          [addDimensions(a.dimension, b.dimension), a.value + b.value],
          [subtractDimensions(a.dimension, b.dimension), a.value - b.value],
          [multiplyDimensions(a.dimension, b.dimension), a.value * b.value],
        ];
        const counted = values.filter(([, value]) => value >= 0); // none is negative
        expect(counted.map(([dimension]) => bindDimension(dimension, bindings))).toEqual(
          counted.map(([, value]) => value + 0), // not -0
        );
      }),
      { seed: 1 },
    );
  });

  it("have one spelling", () => {
    fc.assert(
      fc.property(dimensions, dimensions, ({ dimension: a }, { dimension: b }) => {
        expect(addDimensions(a, b)).toBe(addDimensions(b, a));
        expect(multiplyDimensions(a, b)).toBe(multiplyDimensions(b, a));
        expect(subtractDimensions(addDimensions(a, b), b)).toBe(a);
      }),
      { seed: 2 },
    );
  });

  it("stay open where a symbol is not bound", () => {
    expect(bindDimension("batch*tokens+past", { batch: 2 })).toBe("past+2*tokens");
    expect(() => resolveDimension("past+tokens", { tokens: 3 })).toThrow(
      "no number is known for past",
    );
  });

  it("are never negative", () => {
    expect(() => bindDimension("tokens-5", { tokens: 3 })).toThrow(
      "expected at least 0 elements, got -2",
    );
  });
});
