import { escapeHtml } from "./escape.ts";

/** A box of a {@link stackPicture}. */
export interface StackBox {
  readonly title: string;
  readonly lines: readonly string[];
}

const WIDTH = 824;
const LINE = 20;
const GAP = 26;
const INSET = 14;
// What fits a line of the box, in the mean letter of a sans-serif of 13 pixels.
const LETTERS = 118;

/** Boxes above each other, with arrows from the lowest to the highest, as SVG. */
export function stackPicture(boxes: readonly StackBox[]): string {
  let top = 4;
  const drawn = boxes.map(({ title, lines }, i) => {
    const rows = lines.flatMap(wrap);
    const height = (rows.length + 1) * LINE + INSET;
    const texts = [title, ...rows].map(
      (text, row) =>
        `<text x="${INSET}" y="${top + INSET / 2 + LINE * (row + 0.75)}" font-size="13" ` +
        `font-weight="${row === 0 ? 600 : 400}" fill="currentColor" xml:space="preserve">${escapeHtml(text)}</text>`,
    );
    const box =
      `<rect x="1" y="${top}" width="${WIDTH - 2}" height="${height}" rx="6" fill="none" ` +
      `stroke="currentColor" stroke-opacity="0.5"/>`;
    const arrow = i === 0 ? "" : upArrow(top - GAP, top);
    top += height + GAP;
    return arrow + box + texts.join("");
  });
  const label = boxes
    .map(({ title }) => title)
    .reverse()
    .join(", then ");
  return (
    `<svg class="figure-svg" viewBox="0 0 ${WIDTH} ${top - GAP + 4}" width="${WIDTH}" role="img" ` +
    `aria-label="${escapeHtml(label)}" xmlns="http://www.w3.org/2000/svg">${drawn.join("")}</svg>`
  );
}

function upArrow(high: number, low: number): string {
  const x = WIDTH / 2;
  return `<path d="M${x} ${low - 3}V${high + 5}m-4 6l4 -6l4 6" fill="none" stroke="currentColor"/>`;
}

/** A line in pieces that fit. */
function wrap(line: string): string[] {
  const indent = /^ */.exec(line)![0];
  const rows: string[] = [];
  let row = "";
  for (const word of line.trim().split(" ")) {
    if (row !== "" && row.length + word.length + 1 > LETTERS) {
      rows.push(row);
      row = `${indent}  ${word}`;
    } else {
      row = row === "" ? indent + word : `${row} ${word}`;
    }
  }
  return [...rows, row];
}
