import { FormatError } from "orrery-lm/base";
import { Tokenizer } from "orrery-lm/tokenizers";
import { golden, loadWith } from "../golden.ts";
import { type Trap, bpe, cut, load, splitAt } from "./trap.ts";

const tokenizer = await loadWith({});
const UNITS = ["utf16", "codepoint", "byte"] as const;

/** Where tokens end, each place once. */
function ends(text: string): number[][] {
  return UNITS.map((offsetUnit) => {
    const { offsets } = tokenizer.encodeFull(text, undefined, { offsetUnit });
    return [...new Set(offsets.map(([, end]) => end))];
  });
}

const template = {
  type: "TemplateProcessing",
  single: [{ SpecialToken: { id: "[A]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
  pair: [
    { SpecialToken: { id: "[A]", type_id: 0 } },
    { Sequence: { id: "A", type_id: 0 } },
    { Sequence: { id: "B", type_id: 1 } },
  ],
  special_tokens: { "[A]": { id: "[A]", ids: [2], tokens: ["[A]"] } },
};
const paired = { ...bpe(["a", "b", "[A]"], []), post_processor: template };
const padding = {
  strategy: { Fixed: 4 },
  direction: "Right",
  pad_to_multiple_of: null,
  pad_id: 2,
  pad_type_id: 0,
  pad_token: "[A]",
};

/** The ids of a pair that is cut to so many tokens. */
async function idsOfPair(maxLength: number): Promise<number[]> {
  const { ids } = (await load(paired)).encodeFull("aaaa", "bbbb", { truncation: { maxLength } });
  return [...ids];
}

/** 3.8 JavaScript, and what is around the tokens. */
export const javascript: readonly Trap[] = [
  [
    "68 lone surrogates are U+FFFD each",
    () => tokenizer.encode("\ud800x\udc00"),
    tokenizer.encode("\ufffdx\ufffd"),
  ],
  [
    "69 a byte order mark survives",
    () => tokenizer.decode(tokenizer.encode("\ufeffa\ufeff")),
    "\ufeffa\ufeff",
  ],
  [
    "70 names of Object.prototype are no tokens",
    () => ["constructor", "__proto__", "toLocaleString"].map((name) => tokenizer.tokenToId(name)),
    [undefined, undefined, undefined],
  ],
  [
    "70 unless they are",
    async () => {
      const file =
        '{"model":{"type":"WordLevel","vocab":{"?":0,"__proto__":1,"constructor":2},"unk_token":"?"},"pre_tokenizer":{"type":"WhitespaceSplit"}}';
      const loaded = await Tokenizer.load(new TextEncoder().encode(file));
      return [...loaded.encode("constructor __proto__ valueOf")];
    },
    [2, 1, 0],
  ],
  [
    "71 offsets in UTF-16 units, code points, bytes",
    () => ends("é🪐x"),
    [
      [1, 3, 4],
      [1, 2, 3],
      [2, 6, 7],
    ],
  ],
  [
    "71 of a lone surrogate",
    () => ends("\ud800x"),
    [
      [1, 2],
      [1, 2],
      [3, 4],
    ],
  ],
  [
    "71 tokens of one character have all of it",
    () => {
      const { offsets } = tokenizer.encodeFull("\u{10ffff}");
      return offsets.every(([start, end]) => start === 0 && end === 2) && offsets.length > 1;
    },
    true,
  ],
  [
    "72 of a name that stands twice the last counts",
    async () => {
      const file = '{"model":{"type":"WordLevel","vocab":{"?":0,"a":1,"a":2},"unk_token":"?"}}';
      return [...(await Tokenizer.load(new TextEncoder().encode(file))).encode("a")];
    },
    [2],
  ],
  [
    "72 half a surrogate pair in a vocabulary is refused",
    () => {
      const file = golden.written.replace('"Ġt"', String.raw`"\ud800"`);
      return Tokenizer.load(new TextEncoder().encode(file)).catch(
        (error: unknown) => error instanceof FormatError,
      );
    },
    true,
  ],
  ["73 possessive quantifiers", () => cut("aaab", splitAt("a++b|a")), ["aaab"]],
  ["73 and what they do not give back", () => cut("aaa", splitAt("a++a|b")), ["aaa"]],
  ["73 atomic groups", () => cut("abc", splitAt("(?>a|ab)c|b")), ["a", "b", "c"]],
  ["73 part of a pattern without case", () => cut("AbB", splitAt("(?i:a)b")), ["Ab", "B"]],
  [
    "74 a million ids decode",
    () => tokenizer.decode(new Uint32Array(1_000_000).fill(65)).length,
    1_000_000,
  ],
  [
    "74 a million added tokens in a text",
    () => tokenizer.encode("<|end|>".repeat(200_000), { specialTokens: "match" }).length,
    200_000,
  ],
  ["75 two texts get half each, the second the odd token", () => idsOfPair(6), [2, 0, 0, 1, 1, 1]],
  ["75 what is added is taken off first", () => idsOfPair(1), [2]],
  [
    "75 padding and truncation of the file apply, unless the call says no",
    async () => {
      const loaded = await load({ ...paired, padding });
      return [
        [...loaded.encode("a")],
        [...loaded.encode("a", { padding: false })],
        loaded.count("a"),
      ];
    },
    [[2, 0, 2, 2], [2, 0], 2],
  ],
];
