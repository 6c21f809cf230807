import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parseSentencePieceModel } from "orrery-lm/formats";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";

/** One answer of sentencepiece 0.2.2. Absent members equal the one before. */
interface Row {
  readonly kind: "encode" | "decode";
  readonly text?: string;
  readonly ids: readonly number[];
  readonly tokens?: readonly string[];
  readonly offsets?: readonly (readonly [number, number])[];
  readonly decoded?: string;
  /** The decoded text is not given: it is not `text`. */
  readonly lone_surrogate?: true;
}

const isAbsent = sharedData("golden") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";

describe.skipIf(isAbsent).each([
  ["albert-base-v1", "albert-base-v1/spiece.model", 804],
  ["mistral-v1", "mistral-v1/tokenizer.model", 796],
  ["test_sentencepiece", "test_sentencepiece/test_sentencepiece.model", 790],
])(`%s${note}`, (name, path, count) => {
  test("answers as sentencepiece 0.2.2 does, to every row", async () => {
    const bytes = readFileSync(sharedData(`tokenizers/${path}`)!);
    const tokenizer = new Tokenizer(parseSentencePieceModel(bytes));
    const rows = readRows(`golden/${name}.sentencepiece.jsonl.gz`);
    expect(rows.length).toBe(count);
    for (const row of rows) {
      expect({ text: row.text, ...ours(tokenizer, row) }).toEqual({
        text: row.text,
        ...theirs(row),
      });
    }
  });
});

/** Our answers, in the form of the rows. */
function ours(tokenizer: Tokenizer, row: Row): object {
  const decoded = tokenizer.decode(row.ids);
  if (row.text === undefined) return { decoded };
  const full = tokenizer.encodeFull(row.text, undefined, { offsetUnit: "codepoint" });
  return {
    ids: [...tokenizer.encode(row.text)],
    fullIds: [...full.ids],
    tokens: row.tokens && full.tokens,
    offsets: row.offsets && full.offsets,
    decoded: row.lone_surrogate ? undefined : decoded,
  };
}

function theirs(row: Row): object {
  const { kind, text = "", ids, tokens, offsets } = row;
  const decoded = row.lone_surrogate ? undefined : (row.decoded ?? text);
  if (kind === "decode") return { decoded };
  return { ids, fullIds: ids, tokens, offsets, decoded };
}

function readRows(path: string): Row[] {
  return gunzipSync(readFileSync(sharedData(path)!))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}
