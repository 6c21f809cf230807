/** Checks that several operations make of their operands. */

import { ShapeError } from "orrery-lm/base";
import type { Value, ValueType } from "../value.ts";

/**
 * The operand's type, if its elements are of `dtype`.
 *
 * @throws {ShapeError} if they are not.
 */
export function expectDtype(where: string, value: Value, dtype: ValueType["dtype"]): ValueType {
  if (value.dtype !== dtype) throw new ShapeError(`${where}: element type`, [dtype], [value.dtype]);
  return value;
}

/**
 * An axis counted from the front.
 *
 * @throws {ShapeError} if the value has no such axis.
 */
export function frontAxis(where: string, value: ValueType, axis: number): number {
  const rank = value.shape.length;
  const front = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(front) || front < 0 || front >= rank) {
    throw new ShapeError(
      `${where}: an axis of a value of ${rank} axes`,
      [`-${rank}…${rank - 1}`],
      [axis],
    );
  }
  return front;
}
