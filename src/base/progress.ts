/**
 * Told how far a long work has come: `done` of `total` units, and what is being done.
 * Whoever works calls it often; whoever listens decides how often to draw.
 */
export type Progress = (done: number, total: number, note?: string) => void;
