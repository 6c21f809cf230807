import type { Table } from "../report/table.ts";
import { formatCount, formatMean, formatMultiple, formatSummary } from "./format.ts";
import {
  summarizeExtrapolation,
  type ArmCurve,
  type ExtrapolationRecord,
  type ExtrapolationSummary,
  type Reading,
} from "./summary.ts";

const readings: readonly (readonly [Reading, string])[] = [
  ["lossNonOverlapping", "non-overlapping windows"],
  ["lossSliding", "sliding window"],
];

/** Loss at the training length and at the longest one, and the rise between them, both readings. */
export function riseTable(summary: ExtrapolationSummary): Table {
  const multiple = `${formatMultiple(summary.longest.multiple)}×`;
  return {
    columns: [
      { label: "position encoding" },
      ...readings.flatMap(([, group]) =>
        ["1×", multiple, "rise"].map((label) => ({ label, group, isNumeric: true })),
      ),
    ],
    rows: curvesOf(summary).map((curve) => ({
      slot: curve.slot,
      isAside: curve.isRepeated,
      cells: [curve.name, ...readings.flatMap(([reading]) => riseCells(curve, reading))],
    })),
  };
}

/** Size and speed of each arm. */
export function costTable(summary: ExtrapolationSummary): Table {
  return {
    columns: [
      { label: "position encoding" },
      { label: "parameters", isNumeric: true },
      { label: "of these in embeddings", isNumeric: true },
      { label: "training, tokens per second", isNumeric: true },
    ],
    rows: summary.arms.map(({ label, slot, parameters, tokensPerSecond }) => ({
      slot,
      cells: [
        label,
        formatCount(parameters.total),
        formatCount(parameters.embedding),
        tokensPerSecond === null ? "–" : formatCount(tokensPerSecond),
      ],
    })),
  };
}

/**
 * The result as plain text for a terminal: loss at every length in non-overlapping windows, the rise
 * there, and the rise with a sliding window.
 *
 * @throws {ConfigError} if there are no records, or arms have different seeds or lengths.
 */
export function extrapolationTable(records: readonly ExtrapolationRecord[]): string {
  const summary = summarizeExtrapolation(records);
  const curves = curvesOf(summary);
  const heads = curves[0]!.lengths.map(
    ({ multiple, length }) => `${formatMultiple(multiple)}× (${length})`,
  );
  const grid = [
    ["position encoding", ...heads, "rise", "rise, sliding"],
    ...curves.map(({ name, lengths, rise }) => [
      name,
      ...lengths.map((point) => formatMean(point.lossNonOverlapping)),
      ...readings.map(([reading]) => formatSummary(rise[reading], "+")),
    ]),
  ];
  const widths = grid[0]!.map((_, column) => Math.max(...grid.map((row) => row[column]!.length)));
  const lines = grid.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const width = widths.reduce((sum, column) => sum + column + 2, -2);
  const spread = summary.seeds.length > 1 ? `; ± half of the 95 % interval` : "";
  const seeds = `${summary.seeds.length} seed${summary.seeds.length === 1 ? "" : "s"}`;
  return [
    `Loss in nats per token on held-out text, ${seeds}${spread}`,
    "",
    lines[0]!,
    "─".repeat(width),
    ...lines.slice(1),
  ].join("\n");
}

function curvesOf(summary: ExtrapolationSummary): ArmCurve[] {
  return summary.arms.flatMap(({ curves }) => curves);
}

function riseCells(curve: ArmCurve, reading: Reading): string[] {
  const { lengths, rise } = curve;
  return [
    formatMean(lengths[0]![reading]),
    formatMean(lengths.at(-1)![reading]),
    formatSummary(rise[reading], "+"),
  ];
}
