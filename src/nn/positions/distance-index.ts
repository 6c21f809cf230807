import { ConfigError } from "orrery-lm/base";
import {
  add,
  constant,
  gather,
  maximum,
  minimum,
  reshape,
  subtract,
  type ScorePart,
  type Value,
} from "orrery-lm/tensor";

/** No table of distances is larger, whatever a config.json says. */
const MOST_DISTANCES = 2 ** 20;

/**
 * A number for each pair of a query and a key, by their distance: from a table that is written
 * out as far as distances differ, and clamped beyond.
 *
 * @param most the largest distance, to both sides, that the table tells from the next
 * @param indexOf the number for `key - query`
 * @returns the table, [2 · most + 1] int32
 * @throws {ConfigError} if the table would be absurdly large.
 */
export function distanceTable(most: number, indexOf: (offset: number) => number): Value {
  if (!(most < MOST_DISTANCES)) {
    throw new ConfigError(
      `relative positions: expected distances up to ${MOST_DISTANCES}, got ${most}`,
    );
  }
  const values = Array.from({ length: 2 * most + 1 }, (_, i) => indexOf(i - most));
  return constant(values, [values.length], "int32");
}

/**
 * Where a distance stands in its table, [B, tq, tk] int32.
 *
 * @param most as for {@link distanceTable}
 */
export function distancePlaces(
  { queryPositions, keyPositions }: Pick<ScorePart, "queryPositions" | "keyPositions">,
  most: number,
): Value {
  const [rows, queries] = queryPositions.shape as [number, number];
  const [keyRows, keys] = keyPositions.shape as [number, number];
  const query = reshape(queryPositions, [rows, queries, 1]);
  const key = reshape(keyPositions, [keyRows, 1, keys]);
  const [low, high] = [constant([-most], [], "int32"), constant([most], [], "int32")];
  return add(maximum(minimum(subtract(key, query), high), low), high);
}

/** What {@link distanceTable} says of each pair, [B, tq, tk] int32. */
export function distanceIndex(
  part: Pick<ScorePart, "queryPositions" | "keyPositions">,
  table: Value,
): Value {
  return gather(table, distancePlaces(part, ((table.shape[0] as number) - 1) / 2));
}
