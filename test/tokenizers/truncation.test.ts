import { readFileSync } from "node:fs";
import { ConfigError } from "orrery-lm/base";
import { type Encoding, Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";

interface Row {
  readonly text: string;
  readonly pair: string | null;
  /** Where the reference refuses, or panics. */
  readonly error?: string;
}

/** See goldens/generate/truncation.py. */
interface Golden {
  readonly file: string;
  readonly cases: readonly {
    readonly truncation: { readonly max_length: number; readonly strategy: string } | null;
    readonly padding: object | null;
    readonly rows: readonly Row[];
    readonly batch: readonly (readonly number[])[] | null;
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/truncation.json", import.meta.url), "utf8"),
);
const match = { specialTokens: "match", offsetUnit: "codepoint" } as const;

function load(changes: object): Promise<Tokenizer> {
  const json = { ...JSON.parse(golden.file), ...changes };
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

/** One token is left for two texts that both have more than `max_length`. */
function differs(truncation: Golden["cases"][number]["truncation"], { text, pair }: Row): boolean {
  const isOdd = truncation?.strategy === "LongestFirst" && truncation.max_length === 4;
  return isOdd && text.length > 10 && pair !== null && pair.length > 10;
}

function plain(encoding: Encoding): object {
  const lists = Object.entries(encoding).filter(([name]) => name !== "overflowing");
  return Object.fromEntries(lists.map(([name, list]) => [name, Array.from<unknown>(list)]));
}

describe.each(golden.cases)(
  "75 as the reference with $truncation $padding",
  async ({ truncation, padding, rows, batch }) => {
    const tokenizer = await load({ truncation, padding });

    test.each(rows.filter((row) => row.error === undefined && !differs(truncation, row)))(
      "$text | $pair",
      ({ text, pair, ...expected }) => {
        const full = tokenizer.encodeFull(text, pair ?? undefined, match);
        expect(plain(full)).toEqual(expected);
        const alone = tokenizer.encodeFull(text, undefined, match);
        expect(tokenizer.encode(text, match)).toEqual(alone.ids);
      },
    );

    test.each(rows.filter(({ error }) => error !== undefined))(
      "where it refuses ($error): $text | $pair",
      ({ text, pair }) => {
        const { ids } = tokenizer.encodeFull(text, pair ?? undefined, match);
        expect(ids.length).toBeLessThanOrEqual(truncation!.max_length);
      },
    );

    // A known divergence: 0.23 compares lengths that it has cut already.
    const divergent = rows.filter((row) => row.error === undefined && differs(truncation, row));
    test.each(divergent)("the odd token goes to the longer text: $text | $pair", (row) => {
      const { text, pair, ...theirs } = row;
      const ours = tokenizer.encodeFull(text, pair!, match);
      const isFirstLonger = text.length > pair!.length;
      expect(ours.sequenceIds.filter((id) => id >= 0)).toEqual(Int8Array.of(isFirstLonger ? 0 : 1));
      expect(plain(ours)).not.toEqual(theirs);
    });

    if (batch === null) return;
    test("a batch", async () => {
      const texts = rows.filter(({ pair }) => pair === null).map(({ text }) => text);
      const ids = await tokenizer.encodeBatch(texts, match);
      expect(ids.map((list) => [...list])).toEqual(batch);
    });
  },
);

describe("truncation", async () => {
  const tokenizer = await load({});
  const text = "the planets wander, and the little planets wander with them";

  test.each(["Left", "Right"] as const)("lets all the rest overflow, cut %s", (direction) => {
    const whole = [...tokenizer.encode(text, { addSpecialTokens: false })];
    const truncation = { maxLength: 10, stride: 2, direction };
    const full = tokenizer.encodeFull(text, undefined, { truncation, addSpecialTokens: false });
    const parts = [full, ...full.overflowing!].map(({ ids }) => [...ids]);
    const starts = parts.map((_, i) => (direction === "Right" ? 8 * i : whole.length - 10 - 8 * i));
    expect(parts).toEqual(starts.map((at) => whole.slice(Math.max(0, at), at + 10)));
    expect(direction === "Right" ? starts.at(-1)! + 10 >= whole.length : starts.at(-1)! <= 0).toBe(
      true,
    );
  });

  test("pairs every part of the one with every part of the other", () => {
    const options = { truncation: { maxLength: 11 }, addSpecialTokens: false } as const;
    const full = tokenizer.encodeFull(text, text, options);
    const count = Math.ceil(tokenizer.count(text, options) / 5);
    expect(full.overflowing!.length + 1).toBe(
      count * Math.ceil(tokenizer.count(text, options) / 6),
    );
    expect(new Set(full.overflowing!.map(({ ids }) => ids.join(" "))).size).toBe(
      full.overflowing!.length,
    );
  });

  test("makes the parts that overflow only for who reads them, and once", () => {
    const long = "a b ".repeat(10_000);
    const options = { truncation: { maxLength: 2 }, addSpecialTokens: false } as const;
    expect(tokenizer.encodeFull(long, long, options).ids).toHaveLength(2);
    const full = tokenizer.encodeFull(text, text, options);
    expect(full.overflowing).toBe(full.overflowing);
  });

  test("keeps no more in memory than what stays", () => {
    const options = { truncation: { maxLength: 2 }, addSpecialTokens: false } as const;
    expect(tokenizer.encode(text, options).buffer.byteLength).toBe(8);
    expect(tokenizer.encodeFull(text, undefined, options).ids.buffer.byteLength).toBe(8);
  });

  test("leaves alone what is counted", () => {
    const options = { truncation: { maxLength: 3 }, padding: { token: "x", length: 5 } };
    expect(tokenizer.encode(text, options)).toHaveLength(5);
    expect(tokenizer.count(text)).toBeGreaterThan(5);
  });

  test("of a file can be switched off", async () => {
    const { truncation, padding } = golden.cases.at(-1)!;
    const cutting = await load({ truncation, padding });
    expect(cutting.encode(text)).not.toEqual(tokenizer.encode(text));
    expect(cutting.encode(text, { truncation: false, padding: false })).toEqual(
      tokenizer.encode(text),
    );
  });

  test.each<[object, string]>([
    [{ truncation: { maxLength: -1 } }, "maxLength must be 0, 1, 2, …, got -1"],
    [{ truncation: { maxLength: 4, stride: 0.5 } }, "stride must be 0, 1, 2, …, got 0.5"],
    [{ truncation: { maxLength: 4, stride: 4 } }, "stride must be below maxLength 4, got 4"],
    [{ padding: { token: "no such token" } }, '"no such token" is not in the vocabulary'],
    [
      { padding: { token: "x", length: 1.5 } },
      "length must be a whole number from 0 to 16777216, got 1.5",
    ],
    [{ padding: { token: "x", length: 2 ** 24 + 1 } }, "length must be a whole number"],
    [{ padding: { token: "x", multipleOf: 2 ** 25 } }, "multipleOf must be a whole number"],
    [{ padding: { token: "x", typeId: 256 } }, "typeId must be a whole number from 0 to 255"],
    [{ padding: { token: "x", typeId: -1 } }, "typeId must be a whole number"],
    [{ padding: { token: "x", typeId: 0.5 } }, "typeId must be a whole number"],
    [
      { padding: { token: "x", multipleOf: -8 } },
      "multipleOf must be a whole number from 0 to 16777216, got -8",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => tokenizer.encode(text, options)).toThrow(ConfigError);
    expect(() => tokenizer.encodeFull(text, undefined, options)).toThrow(message);
  });
});
