import { readFileSync } from "node:fs";
import { ConfigError } from "orrery-lm/base";
import { parseSentencePieceModel } from "orrery-lm/formats";
import {
  type Tokenizer,
  type TrainTokenizerOptions,
  splitLines,
  trainTokenizer,
} from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
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
      if (isRounded) expectClose(piecesOf(trained), pieces);
      else expect(piecesOf(trained)).toEqual(pieces);
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

/** The same pieces, with scores that differ in their last digits. */
function expectClose(actual: Pieces, expected: Pieces): void {
  const scores = new Map(actual);
  expect(actual).not.toEqual(expected);
  expect([...scores.keys()].toSorted()).toEqual(expected.map(([piece]) => piece).toSorted());
  for (const [piece, score] of expected) expect(scores.get(piece)).toBeCloseTo(score, 3);
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

test.each([
  [
    "vocabSize has no room for the characters",
    { vocabSize: 10 },
    /at least 14 \(11 characters and 3/,
  ],
  ["the text has no more pieces", { vocabSize: 500 }, /at most \d+, for the text has no more/],
  ["a symbol stands twice", { controlSymbols: ["<a>", "<a>"] }, /"<a>" stands there twice/],
  ["a symbol is empty", { userDefinedSymbols: [""] }, /a symbol is empty/],
  ["<unk> is a symbol", { controlSymbols: ["<unk>"] }, /<unk> cannot be a symbol/],
  ["two pieces have one id", { ids: { bos: 0 } }, /0 is already the id of <unk>/],
  ["there is no <unk>", { ids: { unk: -1 } }, /ids\.unk: expected 0, 1, 2/],
  ["an id is not whole", { ids: { pad: 1.5 } }, /ids\.pad: expected a whole number, got 1\.5/],
  ["a number is out of range", { characterCoverage: 0.5 }, /characterCoverage.* 0\.98 to 1, got/],
  ["a number is not whole", { numSubIterations: 1.5 }, /numSubIterations: expected a whole/],
  ["a rule is none", { normalization: { tsv: "U+41\tX" } }, /line 1: expected code points.*"X"/],
  ["a rule has a surrogate", { normalization: { tsv: "D800\t41" } }, /line 1: .*"D800"/],
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
