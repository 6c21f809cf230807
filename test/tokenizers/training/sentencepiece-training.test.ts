import { readFileSync } from "node:fs";
import fc from "fast-check";
import { ConfigError, random } from "orrery-lm/base";
import { parseSentencePieceModel } from "orrery-lm/formats";
import {
  Tokenizer,
  type TrainTokenizerOptions,
  splitLines,
  trainTokenizer,
} from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { naiveUnigramStep } from "./naive-unigram.ts";
import { NO_SHARED_DATA, sharedData } from "../../shared-data.ts";

type Pieces = readonly (readonly [piece: string, score: number])[];

interface Golden {
  readonly sentences: readonly string[];
  readonly small: {
    readonly sentences: readonly string[];
    readonly vocabSize: number;
    readonly pieces: Pieces;
  };
  readonly cases: readonly {
    readonly algorithm: "unigram" | "bpe";
    /** By SentencePiece's own names. */
    readonly options: Readonly<Record<string, unknown>>;
    readonly pieces: Pieces;
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(
    new URL("../../../goldens/tokenizers/sentencepiece-training.json", import.meta.url),
    "utf8",
  ),
);

describe("training learns what SentencePiece 0.2.2 learns, bit for bit", () => {
  test.each(golden.cases.map((one) => [one.algorithm, JSON.stringify(one.options), one] as const))(
    "%s %s",
    async (_, __, { algorithm, options, pieces }) => {
      const trained = await trainTokenizer(golden.sentences, ours(algorithm, options));
      // There SentencePiece takes the sentences as they come, and adds their floats in that order.
      const isRounded = algorithm === "unigram" && options.split_by_whitespace === false;
      expect(inForm(piecesOf(trained), isRounded)).toEqual(inForm(pieces, isRounded));
    },
  );

  test("the toy corpus, where pairs that no longer occur come last", async () => {
    const { sentences, vocabSize, pieces } = golden.small;
    const trained = await trainTokenizer(sentences, {
      algorithm: "sentencepiece-bpe",
      normalization: "identity",
      vocabSize,
    });
    expect(piecesOf(trained)).toEqual(pieces);
    const merges = pieces.slice(3, 19).map(([piece]) => piece);
    const listed = "es est lo low ▁low ew ▁n ▁new ▁newest id ▁w ▁wid ▁widest er ▁lower de";
    expect(merges).toEqual(listed.split(" "));
  });
});

/** As they are; or, if `isRounded`, sorted and without the last digits of the scores. */
function inForm(pieces: Pieces, isRounded: boolean): Pieces {
  if (!isRounded) return pieces;
  const rounded = pieces.map(([piece, score]) => [piece, Math.round(500 * score)] as const);
  return rounded.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const isAbsent = sharedData("trained") === undefined;
const note = isAbsent ? ` (${NO_SHARED_DATA})` : "";

test.skipIf(isAbsent).each([
  ["unigram", "en"],
  ["unigram", "zh"],
  ["bpe", "en"],
  ["bpe", "zh"],
] as const)(`66 8,000 pieces of %s from corpora/%s.txt, bit for bit${note}`, async (kind, name) => {
  const text = readFileSync(sharedData(`corpora/${name}.txt`)!, "utf8");
  const file = readFileSync(sharedData(`trained/sentencepiece-${kind}-${name}-8000.model`)!);
  const notes = new Set<string>();
  const trained = await trainTokenizer(splitLines(text), {
    algorithm: kind === "bpe" ? "sentencepiece-bpe" : "unigram",
    vocabSize: 8000,
    onProgress: (_, __, what = "") => notes.add(what),
  });
  const expected = parseSentencePieceModel(new Uint8Array(file));
  const written = parseSentencePieceModel(trained.save("sentencepiece")["tokenizer.model"]!);
  expect({ ...written.model, file: undefined }).toEqual({ ...expected.model, file: undefined });
  expect(written.decoder).toEqual(expected.decoder);
  // Lines that are too long are left out, and not silently.
  const isTold = [...notes].some((what) => what.includes("7 longer than 4192 bytes"));
  expect(isTold).toBe(name === "zh");
});

test.skipIf(isAbsent)(`48 normalizes every character as SentencePiece does${note}`, async () => {
  const options = { algorithm: "sentencepiece-bpe", vocabSize: 10 } as const;
  const trained = await trainTokenizer(["low lower"], options);
  const { normalizer } = parseSentencePieceModel(trained.save("sentencepiece")["tokenizer.model"]!);
  const file = readFileSync(sharedData("trained/sentencepiece-bpe-zh-8000.model")!);
  const json = parseSentencePieceModel(new Uint8Array(file));
  // Pieces that the model does not know show what the normalizer gave it.
  const theirs = await Tokenizer.create(json);
  const withOurRules = await Tokenizer.create({ ...json, normalizer });
  for (const text of everyCharacter()) {
    expect(withOurRules.encodeFull(text).tokens).toEqual(theirs.encodeFull(text).tokens);
  }
});

// Latin, marks, Jamo, kana, Hangul, and the narrow and wide forms of them.
const COMBINING_BLOCKS = [
  0x41, 0xe0, 0x300, 0x320, 0x1100, 0x1160, 0x11a8, 0x3040, 0x3090, 0x3130, 0xac00, 0xff60, 0xffa0,
];

/**
 * All characters apart, then many side by side that combine.
 * @yields texts
 */
function* everyCharacter(): Generator<string> {
  for (let start = 1; start < 0x110000; start += 0x1000) {
    const codePoints = Array.from({ length: 0x1000 }, (_, i) => start + i);
    const characters = codePoints.filter((c) => c <= 0x10ffff && (c < 0xd800 || c >= 0xe000));
    yield characters.map((c) => String.fromCodePoint(c)).join("x");
  }
  const draw = random(48, "combinations");
  for (let i = 0; i < 2000; i++) {
    const codePoints = Array.from(
      { length: 24 },
      () => COMBINING_BLOCKS[draw.integer(COMBINING_BLOCKS.length)]! + draw.integer(32),
    );
    yield String.fromCodePoint(...codePoints);
  }
}

test.each([
  [
    "vocabSize has no room for the characters",
    { vocabSize: 10 },
    /at least 14 \(11 characters and 3/,
  ],
  ["the text has no more pieces", { vocabSize: 500 }, /at most \d+, for the text has no more/],
  ["a symbol stands twice", { controlSymbols: ["<a>", "<a>"] }, /"<a>" stands there twice/],
  ["a symbol is empty", { userDefinedSymbols: [""] }, /a symbol is empty/],
  ["a symbol is half a pair", { controlSymbols: ["\ud800"] }, /controlSymbols: expected char/],
  ["half a pair is to match", { userDefinedSymbols: ["\udc00"] }, /Symbols: expected characters/],
  ["<unk> is a symbol", { controlSymbols: ["<unk>"] }, /<unk> cannot be a symbol/],
  ["two pieces have one id", { ids: { bos: 0 } }, /0 is already the id of <unk>/],
  ["there is no <unk>", { ids: { unk: -1 } }, /ids\.unk: expected 0, 1, 2/],
  ["an id is not whole", { ids: { pad: 1.5 } }, /ids\.pad: expected a whole number, got 1\.5/],
  ["a number is out of range", { characterCoverage: 0.5 }, /characterCoverage.* 0\.98 to 1, got/],
  ["a number is not whole", { numSubIterations: 1.5 }, /numSubIterations: expected a whole/],
  ["a rule is none", { normalization: { tsv: "U+41\tX" } }, /line 1: expected code points.*"X"/],
  ["a rule has a surrogate", { normalization: { tsv: "D800\t41" } }, /line 1: .*"D800"/],
  [
    "a rule has too many code points",
    { normalization: { tsv: `0041\t0042\n${"0041 ".repeat(20_000)}\t0042` } },
    /line 2: expected at most 256 code points, got 20000/,
  ],
  [
    "a rule makes too many code points",
    { normalization: { tsv: `0041\t${"0042 ".repeat(200_000)}` } },
    /line 1: expected at most 256 code points, got 200000/,
  ],
  ["a rule has no key", { normalization: { tsv: "a\tb\n\tb" } }, /line 2: expected code points/],
  ["a rule has U+0000", { normalization: { tsv: "41\t0" } }, /a text without U\+0000/],
] as const)("refuses: %s", async (_, options, message) => {
  const training = trainTokenizer(["low lower newest widest"], {
    algorithm: "unigram",
    normalization: "identity",
    vocabSize: 40,
    ...options,
  });
  await expect(training).rejects.toThrow(ConfigError);
  await expect(training).rejects.toThrow(message);
});

test("rules of one's own apply, in training and afterwards", async () => {
  const trained = await trainTokenizer(["aXb aXb", "abab"], {
    algorithm: "sentencepiece-bpe",
    normalization: { tsv: "U+0058\t\t# gone\n62\t63 64\n" },
    vocabSize: 9,
  });
  expect(trained.encodeFull("XaXb").tokens.join("")).toBe("▁acd");
});

test("one step of EM is that of the definition", async () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 7 });
  const texts = fc.array(letters, { minLength: 2, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(texts, async (words) => {
      const counts = new Map<string, number>();
      for (const word of words) counts.set(`▁${word}`, (counts.get(`▁${word}`) ?? 0) + 1);
      const trained = await trainTokenizer([words.join(" ")], {
        algorithm: "unigram",
        normalization: "identity",
        vocabSize: 2000,
        hardVocabLimit: false,
        numSubIterations: 1,
        characterCoverage: 1,
      });
      const learned = new Map(piecesOf(trained).slice(3));
      const naive = naiveUnigramStep(counts);
      // Characters that were dropped come back with a score of their own.
      for (const piece of learned.keys()) {
        if (piece.length === 1 && !naive.has(piece)) learned.delete(piece);
      }
      expect([...learned.keys()].toSorted()).toEqual([...naive.keys()].toSorted());
      for (const [piece, score] of naive) expect(learned.get(piece)).toBeCloseTo(score, 3);
    }),
    { seed: 11, numRuns: 200 },
  );
});

test("EM lowers the loss, up to a thousandth that its sparse prior may cost", async () => {
  const losses: number[] = [];
  await trainTokenizer(golden.sentences, {
    algorithm: "unigram",
    normalization: "identity",
    vocabSize: 140,
    numSubIterations: 4,
    onProgress: (_, __, what = "") => {
      const loss = /loss (.*)/.exec(what)?.[1];
      if (loss !== undefined) losses.push(Number(loss));
    },
  });
  expect(losses.length).toBeGreaterThan(4);
  expect(losses[1]).toBeLessThan(0.9 * losses[0]!);
  const rises = losses.filter((loss, i) => i % 4 > 0 && loss > 1.001 * losses[i - 1]!);
  expect(rises).toEqual([]);
});

test("the order of sentences makes no difference", async () => {
  const options = { algorithm: "unigram", normalization: "identity", vocabSize: 140 } as const;
  const one = await trainTokenizer(golden.sentences, options);
  const other = await trainTokenizer(golden.sentences.toReversed(), options);
  expect(piecesOf(other)).toEqual(piecesOf(one));
});

test("aborts in the middle", async () => {
  const aborting = new AbortController();
  const training = trainTokenizer(golden.sentences, {
    algorithm: "unigram",
    normalization: "identity",
    vocabSize: 140,
    signal: aborting.signal,
    onProgress: (_, __, what) => {
      if (what?.includes("pieces, loss")) aborting.abort(new Error("enough"));
    },
  });
  await expect(training).rejects.toThrow("enough");
});

function ours(
  algorithm: string,
  options: Readonly<Record<string, unknown>>,
): TrainTokenizerOptions {
  const renamed: Record<string, unknown> = {};
  const ids: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const id = /^(unk|bos|eos|pad)_id$/.exec(name)?.[1];
    if (id !== undefined) ids[id] = value;
    else if (name === "normalization_rule_name") renamed.normalization = value;
    else if (name === "required_chars") renamed.requiredCharacters = value;
    else renamed[name.replace(/_(.)/g, (__, letter: string) => letter.toUpperCase())] = value;
  }
  const ourName = algorithm === "bpe" ? "sentencepiece-bpe" : "unigram";
  return { algorithm: ourName, ids, ...renamed } as unknown as TrainTokenizerOptions;
}

function piecesOf(tokenizer: Tokenizer): Pieces {
  const { model } = parseSentencePieceModel(tokenizer.save("sentencepiece")["tokenizer.model"]!);
  if (model.type !== "SentencePiece") throw new Error(`unexpected model ${model.type}`);
  return model.pieces.map(({ piece, score }) => [piece, score]);
}
