import { readFileSync } from "node:fs";
import { FormatError } from "orrery-lm/base";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";

interface Row {
  readonly name: string;
  readonly pattern: string;
  readonly results: readonly {
    readonly text: string;
    readonly pieces: readonly string[];
    readonly marked: string;
  }[];
}

/** See goldens/generate/patterns.py. */
const golden: { readonly rows: readonly Row[] } = JSON.parse(
  readFileSync(new URL("../../../goldens/tokenizers/patterns.json", import.meta.url), "utf8"),
);

/** A tokenizer whose tokens are the pieces that a pre-tokenizer makes of a normalized text. */
function loadWords(
  words: Iterable<string>,
  parts: { readonly pre_tokenizer?: object; readonly normalizer?: object },
): Promise<Tokenizer> {
  const vocab = Object.fromEntries(["?", ...new Set(words)].map((word, id) => [word, id]));
  const model = { type: "WordLevel", vocab, unk_token: "?" };
  return Tokenizer.load(
    new TextEncoder().encode(JSON.stringify({ added_tokens: [], model, ...parts })),
  );
}

function splitting(pattern: string, words: Iterable<string> = []): Promise<Tokenizer> {
  const split = { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false };
  return loadWords(words, { pre_tokenizer: split });
}

describe("regular expressions as the reference", () => {
  test.each(golden.rows)("trap $name: $pattern", async ({ pattern, results }) => {
    const cutting = await splitting(
      pattern,
      results.flatMap(({ pieces }) => pieces),
    );
    const marking = await loadWords(
      results.map(({ marked }) => marked),
      { normalizer: { type: "Replace", pattern: { Regex: pattern }, content: "\ue000" } },
    );
    for (const { text, pieces, marked } of results) {
      expect(cutting.encodeFull(text).tokens).toEqual(pieces);
      expect(marking.encodeFull(text).tokens.join("")).toBe(marked);
    }
  });
});

test.each([
  [
    String.raw`(a)\1`,
    String.raw`pre-tokenizer Split: regular expression /(a)\1/ is not supported: the reference \1 at character 3`,
  ],
  [String.raw`(?<x>a)\k<x>`, String.raw`the reference \k at character 7`],
  [String.raw`\g<1>(a)`, String.raw`the reference \g at character 0`],
  ["(?~ab)", "the group (?~a at character 0"],
  ["a(?(1)b|c)", "the group (?(1 at character 1"],
  ["(*FAIL)", "the callout (* at character 0"],
  [String.raw`a\Kb`, String.raw`the escape \K at character 1`],
  [String.raw`\X`, String.raw`the escape \X at character 0`],
  [String.raw`a\p{In_Basic_Latin}`, 'the property "In_Basic_Latin" at character 1'],
  [String.raw`\p{Script=Han}`, 'the property "Script=Han" at character 0'],
  ["(?<=(?>a))b", "is not supported: an atomic group in a look-behind"],
  [String.raw`(?<=\G)b`, String.raw`is not supported: \G in a look-behind`],
  [String.raw`(?<=a(?=\G))b`, String.raw`is not supported: \G in a look-behind`],
  ["(?s:.)", "the option s at character 1"],
  ["[a", 'is broken: a class without its "]" at character 0'],
  ["a(b", 'is broken: a group without its ")" at character 1'],
  ["a)", "is broken: a parenthesis that closes nothing at character 1"],
  ["*a", "is broken: a repetition of nothing at character 0"],
  ["[]", "is broken: an empty class at character 0"],
  ["a\\", "is broken: an escape of nothing at character 1"],
  [
    String.raw`\x{110000}`,
    "is broken: the code point 1114112, which is no character at character 0",
  ],
  ["^*", "the repetition of something without length at character 0"],
  ["[z-a]", "is broken: a range that ends before it starts at character 1"],
  ["[[:foo:]]", "the class [:foo:] at character 1"],
  ["a{100001}", "a repetition of more than 100000 at character 1"],
  ["(".repeat(1000), "a group so deep in others"],
  ["(?i)".repeat(1000), "a group so deep in others"],
  [`a${"*".repeat(1000)}`, "a repetition of so many groups and repetitions at character 0"],
  [
    `(((a${`${"*".repeat(100)})`.repeat(3)}`,
    "a repetition of so many groups and repetitions at character 2",
  ],
  ["[".repeat(1000), "a class so deep in others"],
  ["a".repeat(200_000), "more than 100000 characters"],
  ["(?:(?:(?:ab){1000}){1000}){1000}", "is too large: more than 10000 steps"],
  ["(?:ab){5000}c", "is too large: more than 10000 steps"],
  ["(?:ab?){0,3000}x", "is too large: too many choices behind one another"],
  ["(?>(?:ab?){0,100})x", "is too large: too many choices behind one another"],
  ["(?:x(?:a??){1000})*y", "is too large: a repetition without end of more than 64 choices"],
  [`${"(?:".repeat(40)}a${")*".repeat(40)}y`, "a repetition without end of more than 64 choices"],
  [String.raw`[\wa]`.repeat(3000), "so many and large classes"],
  [String.raw`[\w${String.raw`&&\W\w`.repeat(3000)}]`, "so many and large classes"],
])("%s is refused with what and where", async (pattern, message) => {
  const loading = splitting(pattern);
  await expect(loading).rejects.toThrow(FormatError);
  await expect(loading).rejects.toThrow(message);
});

describe("8 regular expressions that explode elsewhere", () => {
  test.each<[pattern: string, unit: string]>([
    ["(a+)+b", "a"],
    ["(a|a)*b", "a"],
    ["(?:a*)*b", "a"],
    ["(?:a|aa)+c", "a"],
    ["(?:a*b*)*c", "ab"],
    ["(x+x+)+y", "x"],
    ["(.*)*x", "ab"],
    [".*b.*b.*c", "ab"],
    [String.raw`\s+x`, " "],
    ["a*?b", "a"],
    ["a++b", "a"],
    ["(?>(?:ab)+)c", "ab"],
    ["(?<=a+)b", "a"],
    [String.raw`\d{1,3}(?=(?:\d{3})*b)`, "1"],
    [String.raw`\d{1,3}(?=(?:\d{3})*\b)`, "1"],
    ["(?:(?:a?){3}){3}b", "a"],
    ["a{5000}b", "a"],
    ["a{5000,}b", "a"],
    ["a{10,5000}?b", "a"],
    ["(?:a{5000})++b", "a"],
    [".{5000}b", "😀"],
    [".{20000,40000}b", "a😀"],
    [String.raw`a*b|\Ga`, "a"],
    [String.raw`(?:\G|x)a*b|a`, "a"],
    ["c?(?:ab?){0,900}x", "b"],
    ["(?:a|aa|aaa){0,100}(?:ab){1000}c", "a"],
  ])("%s ends on a long run of %j", async (pattern, unit) => {
    const tokenizer = await splitting(pattern);
    expect(tokenizer.count(unit.repeat(100_000 / unit.length))).toBeGreaterThan(0);
  });
});

describe("a set of the whole of Unicode is made once", () => {
  test.each<[pattern: string]>([
    [String.raw`\w`],
    [String.raw`\W`],
    [String.raw`\b`],
    [String.raw`\p{Han}`],
    [String.raw`[\w\w]`],
    [String.raw`[^\w]`],
    ["[[:alpha:]]"],
    ["(?i:(?<=s))"],
  ])("%s two thousand times", async (unit) => {
    const pattern = unit.repeat(2000);
    expect((await splitting(pattern)).count("a")).toBe(1);
  });
});

describe("5 regular expressions of a rank file, as tiktoken 0.14.0", () => {
  test.each<[pattern: string, text: string, pieces: readonly string[]]>([
    [String.raw`(?i)\p{Lu}+`, "aB", ["aB"]],
    [String.raw`(?i)[^\p{Lu}]+|.`, "aB1", ["a", "B", "1"]],
    ["(?i:ß)|.", "ßẞss", ["ß", "ẞ", "s", "s"]],
    [String.raw`\w+|.`, "a²\u200db", ["a", "²", "\u200db"]],
    ["[[:alpha:]]+|.", "aéb", ["a", "é", "b"]],
    [String.raw`(?m:^)a|(?m:$)\n`, "a\na\n", ["a", "\n", "a", "\n"]],
    [String.raw`a$|^a|\n`, "a\na", ["a", "\n", "a"]],
    [String.raw`\d{1,2}+1|.`, "1211", ["121", "1"]],
    ["a{2}?|.", "aaa", ["aa", "a"]],
    [".|(?s:.)b", "\nb", ["\nb"]],
    [String.raw`\pL+|\PL`, "aé1", ["aé", "1"]],
    [String.raw`\p{Script=Greek}+|\p{gc=Nd}|\p{sc=Latin}`, "αβ1a", ["αβ", "1", "a"]],
    ["a(?i)b|c", "aBC", ["aB", "C"]],
    [String.raw`(?P<x>a)|\x{62}`, "ab", ["a", "b"]],
  ])("%s cuts %j", async (pattern, text, pieces) => {
    const characters = Array.from(text, (_, i) => text.slice(i));
    const words = characters.flatMap((rest) => Array.from(rest, (_, i) => rest.slice(0, i + 1)));
    const bytes = Array.from({ length: 256 }, (_, byte) => Buffer.of(byte).toString("base64"));
    const all = new Set([...bytes, ...words.map((word) => Buffer.from(word).toString("base64"))]);
    const ranks = Array.from(all, (token, rank) => `${token} ${rank}\n`).join("");
    const tokenizer = await Tokenizer.load(new TextEncoder().encode(ranks), { pattern });
    expect(Array.from(tokenizer.encode(text), (id) => tokenizer.decode([id]))).toEqual(pieces);
  });
});
