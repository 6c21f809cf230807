import { type ByteSource, FormatError } from "orrery-lm/base";
import type { AsyncBuffer, FileMetaData } from "hyparquet";
import { checkPages } from "./parquet-pages.ts";

const PARQUET = "Parquet file";

/**
 * Reads the texts of one column of a Parquet file, row group by row group, so that a file of any size
 * takes the memory of its largest group. Rows without a text are left out.
 *
 * Files without compression and with Snappy can be read, which is how data sets are published.
 *
 * @yields the texts, in the order of the rows
 * @throws {FormatError} if it is no Parquet file, is broken, has no such column, or the column has
 * something else than texts.
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function* readParquetTexts(
  source: ByteSource,
  column: string,
): AsyncGenerator<string> {
  const { parquetMetadataAsync, parquetRead, snappyUncompress } = await import("hyparquet");
  const file: AsyncBuffer = {
    byteLength: source.size,
    slice: async (start, end = source.size) => {
      // What it asks for is said by the file.
      const from = Math.max(0, start < 0 ? source.size + start : start);
      const bytes = await source.slice(from, Math.min(Math.max(from, end), source.size));
      return new Uint8Array(bytes).buffer; // the slice of what Node reads may be no copy
    },
  };
  const metadata = await named(() => parquetMetadataAsync(file));
  const isOptional = checkColumn(metadata, column);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    for (const { meta_data: chunk } of group.columns) {
      if (chunk?.path_in_schema[0] !== column) continue;
      // oxlint-disable-next-line no-await-in-loop -- as below
      await named(() =>
        checkPages(source, { column: chunk, isOptional, unpackSnappy: snappyUncompress }),
      );
      if (group.num_rows < 0n || group.num_rows > chunk.num_values) {
        throw new FormatError(
          PARQUET,
          `expected at most ${chunk.num_values} rows in a group, got ${group.num_rows}`,
        );
      }
    }
    let rows: readonly Record<string, unknown>[] = [];
    // One group after the other: that is what bounds the memory.
    // oxlint-disable-next-line no-await-in-loop
    await named(() =>
      parquetRead({
        file,
        metadata,
        columns: [column],
        rowStart,
        rowEnd,
        rowFormat: "object",
        onComplete: (found) => {
          rows = found;
        },
      }),
    );
    for (const [i, row] of rows.entries()) {
      const text = row[column];
      if (typeof text === "string") yield text;
      else if (text !== null && text !== undefined) {
        throw new FormatError(
          PARQUET,
          `row ${rowStart + i}, column ${JSON.stringify(column)}: expected a text, got ${typeof text}`,
        );
      }
    }
    rowStart = rowEnd;
  }
}

/**
 * @returns whether rows may be without a text
 * @throws {FormatError} if there is no such column, with the names of those that there are, or it has no
 * texts.
 */
function checkColumn({ schema }: FileMetaData, column: string): boolean {
  const names: string[] = [];
  let at = 1; // behind the root, which is followed by its children, each by its own
  for (let i = 0; i < (schema[0]?.num_children ?? 0); i++) {
    if (schema[at] === undefined) break;
    const element = schema[at]!;
    if (element.name === column) {
      if (element.type === "BYTE_ARRAY" && element.repetition_type !== "REPEATED") {
        return element.repetition_type !== "REQUIRED";
      }
      throw new FormatError(
        PARQUET,
        `column ${JSON.stringify(column)}: expected texts, got ${element.type ?? "a group"}`,
      );
    }
    names.push(element.name);
    at = endOfElement(schema, at);
  }
  throw new FormatError(
    PARQUET,
    `there is no column ${JSON.stringify(column)}; there are ${JSON.stringify(names)}`,
  );
}

function endOfElement(schema: FileMetaData["schema"], start: number): number {
  let open = 1;
  let at = start;
  for (; open > 0 && at < schema.length; at++) open += (schema[at]!.num_children ?? 0) - 1;
  return at;
}

/** Says of what the library says that it is about this format. */
async function named<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(PARQUET, message.replace(/^parquet /, ""), { cause });
  }
}
