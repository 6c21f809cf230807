/** A progress bar on standard error; nothing where that is not a terminal. */

const BAR_WIDTH = 24;
const REDRAW_MS = 100;

/** Draws one line over itself. */
export class ProgressBar {
  readonly #begun = performance.now();
  readonly #isTerminal = process.stderr.isTTY === true;
  #drawn = -Infinity;

  /**
   * @param fraction of the work, 0 to 1
   * @param note what is going on
   */
  update(fraction: number, note: string): void {
    const now = performance.now();
    if (!this.#isTerminal || (now - this.#drawn < REDRAW_MS && fraction < 1)) return;
    this.#drawn = now;
    const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const elapsed = (now - this.#begun) / 1000;
    const left = fraction > 0.01 ? `${duration((elapsed * (1 - fraction)) / fraction)} left` : "";
    const line = `${bar} ${String(Math.floor(fraction * 100)).padStart(3)} %  ${left.padEnd(11)} ${note}`;
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[2K${line.slice(0, width)}`);
  }

  /** Clears the line. */
  finish(): void {
    if (this.#isTerminal) process.stderr.write("\r\x1b[2K");
  }
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
