import { paletteCss } from "./palette.ts";

/** The style sheet of reports. System fonts only; nothing is loaded. */
export const pageStyle: string = `
:root {
  color-scheme: light dark;
  --page: #fdfcfa; --ink: #1c1b1a; --soft: #5f5c57; --line: #ddd8cf; --tint: #f4f1ea; --accent: #7a4a12;
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Liberation Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, monospace;
  ${paletteCss("light")}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #161513; --ink: #e9e6e0; --soft: #a39e95; --line: #38352f; --tint: #211f1c; --accent: #e0b070;
    ${paletteCss("dark")}
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 1.0625rem/1.6 var(--serif); text-rendering: optimizeLegibility;
}
main { max-width: 54rem; margin: 0 auto; padding: 4rem 1.25rem 3rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.9rem, 5.5vw, 2.75rem); font-weight: 600; letter-spacing: -0.015em; margin: 0; }
h2 {
  font-size: 1.4rem; font-weight: 600; margin: 3.5rem 0 0.75rem; padding-top: 0.9rem;
  border-top: 1px solid var(--line);
}
h3 { font: 600 0.9375rem/1.35 var(--sans); margin: 0; }
p, figcaption { text-wrap: pretty; }
p { margin: 0 0 0.9rem; max-width: 40rem; hyphens: auto; overflow-wrap: break-word; }
.question { font-style: italic; font-size: 1.2rem; color: var(--soft); margin: 0.75rem 0 1.75rem; }
.answer {
  font-size: 1.2rem; line-height: 1.5; max-width: none; margin: 0 0 1.75rem;
  padding: 0.1rem 0 0.1rem 1.1rem; border-left: 3px solid var(--accent);
}
.facts {
  display: flex; flex-wrap: wrap; gap: 0.75rem 2.25rem; margin: 0;
  font: 0.875rem/1.4 var(--sans);
}
.facts dt { color: var(--soft); font-size: 0.8125rem; }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figure.plot { margin: 1.5rem 0 2.25rem; break-inside: avoid; }
figure.plot svg { display: block; max-width: 100%; height: auto; margin: 0.4rem 0 0; overflow: visible; }
.figure-svg { --plot-background: var(--page); font-family: var(--sans); }
.figure-svg [aria-label="y-grid"] { stroke: var(--line); stroke-opacity: 1; }
.narrow, .wide + .narrow { display: none; }
figcaption, .note, details, footer { font: 0.875rem/1.5 var(--sans); color: var(--soft); }
figcaption { max-width: 44rem; margin-top: 0.5rem; }
.legend {
  display: none; flex-wrap: wrap; gap: 0.15rem 1rem; list-style: none; margin: 0.5rem 0 0; padding: 0;
  font: 0.8125rem/1.5 var(--sans);
}
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.legend .stroke { width: 1.4rem; height: 0; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; width: fit-content; color: var(--accent); }
details .table { margin-top: 0.5rem; }
.table { overflow-x: auto; margin: 1.25rem 0 0.75rem; }
table {
  border-collapse: collapse; width: 100%;
  font: 0.875rem/1.4 var(--sans); color: var(--ink); font-variant-numeric: tabular-nums lining-nums;
}
caption { text-align: left; color: var(--soft); padding-bottom: 0.4rem; }
th, td { padding: 0.4rem 0.9rem 0.4rem 0; text-align: left; vertical-align: baseline; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
thead .group { text-align: center; color: var(--soft); font-weight: 400; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 500; white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 1px solid var(--line); }
tr.aside > * { color: var(--soft); font-style: italic; }
.number { text-align: right; white-space: nowrap; padding-left: 0.5rem; }
.first { padding-left: 2.5rem; }
table.wordy { width: auto; }
table.wordy tbody th { padding-right: 2.5rem; color: var(--soft); }
.swatch {
  display: inline-block; width: 0.65rem; height: 0.65rem; border-radius: 2px; margin-right: 0.55rem;
  print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
pre {
  font: 0.875rem/1.5 var(--mono); background: var(--tint); margin: 0.9rem 0; padding: 0.8rem 1rem;
  border-radius: 4px; overflow-x: auto;
}
.samples { display: grid; gap: 1.25rem; }
.sample figcaption { margin: 0 0 0.2rem; color: var(--ink); font-weight: 600; }
.sample blockquote {
  margin: 0; padding-left: 1rem; border-left: 2px solid var(--line); font-size: 0.9688rem; line-height: 1.55;
  white-space: pre-line; overflow-wrap: break-word;
}
footer { margin-top: 4rem; padding-top: 0.9rem; border-top: 1px solid var(--line); }
@media screen and (max-width: 48rem) {
  main { padding-top: 2rem; }
  .wide { display: none; }
  .wide + .narrow { display: block; }
  .legend { display: flex; }
  h2 { margin-top: 2.75rem; }
  thead .number { white-space: normal; }
  .first { padding-left: 1rem; }
}
@media print {
  :root { --page: #fff; --ink: #000; --soft: #444; --line: #bbb; --tint: #f4f4f4; }
  @page { margin: 18mm 16mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2 { break-after: avoid; margin-top: 2rem; }
  tr, .sample { break-inside: avoid; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); }
  .table { overflow: visible; }
  details { display: none; }
}
`;
