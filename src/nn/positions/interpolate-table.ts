/**
 * A learned table of positions for a longer text: rows between those of the old one, which are a
 * weighted sum of two. The first and last rows stay. A model must be tuned for it.
 *
 *     row(t) = table at t · (P - 1) / (length - 1)
 *
 * @param table [P][C]
 */
export function interpolateTable(
  table: readonly ArrayLike<number>[],
  length: number,
): Float64Array[] {
  const last = table.length - 1;
  return Array.from({ length }, (_, t) => {
    const place = length === 1 ? 0 : (t * last) / (length - 1);
    const low = Math.min(Math.floor(place), Math.max(last - 1, 0));
    const [from, to] = [table[low]!, table[Math.min(low + 1, last)]!];
    return Float64Array.from(from, (x, c) => x + (place - low) * (to[c]! - x));
  });
}
