/** Rotating pairs of channels: what RoPE does to queries and keys. */

import { ShapeError } from "orrery-lm/base";
import { broadcastShapes, multiplyDimensions, sameShape, type Shape } from "../dimension.ts";
import { add, multiply, negate, subtract } from "../ops/elementwise.ts";
import { iota } from "../ops/iota.ts";
import { reshape } from "../ops/reshape.ts";
import { concat, slice } from "../ops/slice.ts";
import { axisSize, makeValue, type Operation, type Value } from "../value.ts";

const rotateOperation: Operation<Record<string, never>> = {
  name: "rotate",
  infer([x, cos, sin]) {
    const width = axisSize(x!, -1);
    if (typeof width !== "number" || width % 2 !== 0 || axisSize(cos!, -1) !== width / 2) {
      throw new ShapeError(
        "rotate: pairs of channels for each angle",
        ["…", `2·${axisSize(cos!, -1)}`],
        x!.shape,
      );
    }
    if (cos!.shape.join() !== sin!.shape.join())
      throw new ShapeError("rotate: sines", cos!.shape, sin!.shape);
    const pairs = x!.shape.with(-1, width / 2);
    if (!sameShape(broadcastShapes("rotate: angles", pairs, cos!.shape), pairs))
      throw new ShapeError("rotate: angles that broadcast to the pairs", pairs, cos!.shape);
    return x!;
  },
  define([x, cos, sin]) {
    const width = axisSize(x!, -1) as number;
    const first = slice(x!, -1, 0, width / 2);
    const second = slice(x!, -1, width / 2, width);
    return concat(
      [
        subtract(multiply(first, cos!), multiply(second, sin!)),
        add(multiply(second, cos!), multiply(first, sin!)),
      ],
      -1,
    );
  },
  lower({ inputs: [x, cos, sin] }, lowering) {
    const [batch, , , tokens, width] = x!.shape;
    const isTable = cos!.shape.slice(0, -1).join() === [1, 1, 1, tokens].join();
    if (!lowering.fast || x!.shape.length !== 5 || !isTable) return undefined;
    // onnxruntime's operator: [B, H, T, D], a table of angles, and each token's row in it.
    const heads = multiplyDimensions(x!.shape[1]!, x!.shape[2]!);
    const merged: Shape = [batch!, heads, tokens!, width!];
    const half = axisSize(cos!, -1);
    const rows = lowering.emit("Cast", [lowering.of(iota(tokens!))], { attributes: { to: 7 } });
    const inputs = [
      lowering.reshape(lowering.of(x!), x!.shape, merged),
      lowering.emit("Expand", [rows, lowering.dimensions([batch!, tokens!])]),
      ...[cos!, sin!].map((table) => lowering.of(reshape(table, [tokens!, half]))),
    ];
    const turned = lowering.emit("RotaryEmbedding", inputs, { domain: "com.microsoft" });
    return lowering.reshape(turned, merged, x!.shape);
  },
  // A rotation's transpose turns the other way.
  gradient: ({ inputs: [, cos, sin] }, dy) => [
    rotate(dy, cos!, negate(sin!)),
    undefined,
    undefined,
  ],
};

/**
 * Turns channel pairs (i, i + D/2) by the angles whose cosines and sines are given.
 *
 * @param x [..., D]
 * @param cos [..., D/2] broadcasts over the leading axes
 * @param sin [..., D/2]
 */
export function rotate(x: Value, cos: Value, sin: Value): Value {
  return makeValue(rotateOperation, [x, cos, sin], {});
}
