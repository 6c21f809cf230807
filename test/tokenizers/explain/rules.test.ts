import type { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";
import { loadJson, loadRanks, piecesOf } from "./tokenizers.ts";

/** The alternatives of GPT-2's pattern. */
const GPT2 = [
  ..."'s|'t|'re|'ve|'m|'ll|'d".split("|"),
  String.raw` ?\p{L}+`,
  String.raw` ?\p{N}+`,
  String.raw` ?[^\s\p{L}\p{N}]+`,
  String.raw`\s+(?!\S)`,
  String.raw`\s+`,
];

/** A tokenizer of which only the pre-tokenizer counts. */
function cutBy(preTokenizer: object): Promise<Tokenizer> {
  const model = { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" };
  return loadJson({ pre_tokenizer: preTokenizer, model });
}

const splitAt = (regex: string, behavior = "Isolated", invert = false): object => ({
  type: "Split",
  pattern: { Regex: regex },
  behavior,
  invert,
});

describe("the alternative that matched", () => {
  it.each<[rule: object, text: string, expected: [piece: string, alternative: string | null][]]>([
    [
      splitAt("ab|a|b+"),
      "abab aabb",
      [
        ["ab", "ab"],
        ["ab", "ab"],
        [" ", null],
        ["a", "a"],
        ["ab", "ab"],
        ["b", "b+"],
      ],
    ],
    [
      splitAt("a|ab"),
      "ab",
      [
        ["a", "a"],
        ["b", null],
      ],
    ],
    [
      splitAt(String.raw`\s+(?!\S)|\s+|x`),
      "  x ",
      [
        [" ", String.raw`\s+(?!\S)`],
        [" ", String.raw`\s+`],
        ["x", "x"],
        [" ", String.raw`\s+(?!\S)`],
      ],
    ],
    [
      splitAt(String.raw`[a|b]x|\||c`),
      "bx|c",
      [
        ["bx", "[a|b]x"],
        ["|", String.raw`\|`],
        ["c", "c"],
      ],
    ],
    [
      splitAt("(?:a|b)c|d(?=e|f)|e"),
      "acde",
      [
        ["ac", "(?:a|b)c"],
        ["d", "d(?=e|f)"],
        ["e", "e"],
      ],
    ],
    // To Oniguruma this is a(?i:b|c), one alternative; a search that \G starts has no other start.
    [splitAt("a(?i)b|c"), "ac", [["ac", "a(?i)b|c"]]],
    [
      splitAt(String.raw`\Ga|b`),
      "ab",
      [
        ["a", String.raw`\Ga|b`],
        ["b", String.raw`\Ga|b`],
      ],
    ],
    [
      splitAt("a|b", "Removed"),
      "xaybz",
      [
        ["x", null],
        ["y", null],
        ["z", null],
      ],
    ],
    [
      splitAt("a|b", "Removed", true),
      "xaybz",
      [
        ["a", "a"],
        ["b", "b"],
      ],
    ],
    [
      splitAt("a|b", "MergedWithNext"),
      "xaybz",
      [
        ["x", null],
        ["ay", "a"],
        ["bz", "b"],
      ],
    ],
    [
      splitAt("a|b", "MergedWithPrevious"),
      "xaybz",
      [
        ["xa", "a"],
        ["yb", "b"],
        ["z", null],
      ],
    ],
    [
      { ...splitAt(""), pattern: { String: "|" } },
      "a|b",
      [
        ["a", null],
        ["|", "|"],
        ["b", null],
      ],
    ],
  ])("of %j in %j", async (rule, text, expected) => {
    const tokenizer = await cutBy(rule);
    const got = piecesOf(await tokenizer.explain(text)).map((piece) => [
      piece.text,
      piece.rules.map(({ alternative }) => alternative).at(-1) ?? null,
    ]);
    expect(got).toEqual(expected);
  });

  it("is the first of the pattern that does", async () => {
    const text = "It's 12 planets,  they'll\n turn... ";
    const pieces = piecesOf(await (await loadRanks("gpt2")).explain(text));
    const expected = pieces.map(({ start, end }) => {
      const matches = GPT2.map((source) =>
        new RegExp(`^(?:${source})`, "u").exec(text.slice(start)),
      );
      const first = matches.findIndex((match) => match !== null);
      return { alternative: GPT2[first], end: start + (matches[first]?.[0].length ?? 0), is: end };
    });
    expect(pieces.map(({ rules }) => rules)).toEqual(
      expected.map(({ alternative }) => [{ name: "Split", alternative }]),
    );
    expect(expected.map(({ end }) => end)).toEqual(expected.map(({ is }) => is));
  });
});

describe("the rules of a piece", () => {
  const digits = { type: "Digits", individual_digits: false };
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
  it.each<[rule: object, text: string, expected: [piece: string, ...rules: string[]][]]>([
    [
      digits,
      "a12",
      [
        ["a", "Digits"],
        ["12", "Digits"],
      ],
    ],
    [digits, "12", [["12"]]],
    [
      metaspace,
      "a b",
      [
        ["▁a", "Metaspace"],
        ["▁b", "Metaspace"],
      ],
    ],
    [metaspace, "▁a", [["▁a"]]],
    [
      {
        type: "Sequence",
        pretokenizers: [
          { type: "WhitespaceSplit" },
          { type: "Sequence", pretokenizers: [{ type: "Punctuation" }, digits] },
        ],
      },
      " a! b2",
      [
        ["a", "WhitespaceSplit", "Punctuation"],
        ["!", "WhitespaceSplit", "Punctuation"],
        ["b", "WhitespaceSplit", "Digits"],
        ["2", "WhitespaceSplit", "Digits"],
      ],
    ],
    [
      { type: "ByteLevel", add_prefix_space: true, use_regex: true, trim_offsets: true },
      "é b",
      [
        ["ĠÃ©", String.raw`ByteLevel ?\p{L}+`],
        ["Ġb", String.raw`ByteLevel ?\p{L}+`],
      ],
    ],
    [
      { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: true },
      "é b",
      [["Ã©Ġb", "ByteLevel"]],
    ],
    [
      { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: true },
      "b",
      [["b"]],
    ],
  ])("of %j in %j", async (rule, text, expected) => {
    const pieces = piecesOf(await (await cutBy(rule)).explain(text));
    const got = pieces.map((piece) => [
      piece.text,
      ...piece.rules.map(({ name, alternative }) => name + (alternative ?? "")),
    ]);
    expect(got).toEqual(expected);
  });
});
