import type { Summary } from "../statistics.ts";

/** A loss with enough digits to compare arms. */
export function formatPlain(value: number): string {
  return value.toFixed(Math.abs(value) < 0.1 ? 3 : 2).replace("-", "−");
}

/** A multiple without zeros that say nothing: 1.5, 8. */
export function formatMultiple(multiple: number): string {
  return String(Number(multiple.toFixed(2)));
}

/** The mean alone; a dash where there is nothing. */
export function formatMean(summary: Summary | null): string {
  return summary ? summary.mean.toFixed(3).replace("-", "−") : "–";
}

/** Mean and half of the 95 % interval; a dash where there is nothing. */
export function formatSummary(summary: Summary | null, sign: "" | "+" = ""): string {
  if (!summary) return "–";
  const { mean, low, high } = summary;
  const text = formatMean(summary);
  const signed = sign === "+" && mean >= 0 ? `+${text}` : text;
  return low === null || high === null ? signed : `${signed} ± ${((high - low) / 2).toFixed(3)}`;
}

/** A whole number in groups of three. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, " ");
}
