/** A Unicode normalization form: canonical or compatible (K), decomposed (D) or composed (C). */
export type UnicodeForm = "NFC" | "NFD" | "NFKC" | "NFKD";

// What can become a row of marks that are to be sorted; the halfwidth ones do in NFKC and NFKD.
const LONG_ROW = /[\p{M}\uff9e\uff9f]{33,}/u;
const LONG_ROWS = new RegExp(LONG_ROW, "gu");

/**
 * `text.normalize(form)`, in linear time. Engines sort marks by insertion: a row of 10⁶, which no writing
 * has but anybody can send, would take hours. So long rows are sorted before.
 */
export function toForm(text: string, form: UnicodeForm): string {
  if (!LONG_ROW.test(text)) return text.normalize(form);
  const decomposed = form === "NFC" || form === "NFD" ? "NFD" : "NFKD";
  return text.replace(LONG_ROWS, (row) => sortRow(row, decomposed)).normalize(form);
}

/** Decomposes a row and sorts the marks between those that stay where they are, by combining class. */
function sortRow(row: string, form: "NFD" | "NFKD"): string {
  const marks = Array.from(row).flatMap((mark) => Array.from(mark.normalize(form)));
  const ranks = rank([...new Set(marks)]);
  const sorted: string[] = [];
  let pending: string[] = [];
  const flush = (): void => {
    for (const mark of pending.sort((a, b) => ranks.get(a)! - ranks.get(b)!)) sorted.push(mark);
    pending = [];
  };
  for (const mark of marks) {
    if (ranks.has(mark)) {
      pending.push(mark);
    } else {
      flush();
      sorted.push(mark);
    }
  }
  flush();
  return sorted.join("");
}

/** Numbers the marks that move, so that those of a lower combining class have a lower number. */
function rank(marks: readonly string[]): ReadonlyMap<string, number> {
  const moving = marks.filter(isMoving).toSorted(compare);
  const ranks = new Map<string, number>();
  let last = 0;
  for (const [i, mark] of moving.entries()) {
    if (i > 0 && compare(moving[i - 1]!, mark) < 0) last = i;
    ranks.set(mark, last);
  }
  return ranks;
}

/** JavaScript does not tell combining classes, but their order. */
function compare(a: string, b: string): number {
  if (changesPlaces(a, b)) return 1;
  return changesPlaces(b, a) ? -1 : 0;
}

function changesPlaces(a: string, b: string): boolean {
  return a !== b && (a + b).normalize("NFD") === b + a;
}

/** U+0334 has the lowest combining class, U+0345 the highest: each other changes places with one. */
function isMoving(mark: string): boolean {
  return changesPlaces(mark, "\u0334") || changesPlaces("\u0345", mark);
}
