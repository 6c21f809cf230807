import { ConfigError } from "orrery-lm/base";

/** Options of {@link sinusoidalTable}. */
export interface SinusoidalTableOptions {
  /** Rows. */
  length: number;
  /** Channels, C. Beyond an even number of them the last is zero, if the layout is `concat`. */
  dim: number;
  /** @default 10000 */
  base?: number;
  /** Sine and cosine of a frequency as neighbors, or all sines before all cosines. @default "interleaved" */
  layout?: "interleaved" | "concat";
  /**
   * `paper`: `base^(-2i/C)`, whose last frequency stops short of `1/base`; `t2t`: `base^(-i/(C/2 - 1))`,
   * which reaches it, as in tensor2tensor and fairseq.
   *
   * @default "paper"
   */
  spacing?: "paper" | "t2t";
  /** Position of the first row. @default 0 */
  start?: number;
}

/**
 * Sinusoids of positions, [length][C].
 *
 *     p(t, 2i) = sin(t · frequency(i))    p(t, 2i + 1) = cos(t · frequency(i))
 *
 * @throws {ConfigError} if channels are interleaved and their number is odd.
 * @see Vaswani et al. 2017, §3.5, https://arxiv.org/abs/1706.03762
 */
export function sinusoidalTable(options: SinusoidalTableOptions): Float64Array[] {
  const { length, dim, base = 10_000, layout = "interleaved" } = options;
  const { spacing = "paper", start = 0 } = options;
  if (dim % 2 !== 0 && layout === "interleaved") {
    throw new ConfigError(`sinusoidalTable: expected an even dim, got ${dim}`);
  }
  const half = Math.floor(dim / 2);
  const span = spacing === "t2t" ? Math.max(half - 1, 1) : dim / 2;
  return Array.from({ length }, (_, row) => {
    const values = new Float64Array(dim);
    for (let i = 0; i < half; i++) {
      const angle = (start + row) * base ** (-i / span);
      const [sine, cosine] = layout === "interleaved" ? [2 * i, 2 * i + 1] : [i, half + i];
      values[sine] = Math.sin(angle);
      values[cosine] = Math.cos(angle);
    }
    return values;
  });
}
