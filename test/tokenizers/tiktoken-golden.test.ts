import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { wellFormed } from "../nasty-strings.ts";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";

/** See goldens/generate/tiktoken-ranks.py. */
interface Golden {
  readonly specialTokens: Readonly<Record<string, number>>;
  readonly ranks: string;
  readonly cases: readonly {
    readonly pattern: string;
    /** The same pattern as tiktoken spells it. */
    readonly spelled: string;
    readonly rows: readonly {
      readonly text: string;
      /** Special tokens as text. */
      readonly ids: readonly number[];
      readonly match: readonly number[];
      readonly starts: readonly number[];
    }[];
  }[];
  /** Patterns of other models, as `tokenizers` cuts. */
  readonly others: readonly {
    readonly pattern: string;
    readonly rows: readonly {
      readonly text: string;
      readonly ids: readonly number[];
      readonly starts: readonly number[];
    }[];
  }[];
  readonly decodes: readonly { readonly ids: readonly number[]; readonly decoded: string }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/tiktoken-ranks.json", import.meta.url), "utf8"),
);
const { specialTokens } = golden;
const bytes = new TextEncoder().encode(golden.ranks);

describe.each(golden.cases)("the pattern $pattern", ({ pattern, spelled, rows }) => {
  test.each([
    ["by name", pattern],
    ["by its official name", `${pattern}_base`],
    ["as tiktoken spells it", spelled],
  ])("%s: answers as tiktoken 0.14.0", async (_how, given) => {
    const tokenizer = await Tokenizer.load(bytes, { pattern: given, specialTokens });
    for (const { text, ids, match, starts } of rows) {
      const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
      const decoded = tokenizer.decode(ids);
      expect([text, ...tokenizer.encode(text)]).toEqual([text, ...ids]);
      expect([text, ...full.ids]).toEqual([text, ...ids]);
      expect([text, ...full.offsets.map(([start]) => start)]).toEqual([text, ...starts]);
      expect([text, ...tokenizer.encode(text, { specialTokens: "match" })]).toEqual([
        text,
        ...match,
      ]);
      expect(decoded).toBe(text);
    }
  });
});

test.each(golden.others)("$pattern cuts as tokenizers 0.23.2", async ({ pattern, rows }) => {
  const tokenizer = await Tokenizer.load(bytes, { pattern, specialTokens });
  for (const { text, ids, starts } of rows) {
    const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
    expect([text, ...tokenizer.encode(text)]).toEqual([text, ...ids]);
    expect([text, ...full.offsets.map(([start]) => start)]).toEqual([text, ...starts]);
  }
});

test("decodes as tiktoken 0.14.0", async () => {
  const tokenizer = await Tokenizer.load(bytes, { pattern: "gpt2", specialTokens });
  for (const { ids, decoded } of golden.decodes) expect(tokenizer.decode(ids)).toBe(decoded);
});

test("saves the ranks as they came", async () => {
  const tokenizer = await Tokenizer.load(bytes, { pattern: "gpt2", specialTokens });
  const saved = new TextDecoder().decode(tokenizer.save("tiktoken")["tokenizer.tiktoken"]);
  expect(saved).toBe(golden.ranks);
});

interface Row {
  readonly kind: "encode" | "decode";
  readonly text: string;
  readonly ids: readonly number[];
  /** Absent where equal to `ids`. */
  readonly ids_special?: readonly number[];
  /** Starts in code points. */
  readonly offsets?: readonly number[];
  /** Absent where equal to `text`. */
  readonly decoded?: string;
}

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";

describe.skipIf(isAbsent).each([
  ["cl100k_base", 804],
  ["whisper-multilingual", 783],
] as const)(`%s${note}`, (name, count) => {
  test("answers as tiktoken 0.14.0 does, to every row", async () => {
    const tokenizer = await load(name);
    const rows = readLines<Row>(`golden/${name}.tiktoken.jsonl.gz`);
    expect(rows.length).toBe(count);
    for (const { kind, text, ids, ids_special: special = ids, offsets, decoded } of rows) {
      expect(tokenizer.decode(ids)).toBe(decoded ?? wellFormed(text));
      if (kind === "decode") continue;
      const match = tokenizer.encode(text, { specialTokens: "match" });
      const full = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
      expect([text, ...tokenizer.encode(text)]).toEqual([text, ...ids]);
      expect([text, ...full.ids]).toEqual([text, ...ids]);
      expect([text, ...match]).toEqual([text, ...special]);
      if (offsets === undefined) continue;
      expect([text, ...full.offsets.map(([start]) => start)]).toEqual([text, ...offsets]);
    }
  });
});

test.skipIf(isAbsent)(`cl100k_base answers published vectors${note}`, async () => {
  const tokenizer = await load("cl100k_base");
  const rows = readLines<{ text: string; ids: number[]; add_special_tokens?: boolean }>(
    "vectors/cl100k_base.jsonl.gz",
  );
  expect(rows.length).toBe(647);
  for (const { text, ids, add_special_tokens: matches = false } of rows) {
    const encoded = tokenizer.encode(text, { specialTokens: matches ? "match" : "text" });
    expect([text, ...encoded]).toEqual([text, ...ids]);
  }
});

function load(name: "cl100k_base" | "whisper-multilingual"): Promise<Tokenizer> {
  const { files } = JSON.parse(
    readFileSync(sharedData(`tokenizers/${name}/meta.json`)!, "utf8"),
  ) as {
    files: { file: string; special_tokens: Record<string, number> }[];
  };
  const [{ file, special_tokens: tokens }] = files as [(typeof files)[0]];
  return Tokenizer.load(sharedData(`tokenizers/${name}/${file}`)!, {
    pattern: name === "cl100k_base" ? "cl100k" : "gpt2",
    specialTokens: tokens,
  });
}

function readLines<T>(path: string): T[] {
  return gunzipSync(readFileSync(sharedData(path)!))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
