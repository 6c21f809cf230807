import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explanationText } from "../../src/cli/explanation-text.ts";
import { Tokenizer } from "orrery-lm/tokenizers";
import { orrery, scratchFolder } from "./orrery.ts";

const cwd = scratchFolder();
const explain = (args: readonly string[], input: string) =>
  orrery(["tokens", "--explain", ...args], { cwd, input });

function write(name: string, file: object): void {
  const json = { added_tokens: [], pre_tokenizer: null, decoder: null, ...file };
  writeFileSync(join(cwd, name), JSON.stringify(json));
}

const bpe = {
  type: "BPE",
  unk_token: "?",
  byte_fallback: true,
  ignore_merges: true,
  vocab: { "?": 0, a: 1, b: 2, ab: 3, aab: 4, "<0xC3>": 5, "<0xA9>": 6, " ": 7 },
  merges: [
    ["a", "b"],
    ["a", "ab"],
  ],
};
const wordPiece = {
  type: "WordPiece",
  unk_token: "?",
  continuing_subword_prefix: "##",
  max_input_chars_per_word: 4,
  vocab: { "?": 0, ab: 1, "##b": 2, "<s>": 3 },
};
const special = {
  content: "<s>",
  single_word: false,
  lstrip: false,
  rstrip: true,
  normalized: false,
  special: false,
};

describe("orrery tokens --explain", () => {
  it.each<[name: string, file: object, text: string, lines: string[]]>([
    [
      "merges, bytes and whole tokens",
      {
        model: bpe,
        pre_tokenizer: {
          type: "Split",
          pattern: { Regex: "x|\n" },
          behavior: "Isolated",
          invert: false,
        },
      },
      "aab a\nxéx",
      [
        "0-9 text",
        '  0-5 piece "aab a", by Split',
        '    from a a b " " a',
        "    a + b → ab (rank 0)",
        "    a + ab → aab (rank 1)",
        '    = 4 "aab"  7 " "  1 "a"',
        '  5-6 piece "\\n", by Split /\\n/',
        "    from \\n",
        '    = 0 "?" (unknown)',
        '  6-7 piece "x", by Split /x/',
        "    from x",
        '    = 0 "?" (unknown)',
        '  7-8 piece "é", by Split',
        "    from <0xC3> <0xA9>",
        '    = 5 "<0xC3>" (byte)  6 "<0xA9>" (byte)',
        '  8-9 piece "x", by Split /x/',
        "    from x",
        '    = 0 "?" (unknown)',
      ],
    ],
    [
      "a token as a whole",
      { model: bpe },
      "aab",
      ["0-3 text", '  0-3 piece "aab"', "    is a token as a whole", '    = 4 "aab"'],
    ],
    [
      "longest matches, normalizers, added tokens",
      {
        added_tokens: [{ ...special, id: 3 }],
        normalizer: { type: "Lowercase" },
        pre_tokenizer: { type: "WhitespaceSplit" },
        post_processor: { type: "BertProcessing", sep: ["?", 0], cls: ["<s>", 3] },
        model: wordPiece,
      },
      "ABb<s> abc ababa",
      [
        "0-3 text",
        '  Lowercase: "ABb" → "abb"',
        '  0-3 piece "abb"',
        "    longest match ab",
        "    longest match ##b",
        '    = 1 "ab"  2 "##b"',
        '3-7 added token "<s> " as "<s>": 3',
        "7-16 text",
        '  7-10 piece "abc", by WhitespaceSplit',
        "    longest match ab",
        '    unknown: no token begins "c"',
        '    = 0 "?" (unknown)',
        '  11-16 piece "ababa", by WhitespaceSplit',
        "    unknown: 5 characters, more than 4",
        '    = 0 "?" (unknown)',
        "the post-processor adds",
        '  3 "<s>" as token 1',
        '  0 "?" as token 7',
      ],
    ],
    [
      "paths",
      {
        model: {
          type: "Unigram",
          unk_id: 0,
          vocab: [
            ["?", -9],
            ["a", -1],
            ["aa", -2.5],
          ],
        },
      },
      "aax",
      [
        "0-3 text",
        '  0-3 piece "aax"',
        "    best -21.000: a -1.000 + a -1.000 + x? -19.000",
        "    next -21.500: aa -2.500 + x? -19.000",
        '    = 1 "a"  1 "a"  0 "x" (unknown)',
      ],
    ],
    [
      "look-ups",
      { model: { type: "WordLevel", unk_token: "?", vocab: { "?": 0 } } },
      "\tx",
      ["0-2 text", '  0-2 piece "\\tx"', "    looks up \\tx?", '    = 0 "?" (unknown)'],
    ],
  ])("shows %s", async (_, file, text, lines) => {
    write("tokenizer.json", file);
    const { code, stdout, stderr } = await explain(["--tokenizer", "tokenizer.json"], text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`${lines.join("\n")}\n\n`);
  });

  it("shows scores, and pieces that are taken apart", () => {
    const ab = { text: "ab", parts: ["a", "b"] as const };
    const merge = { left: "a", right: "b", result: "ab", id: 3, at: 0, rank: 0, score: -1 };
    const steps = { type: "merges", symbols: [], merges: [merge], takenApart: [ab] } as const;
    const piece = { type: "piece", text: "ab", start: 0, end: 2, rules: [], tokens: [] } as const;
    const section = { type: "text", start: 0, end: 2, normalizers: [], normalized: "ab" } as const;
    const parts = [{ ...piece, steps }];
    const text = explanationText({ text: "ab", sections: [{ ...section, parts }], tokens: [] });
    expect(text.split("\n")).toContain("    a + b → ab (score -1)");
    expect(text.split("\n")).toContain("    ab is taken apart: a b");
  });

  it("shows the first 2000 characters unless all are asked for, and several tokenizers", async () => {
    write("a.json", { model: { type: "WordLevel", unk_token: "?", vocab: { "?": 0 } } });
    write("b.json", { model: bpe });
    const both = ["--tokenizer", "a.json", "--tokenizer", "b.json"];
    const short = (await explain(both, "a".repeat(3000))).stdout;
    expect(short).toMatch(
      /^a\.json\n0-2000 text\n[^]*\n\nb\.json\n0-2000 text\n[^]*--all shows all/,
    );
    const whole = (await explain([...both, "--all"], "a".repeat(3000))).stdout;
    expect(whole).toContain("0-3000 text");
    expect(whole).not.toContain("--all");
  });

  it("gives machines all of the text, as data", async () => {
    write("b.json", { model: bpe });
    const text = "ab".repeat(1500);
    const { stdout } = await explain(["--tokenizer", "b.json", "--json"], text);
    const tokenizer = await Tokenizer.load(join(cwd, "b.json"));
    const explanation = await tokenizer.explain(text);
    expect(JSON.parse(stdout)).toEqual([{ tokenizer: "b.json", ...explanation }]);
  });

  it("does not go with --count", async () => {
    const { code, stderr } = await explain(["--tokenizer", "b.json", "--count"], "a");
    expect(code).toBe(2);
    expect(stderr).toContain("take one of them");
  });
});
