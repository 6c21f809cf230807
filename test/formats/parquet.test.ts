import { parquetWriteBuffer } from "hyparquet-writer";
import { FormatError, bytesSource, random } from "orrery-lm/base";
import { readParquetTexts } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

const texts = ["one", "", "行星 🪐", "a\nb", null, "last"];
const numbers = [1, 2, 3, 4, 5, 6];

type Settings = Omit<Parameters<typeof parquetWriteBuffer>[0], "columnData">;

function write(settings: Settings = {}): Uint8Array {
  const columnData = [
    { name: "id", data: numbers, type: "INT32" as const },
    { name: "text", data: texts, type: "STRING" as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, ...settings }));
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

  test.each<[string, () => Promise<unknown>, string]>([
    ["a column that is not there", () => read(write(), "body"), `there are ["id","text"]`],
    ["a column of numbers", () => read(write(), "id"), "expected a text, got number"],
    ["another format", () => read(new TextEncoder().encode("{}\n".repeat(20))), "Parquet file"],
    ["nothing", () => read(new Uint8Array()), "Parquet file"],
    ["a file that is cut short", () => read(write().subarray(0, -20)), "Parquet file"],
  ])("refuses %s", async (_, run, message) => {
    await expect(run()).rejects.toThrow(FormatError);
    await expect(run()).rejects.toThrow(message);
  });
});
