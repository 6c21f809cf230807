import { ConfigError } from "orrery-lm/base";
import { Tokenizer, UNICODE_VERSION } from "orrery-lm/tokenizers";
import { readFileSync } from "node:fs";
import { loadWith } from "../golden.ts";
import { type Trap, addedToken, cut, splitAt, splitAtNamed, tokensOf } from "./trap.ts";

const GPT2 = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true };
const DIGITS = { type: "Digits", individual_digits: true };

const { ranks } = JSON.parse(
  readFileSync(new URL("../../../goldens/tokenizers/tiktoken-ranks.json", import.meta.url), "utf8"),
) as { ranks: string };
// tiktoken's own spelling, with possessive quantifiers.
const POSSESSIVE = String.raw`'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s`;
const SPACED = ["a \n\n b", "x\r\n\r\n", "12345 'LL", " \n \n  end  ", "a!\n\n!b", "\t\tif (x)\n"];

/** The ids of a text in ranks that are cut at a pattern. */
async function rankIds(pattern: string, text: string): Promise<number[]> {
  const tokenizer = await Tokenizer.load(new TextEncoder().encode(ranks), { pattern });
  return [...tokenizer.encode(text)];
}

/** The ids of a text that arrives in two parts, for every place between them. */
async function idsInParts(text: string): Promise<Set<string>> {
  const tokenizer = await loadWith({});
  const all = Array.from({ length: text.length + 1 }, (_, at) => {
    const stream = tokenizer.encodeStream();
    const parts = [stream.push(text.slice(0, at)), stream.push(text.slice(at)), stream.end()];
    return JSON.stringify(parts.flatMap((part) => [...part]));
  });
  return new Set([...all, JSON.stringify([...tokenizer.encode(text)])]);
}

/** 3.1 Splitting and Unicode. */
export const splitting: readonly Trap[] = [
  ["1 the Unicode tables have a version", () => UNICODE_VERSION, "16.0"],
  [
    "1 a letter of Unicode 17 is none yet, whatever the engine thinks",
    () => cut("a\u{10940}", GPT2),
    ["a", "\u{10940}"],
  ],
  [
    String.raw`2 \s has U+0085 and not U+FEFF`,
    () => cut("a\ufeffb\u0085c", splitAt(String.raw`\s`)),
    ["a\ufeffb", "\u0085", "c"],
  ],
  ["3 'ſ is a contraction", () => cut("x'ſy", splitAtNamed("cl100k")), ["x", "'ſ", "y"]],
  ["4 GPT-2 knows small letters", () => cut("I'M I'm", GPT2), ["I", "'", "M", " I", "'m"]],
  ["4 cl100k knows capital letters", () => cut("I'M", splitAtNamed("cl100k")), ["I", "'M"]],
  ["4 o200k keeps it with the word", () => cut("I'M", splitAtNamed("o200k")), ["I'M"]],
  [
    "5 two spellings of cl100k's pattern cut alike",
    () => Promise.all(SPACED.map((text) => rankIds(POSSESSIVE, text))),
    await Promise.all(SPACED.map((text) => rankIds("cl100k", text))),
  ],
  [
    "6 spaces before a special token end a section",
    () =>
      cut("a  <x>b", GPT2, {
        addedTokens: [addedToken(1, "<x>", { special: true })],
        specialTokens: "match",
      }),
    ["a", "  ", "<x>", "b"],
  ],
  ["6 without it they end before a word", () => cut("a  <x", GPT2), ["a", " ", " <", "x"]],
  ["7 cl100k: three digits", () => cut("12345", splitAtNamed("cl100k")), ["123", "45"]],
  ["7 Llama 3: three digits", () => cut("12345", splitAtNamed("llama3")), ["123", "45"]],
  ["7 Qwen: one digit", () => cut("123", splitAtNamed("qwen2")), ["1", "2", "3"]],
  [
    "7 DeepSeek V3: digits, then Chinese, then words",
    () => cut("1234中文a b", splitAtNamed("deepseek-v3")),
    ["123", "4", "中文", "a", " b"],
  ],
  ["7 Digits takes Nd, Nl and No", () => cut("a½Ⅷ٣", DIGITS), ["a", "½", "Ⅷ", "٣"]],
  [
    String.raw`8 \h is a hex digit`,
    () => cut("xbeefx", splitAt(String.raw`\h+`)),
    ["x", "beef", "x"],
  ],
  ["8 ^ is the start of a line", () => cut("b\nb", splitAt("^b")), ["b", "\n", "b"]],
  ["8 classes intersect", () => cut("abc", splitAt("[a-z&&[^b]]+")), ["a", "b", "c"]],
  ["8 classes of POSIX", () => cut("a12", splitAt("[[:digit:]]+")), ["a", "12"]],
  ["8 {,m} starts at 0", () => cut("xaaa", splitAt("xa{,2}")), ["xaa", "a"]],
  [
    String.raw`8 ² is in \w outside of classes only`,
    async () => [
      await cut("a²", splitAt(String.raw`\w+`)),
      await cut("a²", splitAt(String.raw`[\w]+`)),
    ],
    [["a²"], ["a", "²"]],
  ],
  [
    "9 as Oniguruma, not as fancy-regex",
    () => cut("xa\nya", splitAt("a$")),
    ["x", "a", "\ny", "a"],
  ],
  [
    "10 the pattern of the file counts, though its model was made with another",
    async () => [
      await cut("helloWorld", splitAtNamed("llama3")),
      await cut("helloWorld", splitAtNamed("tekken")),
    ],
    [["helloWorld"], ["hello", "World"]],
  ],
  ...(
    [
      ["Removed", ["a", "b"]],
      ["Isolated", ["a", "-", "-", "b"]],
      ["MergedWithPrevious", ["a-", "-", "b"]],
      ["MergedWithNext", ["a", "-", "-b"]],
      ["Contiguous", ["a", "--", "b"]],
    ] as const
  ).map(([behavior, expected]): Trap => [
    `11 ${behavior}`,
    () => cut("a--b", splitAt("-", behavior)),
    expected,
  ]),
  ["11 inverted", () => cut("a--b", splitAt("-", "Removed", true)), ["-", "-"]],
  [
    "12 Whitespace keeps marks, digits and connectors in words",
    () => cut("a\u0301b-٣_x", { type: "Whitespace" }),
    ["a\u0301b", "-", "٣_x"],
  ],
  [
    "13 Punctuation has $ but not €",
    () => cut("a$b€c。d", { type: "Punctuation", behavior: "Isolated" }),
    ["a", "$", "b€c", "。", "d"],
  ],
  [
    "14 text that arrives in two parts is cut as at once, wherever they meet",
    async () => (await idsInParts("the planet's\n\n  sun, 12 <|end|>\r\n 行星 it'll")).size,
    1,
  ],
  [
    "15 the first alternative wins, not the longest",
    () => cut("a  \n  b", splitAtNamed("cl100k")),
    ["a", "  \n", " ", " b"],
  ],
  [
    "16 Qwen: a mark goes with the letters behind it, as in the reference",
    () => cut("x\u0301a", splitAtNamed("qwen2")),
    ["x", "\u0301a"],
  ],
  [
    "17 no pattern is guessed",
    () =>
      Tokenizer.load(new TextEncoder().encode(ranks)).catch(
        (error: unknown) => error instanceof ConfigError,
      ),
    true,
  ],
  [
    "6 and for the ids: the token of two spaces stands before a special token only",
    async () =>
      (await tokensOf("a  <|end|>", await loadWith({}), { specialTokens: "match" })).at(-1),
    "<|end|>",
  ],
];
