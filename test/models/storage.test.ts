import fc from "fast-check";
import { ConfigError, ShapeError } from "orrery-lm/base";
import { packStored, storedShape, unpackStored, type StorageEntry } from "orrery-lm/models";
import type { ParameterSpecs } from "orrery-lm/nn";
import { expect, it } from "vitest";

/** Parameters p0, p1, … of these shapes. */
const specsOf = (...shapes: number[][]): ParameterSpecs =>
  Object.fromEntries(
    shapes.map((shape, i) => [`p${i}`, { shape, init: { type: "zeros" as const }, decay: false }]),
  );
interface StoredNumbers {
  readonly data: number[];
  readonly shape: number[];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((x, y) => x * y, 1);

// The parameters hold 0, 1, 2, … one after another; the file's numbers in order.
it.each<[string, Omit<StorageEntry, "tensor">, number[][], StoredNumbers]>([
  ["as it is", { parameters: ["p0"] }, [[2, 3]], { data: [0, 1, 2, 3, 4, 5], shape: [2, 3] }],
  [
    "transposed",
    { parameters: ["p0"], isTransposed: true },
    [[2, 3]],
    { data: [0, 3, 1, 4, 2, 5], shape: [3, 2] },
  ],
  [
    "stacked",
    { parameters: ["p0", "p1"] },
    [
      [1, 2],
      [2, 2],
    ],
    { data: [0, 1, 2, 3, 4, 5], shape: [3, 2] },
  ],
  [
    "stacked, then transposed",
    { parameters: ["p0", "p1"], isTransposed: true },
    [
      [1, 2],
      [2, 2],
    ],
    { data: [0, 2, 4, 1, 3, 5], shape: [2, 3] },
  ],
  [
    "head by head",
    { parameters: ["p0", "p1"], heads: 2 },
    [
      [2, 2],
      [2, 2],
    ],
    { data: [0, 1, 4, 5, 2, 3, 6, 7], shape: [4, 2] },
  ],
  [
    "under a new first axis",
    { parameters: ["p0", "p1"], groups: 2, isTransposed: true },
    [
      [2, 2],
      [2, 2],
    ],
    { data: [0, 2, 1, 3, 4, 6, 5, 7], shape: [2, 2, 2] },
  ],
  [
    "with rows that alternate",
    { parameters: ["p0", "p1"], heads: 3 },
    [
      [3, 1],
      [3, 1],
    ],
    { data: [0, 3, 1, 4, 2, 5], shape: [6, 1] },
  ],
  [
    "head by head without columns",
    { parameters: ["p0", "p1"], heads: 2 },
    [[2], [2]],
    { data: [0, 2, 1, 3], shape: [4] },
  ],
])("stores parameters %s", (_, layout, shapes, want) => {
  const entry = { tensor: "t", ...layout };
  const specs = specsOf(...shapes);
  let next = 0;
  const parameters = new Map(
    Object.entries(specs).map(([name, spec]) => [
      name,
      Float32Array.from({ length: sizeOf(spec.shape) }, () => next++),
    ]),
  );
  const stored = packStored(entry, parameters, specs);
  expect(stored).toEqual({ data: Float32Array.from(want.data), shape: want.shape });
  expect(unpackStored(entry, stored, specs)).toEqual(parameters);
});

it("gives back every file and every parameter, whatever the shapes", () => {
  const entries = fc.record({
    heads: fc.integer({ min: 1, max: 4 }),
    rowsPerHead: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    columns: fc.option(fc.integer({ min: 1, max: 5 })),
    isTransposed: fc.boolean(),
    isByHead: fc.boolean(),
    groups: fc.option(fc.integer({ min: 1, max: 3 })),
  });
  fc.assert(
    fc.property(entries, ({ heads, rowsPerHead, columns, isTransposed, isByHead, groups }) => {
      const shapes = rowsPerHead.map((rows) =>
        columns === null ? [rows * heads] : [rows * heads, columns],
      );
      const specs = specsOf(...Array.from({ length: groups ?? 1 }, () => shapes).flat());
      const entry: StorageEntry = {
        tensor: "t",
        parameters: Object.keys(specs),
        ...(columns !== null && { isTransposed }),
        ...(isByHead && { heads }),
        ...(groups !== null && { groups }),
      };
      const shape = storedShape(entry, specs);
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => i);
      const unpacked = unpackStored(entry, { data, shape }, specs);
      const numbers = [...unpacked.values()].flatMap((part) => [...part]);
      expect(numbers.toSorted((a, b) => a - b)).toEqual([...data]); // each once
      expect(packStored(entry, unpacked, specs)).toEqual({ data, shape });
    }),
    { seed: 1, numRuns: 300 },
  );
});

it("refuses a tensor of another shape, and parameters without numbers", () => {
  const entry = { tensor: "h.0.w", parameters: ["p0", "p1"], isTransposed: true };
  const specs = specsOf([1, 2], [2, 2]);
  const wrong = { data: new Float32Array(6), shape: [3, 2] };
  expect(() => unpackStored(entry, wrong, specs)).toThrow(ShapeError);
  expect(() => unpackStored(entry, wrong, specs)).toThrow(
    "checkpoint: tensor h.0.w: expected shape [2, 3], got [3, 2]",
  );
  expect(() => packStored(entry, new Map([["p0", new Float32Array(2)]]), specs)).toThrow(
    ConfigError,
  );
  expect(() => packStored(entry, new Map([["p0", new Float32Array(2)]]), specs)).toThrow(
    "there are no numbers for the parameter p1",
  );
});
