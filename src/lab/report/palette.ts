/** A color on white paper and the same on a dark screen. */
export interface SeriesColor {
  readonly light: string;
  readonly dark: string;
}

/**
 * The colors of series, by their slot. An arm keeps its slot in every figure and table.
 *
 * After Okabe and Ito's set, darker on white and lighter on black, so that each has a contrast of at
 * least 3 : 1 to its ground and the first five stay apart for people without red or green cones.
 *
 * @see Okabe & Ito 2008, "Color Universal Design", https://jfly.uni-koeln.de/color/
 */
export const palette: readonly SeriesColor[] = [
  { light: "#404040", dark: "#e0e0e0" },
  { light: "#c8460a", dark: "#ff8a4a" },
  { light: "#b5659a", dark: "#d583bd" },
  { light: "#0068b0", dark: "#4aa3ef" },
  { light: "#00876c", dark: "#2fc9a4" },
  { light: "#9a6b00", dark: "#e6b13c" },
  { light: "#4b3fa8", dark: "#a89cf5" },
  { light: "#2b8cbe", dark: "#8fd3f4" },
];

/** The color of a slot as CSS: the page's custom property, or the light color without a page. */
export function seriesColor(slot: number): string {
  const index = slot % palette.length;
  return `var(--series-${index}, ${palette[index]!.light})`;
}

/** The custom properties of all slots, as CSS declarations. */
export function paletteCss(ground: keyof SeriesColor): string {
  return palette.map((color, slot) => `--series-${slot}: ${color[ground]};`).join(" ");
}
