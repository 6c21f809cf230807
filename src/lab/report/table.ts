import { escapeHtml } from "./escape.ts";
import { slotOf, type LineFigure } from "./figure.ts";
import { seriesColor } from "./palette.ts";

/** A column of a table. */
export interface TableColumn {
  readonly label: string;
  /** Numbers stand on the right, under each other. @default false */
  readonly isNumeric?: boolean;
  /** A heading over this column and its neighbors of the same group. */
  readonly group?: string;
}

/** A row of a table: its cells from left to right; the first one names the row. */
export interface TableRow {
  readonly cells: readonly string[];
  /** Slot in the palette: the row gets the color of its series. */
  readonly slot?: number;
  /** Set apart, for what does not compete. @default false */
  readonly isAside?: boolean;
}

/** A table as data. Cells are plain text. */
export interface Table {
  readonly caption?: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/** The table as HTML, in a box that scrolls sideways where the screen is too narrow. */
export function renderTable({ caption, columns, rows }: Table): string {
  const name = escapeHtml(caption ?? columns.map(({ label }) => label).join(", "));
  const isWordy = columns.every(({ isNumeric = false }) => !isNumeric);
  return (
    `<div class="table" role="region" tabindex="0" aria-label="${name}"><table${isWordy ? ' class="wordy"' : ""}>` +
    (caption === undefined ? "" : `<caption>${escapeHtml(caption)}</caption>`) +
    `<thead>${groupRow(columns)}<tr>${columns.map((column, i) => headCell(column, kindOf(columns, i))).join("")}</tr></thead>` +
    `<tbody>${rows.map((row) => bodyRow(row, columns)).join("")}</tbody></table></div>`
  );
}

/** The numbers of a figure as a table: a row for each x, a column for each series. */
export function figureTable(figure: LineFigure, digits: number): Table {
  const places = figure.series.flatMap(({ points }) => points.map(({ x }) => x));
  const suffix = figure.x.suffix ?? "";
  const hasBands = figure.series.some(({ points }) => points.some(({ low }) => low !== undefined));
  const rows = [...new Set(places)]
    .toSorted((a, b) => a - b)
    .map((x) => ({
      cells: [
        `${Number(x.toFixed(2))}${suffix}`,
        ...figure.series.map(({ points }) => {
          const point = points.find((other) => other.x === x);
          if (!point) return "–";
          const { y, low, high } = point;
          const value = y.toFixed(digits);
          if (low === undefined || high === undefined) return value;
          return `${value} ± ${((high - low) / 2).toFixed(digits)}`;
        }),
      ],
    }));
  return {
    caption: `${figure.y.label}${hasBands ? " (± half of the 95\u00a0% interval)" : ""}`,
    columns: [
      { label: figure.x.label, isNumeric: true },
      ...figure.series.map(({ name }) => ({ label: name, isNumeric: true })),
    ],
    rows,
  };
}

/** The names of the series with their colors, as an HTML list. */
export function renderLegend(figure: LineFigure): string {
  const items = figure.series.map((series) => {
    const style = series.isDashed === true ? "dashed" : "solid";
    const color = seriesColor(slotOf(figure, series));
    return (
      `<li><span class="stroke" style="border-top: 3px ${style} ${color}"></span>` +
      `${escapeHtml(series.name)}</li>`
    );
  });
  return `<ul class="legend">${items.join("")}</ul>`;
}

function groupRow(columns: readonly TableColumn[]): string {
  if (columns.every(({ group }) => group === undefined)) return "";
  const spans: { group: string; span: number }[] = [];
  for (const { group = "" } of columns) {
    const last = spans.at(-1);
    if (last?.group === group) spans[spans.length - 1] = { group, span: last.span + 1 };
    else spans.push({ group, span: 1 });
  }
  const cells = spans.map(({ group, span }) =>
    group === ""
      ? `<td colspan="${span}"></td>`
      : `<th scope="colgroup" class="group" colspan="${span}">${escapeHtml(group)}</th>`,
  );
  return `<tr>${cells.join("")}</tr>`;
}

function headCell({ label }: TableColumn, kind: string): string {
  return `<th scope="col"${kind}>${escapeHtml(label)}</th>`;
}

function bodyRow(
  { cells, slot, isAside = false }: TableRow,
  columns: readonly TableColumn[],
): string {
  const swatch =
    slot === undefined
      ? ""
      : `<span class="swatch" style="background: ${seriesColor(slot)}"></span>`;
  const html = cells.map((cell, i) => {
    const kind = kindOf(columns, i);
    return i === 0
      ? `<th scope="row"${kind}>${swatch}${escapeHtml(cell)}</th>`
      : `<td${kind}>${escapeHtml(cell)}</td>`;
  });
  return `<tr${isAside ? ' class="aside"' : ""}>${html.join("")}</tr>`;
}

/** The class attribute of a column's cells: numbers, and the first column of a group. */
function kindOf(columns: readonly TableColumn[], i: number): string {
  const { isNumeric = false, group } = columns[i]!;
  const isFirst = group !== undefined && columns[i - 1]?.group !== group;
  const kinds = [isNumeric ? "number" : "", isFirst ? "first" : ""].filter((kind) => kind !== "");
  return kinds.length === 0 ? "" : ` class="${kinds.join(" ")}"`;
}
