/** Rows of a table by index, and adding rows back: each other's gradients. */

import { ShapeError } from "orrery-lm/base";
import { sizeOf, type Dimension } from "../dimension.ts";
import { sizeOfArray, zerosArray } from "../ndarray.ts";
import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype, frontAxis } from "./checks.ts";
import { equal, where } from "./compare.ts";
import { constant, scalar } from "./constant.ts";
import { reshape } from "./reshape.ts";

/** Options of {@link gather}. */
export interface GatherOptions {
  /** A row that is read and gets no gradient from it, as that of padding does in PyTorch. */
  fixedRow?: number | undefined;
}

const gatherOperation: Operation<GatherOptions> = {
  name: "gather",
  infer([table, ids]) {
    expectDtype("gather: ids", ids!, "int32");
    frontAxis("gather: the table", table!, 0);
    return { shape: [...ids!.shape, ...table!.shape.slice(1)], dtype: table!.dtype };
  },
  evaluate([table, ids], _, shape) {
    const result = zerosArray(shape);
    const width = sizeOfArray(table!.shape.slice(1));
    ids!.data.forEach((id, i) => {
      if (id < 0 || id >= table!.shape[0]!)
        throw new ShapeError("gather: an id", [`0…${table!.shape[0]! - 1}`], [id]);
      result.data.set(table!.data.subarray(id * width, (id + 1) * width), i * width);
    });
    return result;
  },
  gradient({ inputs: [table, ids], attributes: { fixedRow } }, dy) {
    if (table!.dtype !== "float32") return [];
    const rows = sizeOf(ids!.shape);
    const width = table!.shape.slice(1);
    const index = reshape(ids!, [rows]);
    let updates = reshape(dy, [rows, ...width]);
    if (fixedRow !== undefined) {
      const isFixed = equal(index, constant([fixedRow], [], "int32"));
      const column = reshape(isFixed, [rows, ...width.map(() => 1)]);
      updates = where(column, scalar(0), updates);
    }
    return [addRows(table!.shape[0]!, index, updates)];
  },
  lower: ({ inputs: [table, ids] }, lowering) =>
    lowering.emit("Gather", [lowering.of(table!), lowering.of(ids!)], { attributes: { axis: 0 } }),
};

const addRowsOperation: Operation<{ rows: Dimension }> = {
  name: "addRows",
  infer([ids, updates], { rows }) {
    expectDtype("addRows: ids", ids!, "int32");
    if (ids!.shape.length !== 1 || updates!.shape[0] !== ids!.shape[0]) {
      throw new ShapeError("addRows: updates", [ids!.shape[0]!, "…"], updates!.shape);
    }
    return { shape: [rows, ...updates!.shape.slice(1)], dtype: "float32" };
  },
  evaluate([ids, updates], _, shape) {
    const result = zerosArray(shape);
    const width = sizeOfArray(shape.slice(1));
    ids!.data.forEach((id, i) => {
      for (let c = 0; c < width; c++) result.data[id * width + c]! += updates!.data[i * width + c]!;
    });
    return result;
  },
  gradient: ({ inputs: [ids] }, dy) => [undefined, gather(dy, ids!)],
  lower({ inputs: [ids, updates], attributes: { rows } }, lowering) {
    const width = updates!.shape.slice(1);
    const zeros = lowering.emit("Expand", [
      lowering.constant("float32", [0], [1]),
      lowering.dimensions([rows, ...width]),
    ]);
    // ScatterElements, not ScatterND: with duplicate ids ScatterND-add races on the CPU.
    const column = lowering.reshape(lowering.of(ids!), ids!.shape, [
      ids!.shape[0]!,
      ...width.map(() => 1),
    ]);
    const values = lowering.of(updates!);
    const shape = lowering.emit("Shape", [values]);
    const index = lowering.emit("Expand", [column, shape]);
    return lowering.emit("ScatterElements", [zeros, index, values], {
      attributes: { axis: 0, reduction: "add" },
    });
  },
};

/**
 * Rows of a table.
 *
 * @param table [V, ...]
 * @param ids [...] int32 in [0, V)
 * @returns [...ids, ...row]
 */
export function gather(table: Value, ids: Value, options: GatherOptions = {}): Value {
  return makeValue(gatherOperation, [table, ids], options);
}

/**
 * A table of zeros with `updates[i]` added to row `ids[i]`; equal ids add up.
 *
 * @param ids [N] int32
 * @param updates [N, ...]
 * @returns [rows, ...]
 */
export function addRows(rows: Dimension, ids: Value, updates: Value): Value {
  return makeValue(addRowsOperation, [ids, updates], { rows });
}
