/** What is known of a step that matches a run of characters: how far it goes, and where to go on fails. */
export class RunMemory {
  /** The characters in `[from, end]` are such that a run from any place there reaches `end`. */
  from = 0;
  end = -1;
  /** Going on from any place in `[failedFrom, failedTo]` fails. */
  failedFrom = 0;
  failedTo = -1;

  /** Notes that going on from here fails. */
  addFailure(position: number, before: number, after: number): void {
    if (after === this.failedFrom) this.failedFrom = position;
    else if (before === this.failedTo) this.failedTo = position;
    else if (position < this.failedFrom || position > this.failedTo) {
      this.failedFrom = position;
      this.failedTo = position;
    }
  }

  hasFailed(position: number): boolean {
    return this.failedFrom <= position && position <= this.failedTo;
  }

  clear(): void {
    this.from = 0;
    this.end = -1;
    this.failedFrom = 0;
    this.failedTo = -1;
  }
}
