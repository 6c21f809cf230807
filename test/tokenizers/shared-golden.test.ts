import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { wellFormed } from "../nasty-strings.ts";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";

/** One answer of `tokenizers` 0.23.2 about a real vocabulary. Absent members equal the one before. */
interface Row {
  readonly kind: "encode" | "pair" | "decode";
  readonly text: string;
  readonly pair: string;
  readonly ids: readonly number[];
  readonly ids_special?: readonly number[];
  readonly tokens?: readonly string[];
  readonly offsets?: readonly (readonly [number, number])[];
  readonly decoded?: string;
  readonly decoded_skip?: string;
  readonly type_ids: readonly number[];
  readonly special_mask: readonly number[];
}

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";
const match = { specialTokens: "match" } as const;

describe.skipIf(isAbsent).each(["gpt2", "phi-2"])(`%s${note}`, (name) => {
  test("answers as tokenizers 0.23.2 does, to every row", async () => {
    const tokenizer = await Tokenizer.load(sharedData(`tokenizers/${name}`)!);
    const rows = readLines<Row>(`golden/${name}.tokenizers.jsonl.gz`);
    expect(rows.length).toBe(783);
    for (const row of rows) {
      expect({ text: row.text, ...ours(tokenizer, row) }).toEqual({
        text: row.text,
        ...theirs(row),
      });
    }
  });
});

test.skipIf(isAbsent)(`gpt2 answers published vectors${note}`, async () => {
  const tokenizer = await Tokenizer.load(sharedData("tokenizers/gpt2/tokenizer.json")!);
  const rows = readLines<{ text: string; ids: number[]; add_special_tokens?: boolean }>(
    "vectors/gpt2.jsonl.gz",
  );
  expect(rows.length).toBe(233);
  for (const { text, ids, add_special_tokens: addSpecialTokens = false } of rows) {
    expect([text, ...tokenizer.encode(text, { ...match, addSpecialTokens })]).toEqual([
      text,
      ...ids,
    ]);
  }
});

describe.skipIf(isAbsent).each(["en", "zh", "multi"])(
  `training on corpora/%s.txt${note}`,
  (name) => {
    test("learns what tokenizers 0.23.2 learns, merge for merge", async () => {
      const text = readFileSync(sharedData(`corpora/${name}.txt`)!, "utf8");
      const golden = readJson(`trained/bpe-bytelevel-${name}-8000.json.gz`);
      const tokenizer = await trainTokenizer(splitLines(text), {
        vocabSize: 8000,
        minFrequency: 1,
      });
      const file = tokenizer.save("tokenizer.json")["tokenizer.json"];
      const { model } = JSON.parse(new TextDecoder().decode(file));
      expect(model.merges).toEqual(golden.merges);
      expect(model.vocab).toEqual(golden.vocab);
    });
  },
);

/** Our answers, in the form of the rows. */
function ours(tokenizer: Tokenizer, row: Row): object {
  const { ids, ids_special: special = ids } = row;
  if (row.kind === "pair") {
    const full = tokenizer.encodeFull(row.text, row.pair, match);
    return { ids: [...full.ids], types: [...full.typeIds], mask: [...full.specialTokensMask] };
  }
  const decoded = tokenizer.decode(ids);
  const decodedSkip = tokenizer.decode(special, { skipSpecialTokens: true });
  if (row.kind === "decode") return { decoded, decodedSkip };
  const full = tokenizer.encodeFull(row.text, undefined, { ...match, offsetUnit: "codepoint" });
  return {
    ids: [...tokenizer.encode(row.text, { ...match, addSpecialTokens: false })],
    special: [...tokenizer.encode(row.text, match)],
    tokens: row.tokens && full.tokens,
    offsets: row.offsets && full.offsets,
    decoded,
    decodedSkip,
  };
}

function theirs(row: Row): object {
  const { ids, ids_special: special = ids } = row;
  if (row.kind === "pair") return { ids, types: row.type_ids, mask: row.special_mask };
  const decoded = row.decoded ?? wellFormed(row.text ?? "");
  const decodedSkip = row.decoded_skip ?? decoded;
  if (row.kind === "decode") return { decoded, decodedSkip };
  return { ids, special, tokens: row.tokens, offsets: row.offsets, decoded, decodedSkip };
}

function readLines<T>(path: string): T[] {
  return unzip(path)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

function readJson(path: string): { vocab: unknown; merges: unknown } {
  return JSON.parse(unzip(path));
}

function unzip(path: string): string {
  return gunzipSync(readFileSync(sharedData(path)!)).toString("utf8");
}
