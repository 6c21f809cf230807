import { readFileSync } from "node:fs";
import fc from "fast-check";
import { ConfigError } from "orrery-lm/base";
import {
  type MergeStep,
  type TieBreak,
  type Tokenizer,
  type TrainTokenizerOptions,
  type WordCounts,
  countWords,
  trainTokenizer,
} from "orrery-lm/tokenizers";
import * as reference from "tokenizers";
import { describe, expect, test } from "vitest";
import { naiveMerges } from "./naive-bpe.ts";

type BPEOptions = Exclude<TrainTokenizerOptions, { readonly algorithm: string }>;

interface Golden {
  readonly tokenizers: readonly {
    readonly name: string;
    readonly texts: readonly string[];
    readonly options: Readonly<Record<string, never>>;
    readonly merges: readonly string[];
    readonly tokens?: readonly string[];
  }[];
  readonly tiktoken: readonly {
    readonly text: string;
    readonly merges: number;
    readonly tokens: readonly (readonly number[])[];
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../../goldens/tokenizers/bpe-training.json", import.meta.url), "utf8"),
);

const toy = [
  "low low low low low",
  "lower lower",
  "newest newest newest newest newest newest",
  "widest widest widest",
];

async function stepsOf(
  texts: readonly string[] | WordCounts,
  options: BPEOptions,
): Promise<MergeStep[]> {
  const steps: MergeStep[] = [];
  await trainTokenizer(texts, { ...options, onMerge: (step) => steps.push(step) });
  return steps;
}

const pairOf = ({ left, right }: MergeStep): string => `${left} ${right}`;

function modelOf(tokenizer: Tokenizer): {
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly string[])[];
} {
  return JSON.parse(new TextDecoder().decode(tokenizer.save("tokenizer.json")["tokenizer.json"]))
    .model;
}

describe("the fast trainer learns what the naive one does", () => {
  const alphabet = ["a", "b", "c", "é", "中", "\uFB01", "😀"];
  // Few characters, so that ties and runs are frequent.
  const words = (letters: number): fc.Arbitrary<string[]> =>
    fc.array(
      fc
        .array(fc.constantFrom(...alphabet.slice(0, letters)), { minLength: 1, maxLength: 12 })
        .map((characters) => characters.join("")),
      { minLength: 1, maxLength: 12 },
    );
  const frequency = fc.integer({ min: 1, max: 3 });
  test.each<TieBreak>(["idMin", "lexMax", "first", "shortLexMin"])("%s", async (tieBreak) => {
    await fc.assert(
      fc.asyncProperty(words(2), words(7), frequency, async (few, many, minFrequency) => {
        const all = [...few, ...many];
        const options = { merges: 30, minFrequency, tieBreak };
        const steps = await stepsOf(all, { ...options, symbols: "characters" });
        const naive = all.map((word) => ({ symbols: Array.from(word), count: 1 }));
        expect(steps.map((step) => `${pairOf(step)} ${step.count}`)).toEqual(
          naiveMerges(naive, options),
        );
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("the toy corpus", () => {
  const marked = toy.map((text) => text.replaceAll(/\S+/gu, "▁$&"));
  test.each<[string, readonly string[], Partial<BPEOptions>, string]>([
    [
      "as subword-nmt",
      toy,
      { tieBreak: "lexMax", endOfWord: { kind: "glued", marker: "</w>" } },
      "s t</w>, e st</w>, l o, w est</w>, n e, ne west</w>, lo w</w>, w i, wi d, wid est</w>",
    ],
    ["as tokenizers", toy, {}, "e s, es t, l o, lo w, e w, n ew, new est, d est, i dest, w idest"],
    [
      "as tiktoken's educational trainer",
      toy,
      { tieBreak: "first" },
      "e s, es t, l o, lo w, n e, ne w, new est, w i, wi d, wid est",
    ],
    [
      "as SentencePiece",
      marked,
      { tieBreak: "shortLexMin", merges: 15 },
      "e s, es t, l o, lo w, ▁ low, e w, ▁ n, ▁n ew, ▁new est, i d, ▁ w, ▁w id, ▁wid est, e r, ▁low er",
    ],
    [
      "with a separate end of word",
      toy,
      { endOfWord: { kind: "separate", marker: "▁" } },
      "e s, t ▁, es t▁, l o, lo w, e w, n ew, new est▁, low ▁, d est▁",
    ],
  ])("%s", async (_name, texts, options, expected) => {
    const steps = await stepsOf(texts, { symbols: "characters", merges: 10, ...options });
    expect(steps.map(pairOf).join(", ")).toBe(expected);
  });

  test("every step tells how the vocabulary grows and the text shrinks", async () => {
    const steps = await stepsOf(toy, { symbols: "characters", merges: 3 });
    expect(steps).toEqual([
      {
        step: 1,
        left: "e",
        right: "s",
        token: "es",
        count: 9,
        score: 9,
        vocabSize: 11,
        corpusTokens: 70,
      },
      {
        step: 2,
        left: "es",
        right: "t",
        token: "est",
        count: 9,
        score: 9,
        vocabSize: 12,
        corpusTokens: 61,
      },
      {
        step: 3,
        left: "l",
        right: "o",
        token: "lo",
        count: 7,
        score: 7,
        vocabSize: 13,
        corpusTokens: 54,
      },
    ]);
  });

  test.each<TieBreak>(["idMin", "lexMax", "first", "shortLexMin"])(
    'no pair of "hello world" occurs twice, so nothing is learned (%s)',
    async (tieBreak) => {
      expect(await stepsOf(["hello world"], { merges: 10, tieBreak })).toEqual([]);
    },
  );
});

describe("as tokenizers 0.23.2", () => {
  test.each(golden.tokenizers.map((row) => [row.name, row] as const))("%s", async (_name, row) => {
    const { options } = row;
    const length: number | undefined = options["max_token_length"];
    const marker: string | undefined = options["end_of_word_suffix"];
    const tokenizer = await trainTokenizer(row.texts, {
      symbols: "characters",
      vocabSize: options["vocab_size"] ?? 1000,
      minFrequency: options["min_frequency"]!,
      specialTokens: options["special_tokens"] ?? [],
      initialAlphabet: options["initial_alphabet"] ?? [],
      limitAlphabet: options["limit_alphabet"] ?? Infinity,
      // Theirs must not be reached.
      maxTokenLength: length === undefined ? Infinity : length - 1,
      continuingSubwordPrefix: options["continuing_subword_prefix"] ?? "",
      ...(marker !== undefined && { endOfWord: { kind: "glued", marker } }),
    });
    const { vocab, merges } = modelOf(tokenizer);
    const learned = merges.map((merge) => merge.join(" "));
    const isDetermined = row.tokens !== undefined;
    expect(isDetermined ? learned : new Set(learned)).toEqual(
      isDetermined ? row.merges : new Set(row.merges),
    );
    const tokens = Object.entries(vocab).toSorted(([, a], [, b]) => a - b);
    expect(isDetermined ? tokens.map(([token]) => token) : undefined).toEqual(row.tokens);
  });

  test.each<[string, BPEOptions]>([
    ["bytes, cl100k", { vocabSize: 300, pattern: "cl100k", specialTokens: ["<|end|>"] }],
    ["bytes, a regular expression", { vocabSize: 300, pattern: String.raw`\s?\S+|\s+` }],
    ["characters", { merges: 40, symbols: "characters", unkToken: "<unk>" }],
    ["characters, gpt2", { merges: 40, symbols: "characters", pattern: "gpt2" }],
    ["a prefix", { merges: 40, symbols: "characters", continuingSubwordPrefix: "##" }],
    ["</w>", { merges: 40, symbols: "characters", endOfWord: { kind: "glued", marker: "</w>" } }],
    [
      "a separate end, NFKC",
      {
        merges: 40,
        symbols: "characters",
        normalizer: { type: "NFKC" },
        endOfWord: { kind: "separate", marker: "▁" },
      },
    ],
  ])("what is trained here loads there, with the same ids: %s", async (_name, options) => {
    const texts = golden.tokenizers[1]!.texts;
    const tokenizer = await trainTokenizer(texts, options);
    const file = new TextDecoder().decode(tokenizer.save("tokenizer.json")["tokenizer.json"]);
    const theirs = reference.Tokenizer.fromString(file);
    expect(await theirs.decode([], false)).toBe("");
    for (const text of [...texts, "The sun,  turning ﬁne planets \n", ""]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const expected = await theirs.encode(text);
      expect([...tokenizer.encode(text)]).toEqual(expected.getIds());
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const decoded = await theirs.decode(expected.getIds(), false);
      expect(tokenizer.decode(expected.getIds())).toBe(decoded);
    }
    // Longer texts are fewer tokens than they have characters: something was learned.
    expect(tokenizer.encode(texts[1]!).length).toBeLessThan(texts[1]!.length / 2);
  });
});

test.each(golden.tiktoken.map((row) => [row.text.slice(0, 20), row] as const))(
  "ties as tiktoken's educational trainer: %s…",
  async (_name, { text, merges, tokens }) => {
    const tokenizer = await trainTokenizer([text], { merges, minFrequency: 1, tieBreak: "first" });
    const learned = tokens.map((_token, i) => [
      ...new TextEncoder().encode(tokenizer.decode([256 + i])),
    ]);
    const isText = (bytes: readonly number[]): boolean =>
      !new TextDecoder().decode(Uint8Array.from(bytes)).includes("\uFFFD");
    expect(learned.filter((_bytes, i) => isText(tokens[i]!))).toEqual(tokens.filter(isText));
    expect(tokenizer.vocabSize).toBe(256 + merges);
  },
);

describe("going on from a tokenizer", () => {
  test.each<[string, Omit<BPEOptions, "merges">]>([
    ["bytes", {}],
    ["characters", { symbols: "characters" }],
    ["</w>", { symbols: "characters", endOfWord: { kind: "glued", marker: "</w>" } }],
    ["##", { symbols: "characters", continuingSubwordPrefix: "##" }],
  ])("in two halves is as in one: %s", async (_name, options) => {
    const whole = await trainTokenizer(toy, { ...options, merges: 10 });
    const half = await trainTokenizer(toy, { ...options, merges: 4 });
    const both = await trainTokenizer(toy, { merges: 6, from: half });
    expect(both.save("tokenizer.json")).toEqual(whole.save("tokenizer.json"));
  });

  test("keeps ids and merges; special tokens and characters are added first", async () => {
    const from = await trainTokenizer(toy, {
      symbols: "characters",
      merges: 4,
      specialTokens: ["<s>"],
    });
    const more = await trainTokenizer(["slow 中中 中中"], {
      from,
      merges: 1,
      specialTokens: ["<s>", "<pad>"],
    });
    const [before, after] = [modelOf(from), modelOf(more)];
    expect(after.merges.slice(0, 4)).toEqual(before.merges);
    expect(after.vocab).toEqual({
      ...before.vocab,
      "<pad>": from.vocabSize,
      中: from.vocabSize + 1,
      中中: from.vocabSize + 2,
    });
    expect(more.encodeFull("slow<pad>", undefined, { specialTokens: "match" }).tokens).toEqual([
      "s",
      "low",
      "<pad>",
    ]);
  });
});

describe("counts", () => {
  test("64 are exact up to 2^53 symbols in all", async () => {
    const words = await countWords(["ab", "ac"], {});
    words.add(new TextEncoder().encode("ab"), 2 ** 51 - 3);
    words.add(new TextEncoder().encode("ac"), 2 ** 51 - 2);
    const steps = await stepsOf(words, { merges: 2 });
    expect(steps.map((step) => [pairOf(step), step.count])).toEqual([
      ["a c", 2 ** 51 - 1],
      ["a b", 2 ** 51 - 2],
    ]);
  });

  test("64 that are too large to be exact are refused", async () => {
    const words = await countWords(["abcd"], {});
    words.add(new TextEncoder().encode("abcd"), 2 ** 52);
    await expect(trainTokenizer(words, { merges: 1 })).rejects.toThrow(ConfigError);
  });

  test.each<TieBreak>(["idMin", "lexMax", "shortLexMin"])(
    "the order of the texts makes no difference (%s)",
    async (tieBreak) => {
      const { texts } = golden.tokenizers[1]!;
      const options = { vocabSize: 400, tieBreak } as const;
      const forward = await trainTokenizer(texts, options);
      const backward = await trainTokenizer(texts.toReversed(), options);
      expect(backward.save("tokenizer.json")).toEqual(forward.save("tokenizer.json"));
    },
  );

  test("train as the texts do, and not for another way of cutting", async () => {
    const words = await countWords(toy);
    const fromWords = await trainTokenizer(words, { merges: 9 });
    const fromTexts = await trainTokenizer(toy, { merges: 9 });
    expect(fromWords.save("tokenizer.json")).toEqual(fromTexts.save("tokenizer.json"));
    const other = trainTokenizer(words, { merges: 9, pattern: "cl100k" });
    await expect(other).rejects.toThrow("count them with the options of the training");
  });
});

test("maxTokenLength bounds tokens, and what is left over is still learned", async () => {
  const steps = await stepsOf(toy, { symbols: "characters", merges: 99, maxTokenLength: 3 });
  const lengths = steps.map(({ token }) => token.length);
  expect(Math.max(...lengths)).toBe(3);
  expect(steps.map(({ token }) => token)).toContain("new");
});

test("maxTokenLength bounds what a special token becomes part of, as tokenizers does", async () => {
  const options = { vocabSize: 300, specialTokens: ["aa"], maxTokenLength: 2 };
  const steps = await stepsOf(["baa baa baa baaa"], options);
  expect(steps.map(pairOf)).toEqual(["a a", "Ġ b"]);
});

test.each<[string, BPEOptions]>([
  ["a glued marker", { merges: 9, endOfWord: { kind: "glued", marker: "</w>" } }],
  ["a prefix", { merges: 9, continuingSubwordPrefix: "##" }],
])("maxTokenLength does not count %s, also of a tokenizer to go on from", async (_, affixes) => {
  const texts = ["abcd", "abcd", "abcd"];
  const options = { ...affixes, symbols: "characters", maxTokenLength: 4 } as const;
  const all = (await stepsOf(texts, options)).map(pairOf);
  const from = await trainTokenizer(texts, { ...options, merges: 2 });
  const rest = await stepsOf(texts, { from, merges: 9, maxTokenLength: 4 });
  expect(all).toHaveLength(3);
  expect(rest.map(pairOf)).toEqual(all.slice(2));
});

test("of equally frequent characters the smaller code points are kept", async () => {
  const tokenizer = await trainTokenizer(["d c b a"], {
    symbols: "characters",
    merges: 0,
    limitAlphabet: 2,
  });
  expect(modelOf(tokenizer).vocab).toEqual({ a: 0, b: 1 });
});

test.each([1, 2])("refuses what is no text, with %d workers", async (workers) => {
  const texts = ["a", 5] as unknown as string[];
  const error = await trainTokenizer(texts, { merges: 1, workers }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain("expected texts, got number");
});

test.each<[string, object]>([
  ["algorithm", { algorithm: "foo" }],
  ["symbols", { symbols: "foo" }],
])("words are not counted for an unknown %s", async (name, options) => {
  const error = await countWords(toy, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(`${name}: expected one of`);
});

const characters = { merges: 1, symbols: "characters" } as const;

test.each<[string, object, string]>([
  ["no size", {}, "expected vocabSize or merges"],
  ["two sizes", { vocabSize: 300, merges: 3 }, "expected vocabSize or merges"],
  ["a fraction of a merge", { merges: 0.5 }, "got 0.5"],
  ["a misspelled pattern", { merges: 1, pattern: "cl100" }, "cl100k, llama3"],
  ["an alphabet of bytes", { merges: 1, limitAlphabet: 5 }, "limitAlphabet has no meaning"],
  [
    "a limit below the initial alphabet",
    { merges: 1, symbols: "characters", limitAlphabet: 1, initialAlphabet: ["a", "b"] },
    "limitAlphabet must be at least 2",
  ],
  [
    "a long separate end of word",
    { merges: 1, symbols: "characters", endOfWord: { kind: "separate", marker: "</w>" } },
    "one character",
  ],
  [
    "an empty glued end of word",
    { merges: 1, symbols: "characters", endOfWord: { kind: "glued", marker: "" } },
    "the marker is empty",
  ],
  ["a special token twice", { merges: 1, specialTokens: ["x", "y", "x"] }, '"x" twice'],
  ["too few words", { merges: 1, maxWords: 1 }, "maxWords must be at least 2, got 1"],
  ["an unknown algorithm", { merges: 1, algorithm: "foo" }, 'one of "bpe", "wordpiece"'],
  ["an unknown tie rule", { merges: 1, tieBreak: "foo" }, 'tieBreak: expected one of "idMin"'],
  ["unknown symbols", { merges: 1, symbols: "foo" }, 'symbols: expected one of "bytes"'],
  [
    "an unknown end of word",
    { merges: 1, symbols: "characters", endOfWord: { kind: "foo", marker: "_" } },
    'endOfWord.kind: expected one of "glued"',
  ],
  ["a frequency that is none", { merges: 1, minFrequency: Number.NaN }, "minFrequency: expected"],
  ["a length that is none", { merges: 1, maxTokenLength: Number.NaN }, "maxTokenLength: expected"],
  [
    "a limit that is none",
    { merges: 1, symbols: "characters", limitAlphabet: Number.NaN },
    "limitAlphabet: expected a number from 0 on, got NaN",
  ],
  ["half a special token", { merges: 1, specialTokens: ["\ud800"] }, "specialTokens: expected"],
  ["half an unknown token", { ...characters, unkToken: "\ud800" }, "unkToken: expected"],
  ["half a prefix", { ...characters, continuingSubwordPrefix: "\udc00" }, "Prefix: expected"],
  ["half a character", { ...characters, initialAlphabet: ["\ud800"] }, "initialAlphabet: expected"],
  [
    "half a marker",
    { ...characters, endOfWord: { kind: "glued", marker: "\ud800" } },
    String.raw`marker: expected characters, got half of a surrogate pair in "\ud800"`,
  ],
])("refuses %s", async (_name, options, message) => {
  const error = await trainTokenizer(toy, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(message);
});
