import { parquetWriteBuffer } from "hyparquet-writer";
import { FormatError, bytesSource, random } from "orrery-lm/base";
import { readParquetTexts } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

const texts = ["one", "", "行星 🪐", "a\nb", null, "last"];
const numbers = [1, 2, 3, 4, 5, 6];

// 10,000 nulls and 10,000 times "a" in pages of format 1, which hyparquet-writer does not write; by
// pyarrow 25.0.1: write_table(table, file, data_page_version="1.0", compression="NONE",
// write_statistics=False, store_schema=False).
const firstFormat = Uint8Array.from(
  atob(
    "UEFSMRUEFQoVCkwVAhUAEgAAAQAAAGEVABUiFSIsFcC4AhUQFQYVBhwAAAAIAAAAoJwBAKCcAQEBoJwBABUEGSw1AB" +
      "gGc2NoZW1hFQIAFQwlAhgEdGV4dCUATBwAAAAWwLgCGRwZHCYAHBUMGTUABhAZGAR0ZXh0FQAWwLgCFnIWciYuJggp" +
      "LBUEFQAVAgAVABUQFQIAPBagnAEZBhkmoJwBoJwBAAAAFnIWwLgCJggWcgAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcn" +
      "Npb24gMjUuMC4xGRwcAAAAngAAAFBBUjE=",
  ),
  (byte) => byte.charCodeAt(0),
);

type Settings = Omit<Parameters<typeof parquetWriteBuffer>[0], "columnData">;

function write(settings: Settings = {}): Uint8Array {
  const columnData = [
    { name: "id", data: numbers, type: "INT32" as const },
    { name: "text", data: texts, type: "STRING" as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, ...settings }));
}

function writeTexts(data: readonly (string | null)[]): Uint8Array {
  const columnData = [{ name: "text", data: [...data], type: "STRING" as const }];
  return new Uint8Array(parquetWriteBuffer({ columnData, codec: "UNCOMPRESSED" }));
}

async function read(bytes: Uint8Array, column = "text"): Promise<string[]> {
  const found: string[] = [];
  for await (const text of readParquetTexts(bytesSource(bytes), column)) found.push(text);
  return found;
}

describe("readParquetTexts", () => {
  test.each<[string, Settings]>([
    ["with Snappy", {}],
    ["without compression", { codec: "UNCOMPRESSED" }],
    ["in groups of two rows", { rowGroupSize: 2 }],
  ])("reads a column %s", async (_, settings) => {
    expect(await read(write(settings))).toEqual(texts.filter((text) => text !== null));
  });

  test("a byte that is changed gives texts or a clear error, in bounded time", async () => {
    const whole = write({ rowGroupSize: 2 });
    const draw = random(7);
    for (let round = 0; round < 300; round++) {
      const changed = whole.slice();
      changed[draw.integer(changed.length)] = draw.integer(256);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const outcome = await read(changed).catch((error: unknown) => error);
      expect(Array.isArray(outcome) || outcome instanceof FormatError).toBe(true);
    }
  });

  test("reads runs of equal texts and of nulls, whatever the page", async () => {
    const data = Array.from(
      { length: 20_000 },
      (_, i) => [`a`, "b", null][Math.floor(i / 3000) % 3]!,
    );
    for (const codec of ["SNAPPY", "UNCOMPRESSED"] as const) {
      const columnData = [{ name: "text", data, type: "STRING" as const }];
      const bytes = new Uint8Array(parquetWriteBuffer({ columnData, codec }));
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await read(bytes)).toEqual(data.filter((text) => text !== null));
    }
  });

  test("reads pages of format 1", async () => {
    expect(await read(firstFormat)).toEqual(Array.from({ length: 10_000 }, () => "a"));
  });

  test("reads a Buffer of Node, which may be a part of something larger", async () => {
    const bytes = write();
    const whole = Buffer.alloc(bytes.length + 200, 1);
    whole.set(bytes, 100);
    const found = await read(whole.subarray(100, 100 + bytes.length));
    expect(found).toEqual(await read(bytes));
  });

  const nulls = Array.from({ length: 10_000 }, () => null);
  const equal = Array.from({ length: 10_000 }, () => "a");

  // A page of the writer begins behind 1,000 rows; counted are the whole runs behind it.
  test.each<[string, Uint8Array, number]>([
    ["nulls before texts: of levels and of values", writeTexts([...nulls, ...equal]), 2],
    ["texts before nulls: of levels", writeTexts([...equal, ...nulls]), 1],
    ["format 1: two of levels, one of values", firstFormat, 3],
  ])("refuses each run that says more values than there are, %s", async (_, bytes, runs) => {
    const errors: string[] = [];
    for (let i = bytes.length - 3; i >= 0; i--) {
      // Twice 10,000, the length of a run as it is written; now twice a million.
      if (bytes[i] !== 0xa0 || bytes[i + 1] !== 0x9c || bytes[i + 2] !== 1) continue;
      const changed = bytes.slice();
      changed.set([0xfe, 0xff, 0x7f], i);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      errors.push(String(await read(changed).catch((error: unknown) => error)));
    }
    expect(errors.filter((error) => error.includes("expected runs of"))).toHaveLength(runs);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["a column that is not there", () => read(write(), "body"), `there are ["id","text"]`],
    ["a column of numbers", () => read(write(), "id"), "expected texts, got INT32"],
    ["another format", () => read(new TextEncoder().encode("{}\n".repeat(20))), "Parquet file"],
    ["nothing", () => read(new Uint8Array()), "Parquet file"],
    ["a file that is cut short", () => read(write().subarray(0, -20)), "Parquet file"],
  ])("refuses %s", async (_, run, message) => {
    await expect(run()).rejects.toThrow(FormatError);
    await expect(run()).rejects.toThrow(message);
  });
});
