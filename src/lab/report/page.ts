import { escapeHtml } from "./escape.ts";
import type { LineFigure } from "./figure.ts";
import { lineFigure } from "./line-figure.ts";
import { pageStyle } from "./style.ts";
import { figureTable, renderLegend, renderTable, type Table } from "./table.ts";

/** A piece of a section. All text is plain text. */
export type Block =
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "figure";
      readonly figure: LineFigure;
      readonly caption: string;
      /** Decimals of the numbers under the figure. @default 3 */
      readonly digits?: number;
    }
  | { readonly type: "table"; readonly table: Table; readonly note?: string }
  | { readonly type: "code"; readonly code: string }
  /** SVG that was drawn here; it is not escaped. */
  | { readonly type: "picture"; readonly svg: string; readonly caption: string }
  | { readonly type: "samples"; readonly samples: readonly Sample[] };

/** Text that a model wrote. */
export interface Sample {
  readonly title: string;
  readonly text: string;
}

/** A part of a report with its heading. */
export interface ReportSection {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

/** A report as data. */
export interface Report {
  readonly title: string;
  readonly question: string;
  /** The answer in a few sentences; stands above everything else. */
  readonly answer: string;
  /** Short facts under the answer: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly ReportSection[];
  /** The last line. */
  readonly footer: string;
}

/**
 * A report as one HTML file: it needs no network, no script and no font, fits a phone and a sheet of
 * paper, and is dark where the reader's system is.
 *
 * Every figure is there twice, for wide and for narrow screens, so that its text keeps its size;
 * its numbers stand below it.
 */
export async function renderReport(report: Report): Promise<string> {
  const { title, question, answer, facts, sections, footer } = report;
  const bodies = await Promise.all(sections.map(renderSection));
  const rows = facts.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(title)}</h1>
<p class="question">${escapeHtml(question)}</p>
<p class="answer">${escapeHtml(answer)}</p>
<dl class="facts">${rows.join("")}</dl>
</header>
${bodies.join("\n")}
<footer>${escapeHtml(footer)}</footer>
</main>
</body>
</html>
`;
}

async function renderSection({ heading, blocks }: ReportSection): Promise<string> {
  const bodies = await Promise.all(blocks.map(renderBlock));
  return `<section>\n<h2>${escapeHtml(heading)}</h2>\n${bodies.join("\n")}\n</section>`;
}

async function renderBlock(block: Block): Promise<string> {
  switch (block.type) {
    case "text":
      return `<p>${escapeHtml(block.text)}</p>`;
    case "code":
      return `<pre tabindex="0"><code>${escapeHtml(block.code)}</code></pre>`;
    case "table": {
      const note = block.note === undefined ? "" : `<p class="note">${escapeHtml(block.note)}</p>`;
      return renderTable(block.table) + note;
    }
    case "samples":
      return `<div class="samples">${block.samples.map(renderSample).join("")}</div>`;
    case "picture":
      return `<figure class="plot">${block.svg}<figcaption>${escapeHtml(block.caption)}</figcaption></figure>`;
    case "figure":
      return renderFigure(block.figure, block.caption, block.digits ?? 3);
    default:
      return block satisfies never;
  }
}

function renderSample({ title, text }: Sample): string {
  return (
    `<figure class="sample"><figcaption>${escapeHtml(title)}</figcaption>` +
    `<blockquote>${escapeHtml(text)}</blockquote></figure>`
  );
}

async function renderFigure(figure: LineFigure, caption: string, digits: number): Promise<string> {
  const [wide, narrow] = await Promise.all([
    lineFigure(figure, { width: 824 }),
    lineFigure(figure, { width: 370 }),
  ]);
  return (
    `<figure class="plot"><h3>${escapeHtml(figure.title)}</h3>${renderLegend(figure)}` +
    `<div class="wide">${wide}</div><div class="narrow">${narrow}</div>` +
    `<figcaption>${escapeHtml(caption)}</figcaption>` +
    `<details><summary>The numbers</summary>${renderTable(figureTable(figure, digits))}</details>` +
    `</figure>`
  );
}
