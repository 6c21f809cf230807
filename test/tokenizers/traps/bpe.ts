import { random } from "orrery-lm/base";
import { Tokenizer } from "orrery-lm/tokenizers";
import { loadWith } from "../golden.ts";
import { type Trap, bpe, byteToken, load, sentencePiece, tokensOf } from "./trap.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A rank file of all bytes, in an order, and more tokens. */
function rankFileOf(
  more: readonly string[],
  bytes = Array.from({ length: 256 }, (_, i) => i),
): string {
  const tokens = [...bytes.map((byte) => String.fromCharCode(byte)), ...more];
  return tokens.map((token, rank) => `${btoa(token)} ${rank}\n`).join("");
}

function loadRanks(ranks: string): Promise<Tokenizer> {
  return Tokenizer.load(utf8(ranks), { pattern: "gpt2" });
}

const LETTERS = ["a", "b", "c", "d"];
// Several ways to the same tokens, and merges that others get in the way of.
const WAYS = [
  ["b", "c"],
  ["a", "b"],
  ["ab", "c"],
  ["a", "bc"],
  ["bc", "d"],
  ["c", "d"],
  ["ab", "cd"],
  ["d", "a"],
  ["da", "bc"],
  ["a", "a"],
] as const;
const tangled = bpe(
  [...new Set([...LETTERS, ...WAYS.map(([left, right]) => left + right)])],
  WAYS.map(([left, right]) => `${left} ${right}`),
);

/** Merges the first pair in the list wherever it stands, until none is left. */
function mergeByHand(text: string): string[] {
  let row = Array.from(text);
  for (;;) {
    const pairs = row.slice(1).map((right, i) => rankOf(row[i]!, right));
    const best = Math.min(...pairs);
    if (best === Infinity) return row;
    const at = pairs.indexOf(best);
    row = [...row.slice(0, at), row[at]! + row[at + 1]!, ...row.slice(at + 2)];
  }
}

function rankOf(left: string, right: string): number {
  const rank = WAYS.findIndex(([a, b]) => a === left && b === right);
  return rank < 0 ? Infinity : rank;
}

function randomText(length: number): string {
  const stream = random(7, "letters", length);
  return Array.from({ length }, () => LETTERS[stream.integer(4)]!).join("");
}

const LONG = [10, 47, 48, 49, 50, 200, 1000].map(randomText);
const unknown = { unk_token: "<unk>" };
const bytes = ["<unk>", "<0xC3>", "<0xA9>", "a"];

/** 3.2 BPE. */
export const bpeTraps: readonly Trap[] = [
  [
    "18 merges go by pair in tokenizer.json",
    () => tokensOf("abcd", bpe(["a", "b", "c", "d", "bc", "ab", "abc"], ["b c", "a b", "ab c"])),
    ["a", "bc", "d"],
  ],
  [
    "18 and by bytes in a rank file",
    async () => tokensOf("abcd", await loadRanks(rankFileOf(["bc", "ab", "abc"]))),
    ["abc", "d"],
  ],
  [
    "19 a token that no merge makes is never given, however often it was asked for",
    async () => {
      const tokenizer = await load(bpe(["x", "y", "z", "xyz"], []));
      return [tokenizer.tokenToId("xyz"), ...[1, 2, 3].map(() => tokenizer.encode("xyz").length)];
    },
    [3, 3, 3, 3],
  ],
  [
    "20 ignore_merges takes whole pieces only",
    async () => {
      const json = { pre_tokenizer: { type: "WhitespaceSplit" } };
      const model = bpe(["x", "y", "z", "xyz"], [], { ignore_merges: true });
      return tokensOf("xyz xyzx", { ...json, ...model });
    },
    ["xyz", "x", "y", "z", "x"],
  ],
  [
    "20 a rank file does",
    async () => tokensOf("xyz", await loadRanks(rankFileOf(["xyz"]))),
    ["xyz"],
  ],
  ["21 leftmost first", () => tokensOf("aaa", bpe(["a", "aa"], ["a a"])), ["aa", "a"]],
  [
    "21 leftmost first where scores are equal",
    () =>
      tokensOf(
        "abc",
        sentencePiece([
          ["a", -9],
          ["b", -9],
          ["c", -9],
          ["ab", -1],
          ["bc", -1],
        ]),
      ),
    ["ab", "c"],
  ],
  [
    "22 long rows merge as by hand, though the queue has pairs that are gone",
    () => Promise.all(LONG.map((text) => tokensOf(text, tangled))),
    LONG.map(mergeByHand),
  ],
  [
    "23 SentencePiece merges through an UNUSED piece and takes it apart again",
    async () => {
      const model = await sentencePiece([
        ["a", -9],
        ["b", -9],
        ["c", -9],
        ["ab", -1, "UNUSED"],
        ["abc", -2],
      ]);
      return [await tokensOf("abc", model), await tokensOf("abx", model)];
    },
    [["abc"], ["a", "b", "x"]],
  ],
  [
    "24 all bytes of a character, or the unknown token",
    () => tokensOf("aé行", bpe(bytes, [], { byte_fallback: true, ...unknown })),
    ["a", "<0xC3>", "<0xA9>", "<unk>"],
  ],
  [
    "24 fuse_unk joins neighbors",
    () => tokensOf("a行星a", bpe(bytes, [], { fuse_unk: true, ...unknown })),
    ["a", "<unk>", "a"],
  ],
  [
    "25 the suffix is part of the last character",
    () =>
      tokensOf(
        "ab",
        bpe(["a", "b", "b</w>", "ab", "ab</w>"], ["a b</w>", "a b"], {
          end_of_word_suffix: "</w>",
        }),
      ),
    ["ab</w>"],
  ],
  [
    "25 the prefix of the second part goes when they merge",
    () => tokensOf("ab", bpe(["a", "##b", "ab"], ["a ##b"], { continuing_subword_prefix: "##" })),
    ["ab"],
  ],
  [
    "26 a line that starts with #version is no merge, wherever it stands",
    async () => {
      const vocab = { t: 0, h: 1, e: 2, th: 3, the: 4 };
      const files = {
        "vocab.json": utf8(JSON.stringify(vocab)),
        "merges.txt": utf8("#version: 0.2\nt h\n#version: x y z\nth e\n"),
      };
      return [...(await Tokenizer.load(files)).encode("the")];
    },
    [4],
  ],
  [
    "26 a merge as a list may have spaces",
    () =>
      tokensOf(" a", {
        model: { type: "BPE", vocab: { " ": 0, a: 1, " a": 2 }, merges: [[" ", "a"]] },
      }),
    [" a"],
  ],
  [
    "27 encode never draws, though the file has dropout",
    () => tokensOf("abc", bpe(["a", "b", "c", "ab", "abc"], ["a b", "ab c"], { dropout: 1 })),
    ["abc"],
  ],
  [
    "27 with all of it nothing merges",
    async () => {
      const tokenizer = await load(bpe(["a", "b", "ab"], ["a b"]));
      return [...tokenizer.sample("abab", { seed: 1, dropout: 1 })];
    },
    [0, 1, 0, 1],
  ],
  [
    "28 bytes have the ranks that the file says",
    async () => {
      const order = Array.from({ length: 256 }, (_, rank) => 255 - rank);
      const tokenizer = await loadRanks(rankFileOf([], order));
      return [[...tokenizer.encode("aé")], tokenizer.decode([158, 60, 86])];
    },
    [[158, 60, 86], "aé"],
  ],
  [
    "29 ids with holes, and an unknown token that is no token",
    async () => {
      const model = { type: "BPE", vocab: { a: 0, b: 7 }, merges: [], unk_token: "<none>" };
      const tokenizer = await load({ model });
      const { vocabSize } = tokenizer;
      return [
        vocabSize,
        tokenizer.idToToken(3),
        tokenizer.decode([0, 3, 7]),
        [...tokenizer.encode("axb")],
      ];
    },
    [8, undefined, "a b", [0, 7]],
  ],
  [
    "30 a token that fits, and that its neighbor makes impossible",
    () => tokensOf("abc", bpe(["a", "b", "c", "bc", "ab"], ["b c", "a b"])),
    ["a", "bc"],
  ],
  [
    "30 and one that is possible again because of the neighbor's neighbor",
    () => tokensOf("abcd", bpe(["a", "b", "c", "d", "cd", "bc", "ab"], ["c d", "b c", "a b"])),
    ["ab", "cd"],
  ],
  [
    "31 a blank goes before each piece that begins with none",
    async () => {
      const level = {
        type: "ByteLevel",
        add_prefix_space: true,
        trim_offsets: true,
        use_regex: false,
      };
      const parts = [{ type: "WhitespaceSplit" }, level];
      const tokenizer = await loadWith({
        pre_tokenizer: { type: "Sequence", pretokenizers: parts },
      });
      return tokenizer.decode(tokenizer.encode("a b  c"));
    },
    " a b c",
  ],
  ...[true, false].map((trims): Trap => [
    `32 trim_offsets ${trims}: the blank is ${trims ? "not " : ""}in the offsets`,
    async () => {
      const level = {
        type: "ByteLevel",
        add_prefix_space: false,
        trim_offsets: trims,
        use_regex: true,
      };
      const tokenizer = await loadWith({ post_processor: level });
      const { offsets } = tokenizer.encodeFull("a the");
      return offsets[1];
    },
    trims ? [2, 5] : [1, 5],
  ]),
  [
    "33 a million letters, and a million blanks, take no quadratic time",
    async () => {
      const tokenizer = await loadWith({});
      return [
        tokenizer.count("ab".repeat(500_000)) > 0,
        tokenizer.count(" ".repeat(1_000_000)) > 0,
      ];
    },
    [true, true],
  ],
  [
    "24 bytes are asked for by their names",
    () => tokensOf("é", bpe([byteToken(0xc3), byteToken(0xa9)], [], { byte_fallback: true })),
    ["<0xC3>", "<0xA9>"],
  ],
  [
    "33 200,000 NULs take none either, where no piece is user-defined",
    async () => (await sentencePiece([["a", -1]])).encode("\0".repeat(200_000)).length,
    1,
  ],
];
