import { gather, input, interpret, vectorJacobian } from "orrery-lm/tensor";
import { expect, it } from "vitest";

it.each([
  ["of all rows that are read", undefined, [1, 1, 2, 2, 0, 0]],
  ["but of the fixed row", 1, [1, 1, 0, 0, 0, 0]],
])("gather gives the gradient %s", (_, fixedRow, expected) => {
  const table = input("table", [3, 2], "float32");
  const ids = input("ids", [3], "int32");
  const ones = input("ones", [3, 2], "float32");
  const [gradient] = vectorJacobian(gather(table, ids, { fixedRow }), ones, [table]);
  const feeds = {
    ids: { dtype: "int32", data: Int32Array.of(1, 0, 1), shape: [3] },
    ones: { dtype: "float32", data: new Float32Array(6).fill(1), shape: [3, 2] },
    table: { dtype: "float32", data: new Float32Array(6), shape: [3, 2] },
  } as const;
  expect([...interpret({ gradient: gradient! }, feeds).gradient.data]).toEqual(expected);
});
