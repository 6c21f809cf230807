/** A point of a series, with the ends of its confidence interval where there is one. */
export interface FigurePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** One line of a figure. */
export interface FigureSeries {
  readonly name: string;
  /** In the order of x. */
  readonly points: readonly FigurePoint[];
  /** For what is shown but not meant to compete. @default false */
  readonly isDashed?: boolean;
  /** Slot in the palette. @default the place among the series */
  readonly slot?: number;
}

/** An axis of a figure. */
export interface FigureAxis {
  /** With its unit. */
  readonly label: string;
  /** "log2" has whole steps at doublings. @default "linear" */
  readonly scale?: "linear" | "log2";
  /** Where to put ticks. @default chosen by the range */
  readonly ticks?: readonly number[];
  /** Written behind each tick, such as "×". */
  readonly suffix?: string;
}

/** A line figure as data; {@link lineFigure} draws it and {@link figureTable} writes its numbers. */
export interface LineFigure {
  readonly title: string;
  /** What is to be seen, for people who cannot see it. */
  readonly description: string;
  readonly x: FigureAxis;
  readonly y: FigureAxis;
  readonly series: readonly FigureSeries[];
  /** Vertical lines, such as the training length. */
  readonly rules?: readonly { readonly x: number; readonly label: string }[];
}

/** The slot of a series in the palette. */
export function slotOf(figure: LineFigure, series: FigureSeries): number {
  return series.slot ?? figure.series.indexOf(series);
}
