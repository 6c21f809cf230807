import type { FigurePoint, FigureSeries, LineFigure } from "../report/figure.ts";
import type { Summary } from "../statistics.ts";
import { formatMultiple } from "./format.ts";
import type { ExtrapolationSummary, Reading } from "./summary.ts";

/** Loss against reading length, one line per arm. */
export function lengthFigure(summary: ExtrapolationSummary, reading: Reading): LineFigure {
  const way = reading === "lossSliding" ? "sliding window" : "non-overlapping windows";
  const multiples = summary.arms[0]!.curves[0]!.lengths.map(({ multiple }) => multiple);
  return {
    title: `Loss against length, ${way}`,
    description:
      `Loss of every position encoding at ${multiples.map(formatMultiple).join(", ")} times the ` +
      `training length of ${summary.trainLength} tokens`,
    x: {
      label: "reading length, as a multiple of the training length",
      scale: "log2",
      ticks: multiples,
      suffix: "×",
    },
    y: { label: "nats per token" },
    rules: [{ x: 1, label: "training length" }],
    series: summary.arms.flatMap(({ curves }) =>
      curves.map((curve): FigureSeries => ({
        name: curve.name,
        slot: curve.slot,
        isDashed: curve.isRepeated,
        points: curve.lengths.flatMap((length) => point(length.multiple, length[reading])),
      })),
    ),
  };
}

/** Loss against the position in the longest window, one line per arm. */
export function positionFigure(summary: ExtrapolationSummary): LineFigure {
  return {
    title: "Loss at each position of the longest window",
    description:
      `Loss of every position encoding by position, up to ${summary.longest.length} tokens; ` +
      `the training length is ${summary.trainLength}`,
    x: { label: "position in the window, tokens" },
    y: { label: "nats per token" },
    rules: [{ x: summary.trainLength, label: "training length" }],
    series: summary.arms.map(({ label, slot, perPosition }) => ({
      name: label,
      slot,
      points: perPosition.flatMap(({ start, end, loss }) => point((start + end) / 2, loss)),
    })),
  };
}

/** Training loss against steps, one line per arm. */
export function trainingFigure(summary: ExtrapolationSummary): LineFigure {
  return {
    title: "Training loss",
    description: "Training loss of every position encoding by step",
    x: { label: "step" },
    y: { label: "nats per token" },
    series: summary.arms.map(({ label, slot, training }) => ({
      name: label,
      slot,
      points: training.flatMap(({ step, loss }) => point(step, loss)),
    })),
  };
}

function point(x: number, summary: Summary | null): FigurePoint[] {
  if (!summary) return [];
  const { mean, low, high } = summary;
  return [{ x, y: mean, ...(low === null || high === null ? {} : { low, high }) }];
}
