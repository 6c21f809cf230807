import type * as plotModule from "@observablehq/plot";
import type { Markish, ScaleOptions } from "@observablehq/plot";
import { escapeHtml } from "./escape.ts";
import { slotOf, type FigureAxis, type FigureSeries, type LineFigure } from "./figure.ts";
import { seriesColor } from "./palette.ts";

/** Options of {@link lineFigure}. */
export interface LineFigureOptions {
  /** In CSS pixels; below 560 the names of the series are left to a legend. @default 720 */
  readonly width?: number;
}

type Plot = typeof plotModule;

/**
 * Draws a line figure as an SVG element: a line for each series with its confidence band, its name
 * at its end, marks of different shape, so that color is never the only difference.
 *
 * Colors are the custom properties `--series-0` … of the page, so that they follow its theme; an SVG
 * on its own falls back to those for white paper. Text is in the page's current color.
 * The same figure gives the same bytes.
 */
export async function lineFigure(
  figure: LineFigure,
  { width = 720 }: LineFigureOptions = {},
): Promise<string> {
  // Imported when first used: a bundle without figures stays small.
  const [plot, { parseHTML }] = await Promise.all([
    import("@observablehq/plot"),
    import("linkedom/worker"),
  ]);
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const isWide = width >= 560;
  const names = figure.series.filter(endsAtEdge(figure)).map(({ name }) => name.length);
  const frame = {
    document,
    className: "figure-svg",
    width,
    height: Math.round(isWide ? width * 0.52 : width * 0.82),
    marginTop: 34,
    marginLeft: 46,
    marginBottom: 46,
    marginRight: isWide ? 24 + 6.7 * Math.max(0, ...names) : 14,
    style: { fontSize: "12px" },
    x: axis(figure.x, isWide ? 8 : 4),
    y: {
      ...axis(figure.y, 6),
      labelAnchor: "top" as const,
      grid: true,
      nice: true,
      insetBottom: 18,
    },
  };
  const marks = figureMarks(plot, figure);
  const measured = plot.plot({ ...frame, marks });
  const labels = isWide ? directLabels(plot, figure, measured.scale("y")!) : [];
  const svg = plot.plot({ ...frame, marks: [...marks, ...labels] });
  return describeSvg(svg.outerHTML, figure);
}

// Different shapes, in the order of the palette.
const symbols = ["square", "triangle", "diamond", "circle", "star", "cross", "wye"] as const;

/** Above this many points on a line, lines carry no marks: they would cover them. */
const mostMarks = 24;

/** Around text that may lie on lines. */
const halo = { stroke: "var(--page, white)", strokeWidth: 4 } as const;

/** Between the baselines of two names, in pixels. */
const labelGap = 15;

function axis({ label, scale, ticks, suffix = "" }: FigureAxis, count: number): ScaleOptions {
  return {
    label,
    labelArrow: "none",
    labelAnchor: "center",
    ...(scale === "log2" ? { type: "log" as const, base: 2 } : {}),
    ticks: ticks ? [...ticks] : count,
    ...(suffix === "" ? {} : { tickFormat: (value: number) => `${value}${suffix}` }),
  };
}

function figureMarks(plot: Plot, figure: LineFigure): Markish[] {
  const rules = figure.rules ?? [];
  return [
    ...rules.map(({ x }) => plot.ruleX([x], { strokeDasharray: "2 3", strokeOpacity: 0.7 })),
    ...figure.series.map((series) => band(plot, figure, series)),
    ...rules.map(({ x, label }) =>
      plot.text([{ x, label }], {
        x: "x",
        text: "label",
        frameAnchor: "top",
        textAnchor: "start",
        dx: 5,
        dy: 3,
        fill: "currentColor",
        ...halo,
      }),
    ),
    ...figure.series.flatMap((series) => line(plot, figure, series)),
  ];
}

function band(plot: Plot, figure: LineFigure, series: FigureSeries): Markish {
  const points = series.points.filter(({ low, high }) => low !== undefined && high !== undefined);
  return plot.areaY(points, {
    x: "x",
    y1: "low",
    y2: "high",
    fill: seriesColor(slotOf(figure, series)),
    fillOpacity: 0.16,
  });
}

function line(plot: Plot, figure: LineFigure, series: FigureSeries): Markish[] {
  const slot = slotOf(figure, series);
  const color = seriesColor(slot);
  const { name, points, isDashed = false } = series;
  const isCrowded = figure.series.some((other) => other.points.length > mostMarks);
  return [
    plot.lineY(points, {
      x: "x",
      y: "y",
      stroke: color,
      strokeWidth: isDashed ? 1.5 : 2,
      ...(isDashed ? { strokeDasharray: "5 4" } : {}),
    }),
    plot.dot(isCrowded ? [] : points, {
      x: "x",
      y: "y",
      symbol: symbols[slot % symbols.length]!,
      r: 3.4,
      stroke: color,
      fill: isDashed ? "var(--page, white)" : color,
      title: ({ x, y }: { x: number; y: number }) =>
        `${name}: ${y.toFixed(3)} at ${x}${figure.x.suffix ?? ""}`,
    }),
  ];
}

/** Names at the ends of the lines, moved apart where lines end close to each other. */
function directLabels(
  plot: Plot,
  figure: LineFigure,
  scale: { apply: (value: number) => number; invert?: (pixel: number) => number },
): Markish[] {
  const ends = figure.series.flatMap((series) => {
    const end = series.points.at(-1);
    return end ? [{ series, end, pixel: scale.apply(end.y) }] : [];
  });
  const isAtEdge = endsAtEdge(figure);
  const atEdge = ends.filter(({ series }) => isAtEdge(series));
  const spread = spreadApart(
    atEdge.map(({ pixel }) => pixel),
    labelGap,
  );
  return ends.map(({ series, end, pixel }) => {
    const i = atEdge.findIndex((other) => other.series === series);
    const isEarly = i < 0;
    return plot.text([end], {
      x: "x",
      y: "y",
      text: () => (isEarly ? `${series.name}, ends here` : series.name),
      textAnchor: "start",
      dx: isEarly ? 3 : 10,
      dy: isEarly ? 19 : spread[i]! - pixel,
      fill: seriesColor(slotOf(figure, series)),
      fontWeight: 600,
      ...halo,
    });
  });
}

/** Moves numbers at least `gap` apart, each as little as the ones it meets allow. */
function spreadApart(values: readonly number[], gap: number): number[] {
  // Groups of touching labels, each laid out around the mean of what its members want.
  const groups: { members: number[]; center: number }[] = [];
  const order = values.map((_, i) => i).toSorted((a, b) => values[a]! - values[b]!);
  for (const i of order) {
    let group = { members: [i], center: values[i]! };
    for (let above = groups.at(-1); above; above = groups.at(-1)) {
      const reach = ((above.members.length + group.members.length) / 2) * gap;
      if (group.center - above.center >= reach) break;
      groups.pop();
      const members = [...above.members, ...group.members];
      const sum = members.reduce((total, member) => total + values[member]!, 0);
      group = { members, center: sum / members.length };
    }
    groups.push(group);
  }
  const moved = [...values];
  for (const { members, center } of groups) {
    for (const [place, i] of members.entries()) {
      moved[i] = center + (place - (members.length - 1) / 2) * gap;
    }
  }
  return moved;
}

function endsAtEdge(figure: LineFigure): (series: FigureSeries) => boolean {
  const edge = Math.max(...allX(figure));
  return ({ points }) => points.at(-1)?.x === edge;
}

function allX(figure: LineFigure): number[] {
  return figure.series.flatMap(({ points }) => points.map(({ x }) => x));
}

function describeSvg(svg: string, { title, description }: LineFigure): string {
  const label = escapeHtml(`${title}. ${description}`);
  return svg.replace("<svg ", () => `<svg role="img" aria-label="${label}" `);
}
