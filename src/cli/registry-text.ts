/** Models of the registry in words. */

import type { RegistryRow, RegistryTrend } from "orrery-lm/models";
import { wordTable } from "./text-table.ts";

/** A row for each model, with what people compare. */
export function modelTable(rows: readonly RegistryRow[]): string {
  const head = [
    "model",
    "year",
    "position",
    "norm",
    "placement",
    "FFN",
    "attention",
    "vocabulary",
    "grade",
  ];
  return wordTable([
    head,
    ...rows.map((row) => [
      row.id,
      String(row.year),
      positionText(row),
      row.norm,
      row.normPlacement + (row.parallelBlock ? ", parallel" : ""),
      ffnText(row),
      row.attention,
      row.vocabSize === null ? "?" : String(row.vocabSize),
      row.verification,
    ]),
  ]);
}

/** All that is known of a model, a field a line. */
export function modelCard(row: RegistryRow): string {
  const unsure = new Set(row.unverifiedFields);
  const lines = Object.entries(row).flatMap(([field, value]) =>
    value === null || field === "unverifiedFields" || (Array.isArray(value) && value.length === 0)
      ? []
      : [[field, `${valueText(value)}${unsure.has(field) ? "  (unverified)" : ""}`]],
  );
  return wordTable(lines);
}

/** A line for each year: what occurs, the most frequent first. */
export function trendText(trend: readonly RegistryTrend[]): string {
  return wordTable([
    ["year", "models", "counts"],
    ...trend.map(({ year, models, counts }) => [
      String(year),
      String(models),
      Object.entries(counts)
        .sort(([, a], [, b]) => b - a)
        .map(([value, count]) => `${value} ${count}`)
        .join(", "),
    ]),
  ]);
}

function positionText({ position, ropeTheta, ropeFraction, ropeLayout }: RegistryRow): string {
  if (ropeTheta === null) return position;
  const part = ropeFraction === null || ropeFraction === 1 ? "" : ` ${ropeFraction * 100}%`;
  return `${position} ${ropeTheta}${part}${ropeLayout === "interleaved" ? " interleaved" : ""}`;
}

function ffnText({ ffn, activation, geluForm, moe }: RegistryRow): string {
  const form = geluForm
    ? `${activation === "gelu" ? "gelu " : `${activation} `}${geluForm}`
    : activation;
  const experts = moe ? `, ${moe.topK ?? "?"} of ${moe.experts ?? "?"} experts` : "";
  return (ffn === "swiglu" ? ffn : `${ffn} ${form}`) + experts;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join("; ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${String(inner)}`)
    .join(", ");
}
