import { alibiSlopes } from "./alibi-bias.ts";

/** Options of {@link alibiBias}. */
export interface AlibiMatrixOptions {
  numHeads: number;
  /** How many queries there are; the last stands at the last key. One is a step of decoding. */
  queries: number;
  keys: number;
  /**
   * `distance`: `-slope · |i - j|`, the paper's matrix, zero on the diagonal. `shifted`: `slope · j`,
   * one row for all queries; equal to the first behind a causal softmax, since a number for a whole
   * row changes nothing.
   *
   * @default "distance"
   */
  form?: "distance" | "shifted";
}

/**
 * ALiBi's numbers for each head, query and key, which are added to scaled scores: [H][Tq][Tk].
 *
 * @see Press et al. 2021, §3, https://arxiv.org/abs/2108.12409
 */
export function alibiBias(options: AlibiMatrixOptions): Float64Array[][] {
  const { numHeads, queries, keys, form = "distance" } = options;
  return Array.from(alibiSlopes(numHeads), (slope) =>
    Array.from({ length: queries }, (_, row) => {
      const query = keys - queries + row;
      return Float64Array.from({ length: keys }, (_, key) =>
        form === "shifted" ? slope * key : key === query ? 0 : -slope * Math.abs(query - key),
      );
    }),
  );
}
