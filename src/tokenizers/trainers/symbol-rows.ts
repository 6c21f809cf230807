/** Words as rows of symbols, all in one array. */
export interface SymbolRows {
  /** [N] ids. */
  readonly symbols: Int32Array;
  /** [words + 1] where each word starts in `symbols`; the last is N. */
  readonly starts: Int32Array;
  /** [words] how often each word occurs. */
  readonly counts: Float64Array;
}
