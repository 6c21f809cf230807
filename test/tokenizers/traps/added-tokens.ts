import { SpecialTokenError, type Tokenizer } from "orrery-lm/tokenizers";
import { golden, loadWith } from "../golden.ts";
import { type Trap, addedToken, cut, load, sentencePiece, tokensOf } from "./trap.ts";

const words = { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" };
const flagged = await loadWith(
  golden.cases.find(({ name }) => name === "34 flags of added tokens")!.changes,
);
const many = Array.from({ length: 20_000 }, (_, i) => addedToken(340 + i, `<extra_${i}>`));
const special = { special: true };
const match = { specialTokens: "match" } as const;

const symbols = await sentencePiece([
  ["a", -1],
  ["b", -1],
  ["c", -1],
  ["ab", -0.5],
  ["<s>", 0, "CONTROL"],
  ["ab\uff21", 0, "USER_DEFINED"],
  ["ab\uff21c", 0, "USER_DEFINED"],
  ["\uff21", -1],
]);

async function masked(normalized: boolean): Promise<readonly string[]> {
  return cutLower("x [MASK] [mask]", normalized);
}

async function cutLower(text: string, normalized: boolean): Promise<readonly string[]> {
  const tokenizer = await load({
    added_tokens: [addedToken(1, "[MASK]", { normalized, special: true })],
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "WhitespaceSplit" },
    model: words,
  });
  return tokensOf(text, tokenizer, match);
}

/** What comes of it, an error too. */
function outcome(tokenizer: Tokenizer, text: string): unknown {
  try {
    return tokenizer.encode(text, { specialTokens: "refuse" }).length;
  } catch (error) {
    return error instanceof SpecialTokenError ? [error.token, error.offset] : error;
  }
}

/** 3.3 Added and special tokens. */
export const addedTokens: readonly Trap[] = [
  [
    "34 lstrip and rstrip take blanks along",
    () =>
      cut("a <x> b", null, { addedTokens: [addedToken(1, "<x>", { lstrip: true, rstrip: true })] }),
    ["a", " <x> ", "b"],
  ],
  [
    "34 singleWord: not beside a letter, a digit or _",
    async () => {
      const addedTokens = [addedToken(1, "<x>", { single_word: true })];
      return (await cut("a<x> <x> <x>_ -<x>-", null, { addedTokens })).filter((t) => t === "<x>")
        .length;
    },
    2,
  ],
  [
    "34 the longest of those that start first",
    () => cut("<x>y<x>", null, { addedTokens: [addedToken(1, "<x>"), addedToken(2, "<x>y")] }),
    ["<x>y", "<x>"],
  ],
  [
    "34 blanks that many tokens take along take no quadratic time",
    () => flagged.count(`${" ".repeat(100_000)}[LR]`.repeat(3)) > 0,
    true,
  ],
  ["35 a normalized token is found in any case", () => masked(true), ["?", "[mask]", "[mask]"]],
  ["35 another as it is written", () => masked(false), ["?", "[MASK]", "?"]],
  [
    "36 20,000 added tokens behind the vocabulary load and match",
    async () => [...(await loadWith({ added_tokens: many })).encode("<extra_19999><extra_1>")],
    [20_339, 341],
  ],
  ["37 nothing is refused unasked", () => flagged.encode("a<|end|>b").length > 0, true],
  [
    "37 what is refused is named with its place",
    async () => [outcome(await loadWith({}), "a <|end|>b"), outcome(await loadWith({}), "a <|en")],
    [["<|end|>", 2], expect5()],
  ],
  [
    "38 special tokens match anywhere, not only at the start",
    async () =>
      (await loadWith({})).encode("a<|end|>b<|end|>", match).filter((id) => id === 0).length,
    2,
  ],
  [
    "39 special tokens are plain text by default",
    async () => (await loadWith({})).encode("<|end|>").includes(0),
    false,
  ],
  ["39 other added tokens match in any mode", () => [...flagged.encode("<x><x>")], [340, 340]],
  [
    "39 SentencePiece's control pieces match in no mode",
    () =>
      ["text", "match"].map((mode) =>
        symbols.encode("a<s>", { specialTokens: mode as "text" }).includes(5),
      ),
    [false, false],
  ],
  [
    "39 its user-defined pieces match in any mode",
    () => symbols.encode("ab\uff21").includes(6),
    true,
  ],
  [
    "40 the longest user-defined piece, as a whole",
    () => tokensOf("cab\uff21cab", symbols),
    ["c", "ab\uff21c", "ab"],
  ],
  [
    "41 only special tokens are skipped",
    async () => {
      const added_tokens = [addedToken(1, "<é>"), addedToken(2, "<s>", special)];
      const tokenizer = await load({ added_tokens, decoder: { type: "Fuse" }, model: words });
      return tokenizer.decode([1, 2, 1], { skipSpecialTokens: true });
    },
    "<é><é>",
  ],
  [
    "41 what ByteLevel decodes are letters of its alphabet; others stand for themselves",
    async () => {
      const added_tokens = [addedToken(340, "<行>"), addedToken(341, "<é>")];
      const tokenizer = await loadWith({ added_tokens });
      return tokenizer.decode([340, ...tokenizer.encode("x")]);
    },
    "<行>x",
  ],
];

/** How many tokens "a <|en" has. */
function expect5(): number {
  return flagged.encode("a <|en").length;
}
