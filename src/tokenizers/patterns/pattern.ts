/** Something to look for in text. */
export interface Pattern {
  /**
   * Start and end of each match, one after the other, in UTF-16 units and in order. Matches do not
   * overlap; one may be empty, but not where another one ends.
   */
  findAll(text: string): Uint32Array;
}
