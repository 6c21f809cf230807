import type { TokenizersRecord } from "./experiment.ts";
import { hasBlanks, measuresFor, nameOf, recordsOf } from "./measures.ts";

/**
 * The results as text: for each language and measure a row per algorithm, a column per size.
 * Numbers stand under each other.
 */
export function tokenizersTable(
  records: readonly TokenizersRecord[],
  languages: readonly string[],
): string {
  return languages.map((language) => languageTable(records, language)).join("\n\n");
}

function languageTable(records: readonly TokenizersRecord[], language: string): string {
  const rows = recordsOf(records, language);
  const sizes = rows[0]!.record.outcome.sizes.map(({ size }) => size);
  const measures = measuresFor(hasBlanks(records, language));
  const heads = measures.map(({ title }) => `${language}: ${title.toLowerCase()}`);
  const names = rows.map(({ algorithm }) => nameOf(algorithm));
  const width = Math.max(...[...heads, ...names].map(({ length }) => length));
  return measures
    .map(({ isShare, of }, i) => {
      const show = (value: number): string =>
        isShare ? `${(100 * value).toFixed(1)} %` : value.toFixed(3);
      const lines = rows.map(({ algorithm, record }) => {
        const cells = record.outcome.sizes.map(({ measures }) => show(of(measures)).padStart(9));
        return `${nameOf(algorithm).padEnd(width)}${cells.join("")}`;
      });
      const columns = sizes.map((size) => String(size).padStart(9)).join("");
      return [`${heads[i]!.padEnd(width)}${columns}`, ...lines].join("\n");
    })
    .join("\n");
}
