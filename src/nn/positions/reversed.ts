import { constant, multiply } from "orrery-lm/tensor";
import { describePart } from "../description.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/**
 * The rotation of another encoding the other way round, as nanochat has it: `q·k` depends on the
 * distance as before, with the opposite sign.
 *
 * @see Karpathy 2025, https://github.com/karpathy/nanochat
 */
export function reversed(encoding: PositionEncoding): PositionEncoding {
  return {
    describe: () => describePart("turned the other way", { encoding }),
    parameters: () => encoding.parameters(),
    ...(encoding.rotationAt && { rotationAt: encoding.rotationAt.bind(encoding) }),
    rotate(x, positions, keyPositions, side) {
      const opposite = multiply(positions, constant([-1], [], "int32"));
      return encoding.rotate?.(x, opposite, keyPositions, side) ?? x;
    },
  };
}
