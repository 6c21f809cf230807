import { readFileSync } from "node:fs";
import { ConfigError, FormatError } from "orrery-lm/base";
import { parseTokenizerJson, parseVocabTxt } from "orrery-lm/formats";
import { Tokenizer } from "orrery-lm/tokenizers";
import { beforeAll, describe, expect, test } from "vitest";
import { nastyStrings } from "../nasty-strings.ts";
import { type GoldenAnswer, ours, theirs } from "./golden-answers.ts";

/** See goldens/generate/bert.py. */
interface BertGolden {
  readonly vocabTxt: string;
  /** The tokenizer.json that the reference makes of it. */
  readonly written: object;
  readonly files: readonly {
    readonly name: string;
    readonly text: string;
    readonly lowercase: boolean;
    readonly written: object;
  }[];
  readonly cases: readonly {
    readonly name: string;
    readonly changes: object;
    readonly rows: readonly GoldenAnswer[];
  }[];
}

const golden: BertGolden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/bert.json", import.meta.url), "utf8"),
);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const jsonBytes = (json: object): Uint8Array => bytesOf(JSON.stringify(json));

describe.each(golden.cases)("as the reference, trap $name", ({ changes, rows }) => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await Tokenizer.load(jsonBytes({ ...golden.written, ...changes }));
  });

  test.each(rows)("$kind $text $ids", (row) => {
    expect(ours(tokenizer, row)).toEqual(theirs(row));
  });
});

describe("vocab.txt", () => {
  test.each([
    {
      name: "the whole vocabulary",
      text: golden.vocabTxt,
      lowercase: true,
      written: golden.written,
    },
    ...golden.files,
  ])("is read as the reference does: $name", ({ text, lowercase, written }) => {
    expect(parseVocabTxt(bytesOf(text), lowercase)).toEqual(parseTokenizerJson(jsonBytes(written)));
  });

  test("is recognized by its content, uncased unless told otherwise", async () => {
    const uncased = await Tokenizer.load(bytesOf(golden.vocabTxt));
    const cased = await Tokenizer.load(
      { "vocab.txt": bytesOf(golden.vocabTxt) },
      { lowercase: false },
    );
    expect(uncased.encodeFull("The A").tokens).toEqual(["[CLS]", "the", "a", "[SEP]"]);
    expect(cased.encodeFull("The A").tokens).toEqual(["[CLS]", "The", "A", "[SEP]"]);
  });

  test.each([
    ["no [SEP]", bytesOf("[CLS]\na\n"), /vocab\.txt: expected a line "\[SEP\]"/],
    ["not UTF-8", Uint8Array.from([...bytesOf("[CLS]\n[SEP]\n"), 0xff]), /vocab\.txt: not UTF-8/],
  ])("%s is refused", async (_name, bytes, message) => {
    await expect(Tokenizer.load(bytes)).rejects.toThrow(FormatError);
    await expect(Tokenizer.load(bytes)).rejects.toThrow(message);
  });

  test("a file that says itself what becomes of capital letters takes no lowercase", async () => {
    const load = Tokenizer.load(jsonBytes(golden.written), { lowercase: true });
    await expect(load).rejects.toThrow(ConfigError);
  });
});

describe("what the reference fails at", () => {
  test.each([
    ["WordPiece", { continuing_subword_prefix: "##", max_input_chars_per_word: 9 }],
    ["WordLevel", {}],
  ])("unknown words vanish without an unknown token: %s", async (type, options) => {
    const model = { type, vocab: { a: 0, b: 1 }, unk_token: "[UNK]", ...options };
    const changes = { model, added_tokens: [], normalizer: null, post_processor: null };
    const tokenizer = await Tokenizer.load(jsonBytes({ ...golden.written, ...changes }));
    expect(tokenizer.encodeFull("a ab b").tokens).toEqual(["a", "b"]);
  });
});

test.each(nastyStrings)("ids and offsets agree on %s", async (_name, text) => {
  const tokenizer = await Tokenizer.load(bytesOf(golden.vocabTxt));
  const full = tokenizer.encodeFull(text);
  expect([...tokenizer.encode(text)]).toEqual([...full.ids]);
  expect(
    full.offsets.every(([start, end]) => 0 <= start && start <= end && end <= text.length),
  ).toBe(true);
});
