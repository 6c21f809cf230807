import type { Terminal } from "./terminal.ts";

/** Shows on one line how far a long work has come. */
export interface ProgressBar {
  /** @param fraction in [0, 1] */
  readonly update: (fraction: number, note: string) => void;
  /** Removes the line. */
  readonly clear: () => void;
}

const REDRAW_MS = 100;
const BAR_WIDTH = 16; // leaves room for the note on a terminal of 80 columns

/** A bar on a terminal; in a pipe it shows nothing. */
export function progressBar({ stderr }: Pick<Terminal, "stderr">): ProgressBar {
  if (stderr.isTTY !== true) return { update: () => {}, clear: () => {} };
  const start = performance.now();
  let drawn = -Infinity;
  let firstFraction: number | undefined;
  return {
    update: (fraction, note) => {
      const now = performance.now();
      // What was finished before we began says nothing about the time that is left.
      firstFraction ??= fraction;
      if (now - drawn < REDRAW_MS && fraction < 1) return;
      drawn = now;
      const part = (fraction - firstFraction) / (1 - firstFraction);
      const left = part > 0 ? ((now - start) * (1 - part)) / part : undefined;
      const width = (stderr.columns ?? 80) - 1;
      stderr.write(`\r\u001B[K${drawBar(fraction, note, left).slice(0, width)}`);
    },
    clear: () => {
      if (drawn > -Infinity) stderr.write("\r\u001B[K");
    },
  };
}

function drawBar(fraction: number, note: string, leftMs: number | undefined): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const percent = `${Math.floor(100 * fraction)}`.padStart(3);
  const left = leftMs === undefined ? "" : `  ${formatDuration(leftMs)} left`;
  return `${bar} ${percent}%${left}  ${note}`;
}

/** Minutes and seconds: `4:05`; hours before them if there are any. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
