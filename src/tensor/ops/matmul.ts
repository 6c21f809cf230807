/** Matrix products over the last two axes; leading axes broadcast. */

import { ShapeError } from "orrery-lm/base";
import { broadcastShapes, sizeOf } from "../dimension.ts";
import { broadcastStrides, forEachElement, zerosArray, type NDArray } from "../ndarray.ts";
import { makeValue, type Operation, type Value } from "../value.ts";
import { expectDtype } from "./checks.ts";
import { sumTo } from "./expand.ts";
import { reshape } from "./reshape.ts";

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** Reads `a` with its last two axes exchanged. */
  transposeA?: boolean;
  /** Reads `b` with its last two axes exchanged: weights are `[out, in]`. */
  transposeB?: boolean;
  /** Multiplies the product. */
  scale?: number;
}

type MatmulAttributes = Required<MatmulOptions>;

const matmulOperation: Operation<MatmulAttributes> = {
  name: "matmul",
  infer([a, b], { transposeA, transposeB }) {
    expectDtype("matmul", a!, "float32");
    expectDtype("matmul", b!, "float32");
    if (a!.shape.length < 2 || b!.shape.length < 2) {
      throw new ShapeError(
        "matmul: two axes or more",
        ["…", "m", "k"],
        a!.shape.length < 2 ? a!.shape : b!.shape,
      );
    }
    const [m, k] = lastTwo(a!, transposeA);
    const [k2, n] = lastTwo(b!, transposeB);
    if (k !== k2)
      throw new ShapeError(`matmul: [${a!.shape.join(", ")}] by b`, ["…", k, n], b!.shape);
    const batch = broadcastShapes("matmul", a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    return { shape: [...batch, m, n], dtype: "float32" };
  },
  evaluate: ([a, b], attributes, shape) => multiplyArrays(a!, b!, { ...attributes, shape }),
  gradient({ inputs: [a, b], attributes: { transposeA, transposeB, scale } }, dy) {
    // y = s·op(a)·op(b); with op the identity, da = s·dy·bᵀ and db = s·aᵀ·dy.
    const da = transposeA
      ? matmul(b!, dy, { transposeA: transposeB, transposeB: true, scale })
      : matmul(dy, b!, { transposeB: !transposeB, scale });
    if (b!.shape.length === 2 && a!.shape.length > 2 && !transposeA) {
      // A weight met many rows: one product over all of them instead of one per batch and a sum.
      const rows = flattenRows(a!);
      const upstream = flattenRows(dy);
      const db = transposeB
        ? matmul(upstream, rows, { transposeA: true, scale })
        : matmul(rows, upstream, { transposeA: true, scale });
      return [sumTo(da, a!.shape), db];
    }
    const db = transposeB
      ? matmul(dy, a!, { transposeA: true, transposeB: transposeA, scale })
      : matmul(a!, dy, { transposeA: !transposeA, scale });
    return [sumTo(da, a!.shape), sumTo(db, b!.shape)];
  },
  lower({ inputs: [a, b], attributes: { transposeA, transposeB, scale } }, lowering) {
    const names = [lowering.of(a!), lowering.of(b!)];
    if (!transposeA && !transposeB && scale === 1) return lowering.emit("MatMul", names);
    if (lowering.fast) {
      return lowering.emit("FusedMatMul", names, {
        attributes: {
          transA: Number(transposeA),
          transB: Number(transposeB),
          alpha: { float: scale },
        },
        domain: "com.microsoft",
      });
    }
    const swap = (value: Value, name: string): string => {
      const order = [...value.shape.keys()];
      const swapped = [...order.slice(0, -2), order.at(-1)!, order.at(-2)!];
      return lowering.emit("Transpose", [name], { attributes: { perm: swapped } });
    };
    const left = transposeA ? swap(a!, names[0]!) : names[0]!;
    const right = transposeB ? swap(b!, names[1]!) : names[1]!;
    const product = lowering.emit("MatMul", [left, right]);
    return scale === 1 ? product : lowering.emit("Mul", [product, lowering.float(scale)]);
  },
};

function lastTwo(
  { shape }: Value,
  swapped: boolean,
): [Value["shape"][number], Value["shape"][number]] {
  const [x, y] = [shape.at(-2)!, shape.at(-1)!];
  return swapped ? [y, x] : [x, y];
}

/** All leading axes as one: `[…, C]` → `[rows, C]`. */
export function flattenRows(x: Value): Value {
  const width = x.shape.at(-1)!;
  const rows = sizeOf(x.shape.slice(0, -1));
  return reshape(x, [rows, width]);
}

function multiplyArrays(
  a: NDArray,
  b: NDArray,
  { transposeA, transposeB, scale, shape }: MatmulAttributes & { shape: readonly number[] },
): NDArray {
  const result = zerosArray(shape);
  const [m, n] = [shape.at(-2)!, shape.at(-1)!];
  const k = a.shape.at(transposeA ? -2 : -1)!;
  const [aRow, aStep] = transposeA ? [1, m] : [k, 1];
  const [bStep, bColumn] = transposeB ? [1, k] : [n, 1];
  const batch = shape.slice(0, -2);
  const batchStrides = [a, b].map(({ shape: own }) =>
    broadcastStrides(own.slice(0, -2), batch).map((stride) => stride * own.at(-1)! * own.at(-2)!),
  );
  forEachElement(batch, batchStrides, (index, [fromA, fromB]) => {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) {
          sum += a.data[fromA! + i * aRow + l * aStep]! * b.data[fromB! + l * bStep + j * bColumn]!;
        }
        result.data[(index * m + i) * n + j] = sum * scale;
      }
    }
  });
  return result;
}

/**
 * The matrix product over the last two axes.
 *
 * @param a [..., M, K], or [..., K, M] with `transposeA`
 * @param b [..., K, N], or [..., N, K] with `transposeB`
 * @returns [..., M, N]
 * @throws {ShapeError} if the inner sizes differ or the leading axes do not broadcast.
 */
export function matmul(a: Value, b: Value, options: MatmulOptions = {}): Value {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  return makeValue(matmulOperation, [a, b], { transposeA, transposeB, scale });
}
