import fc from "fast-check";
import { ConfigError, FormatError, ProtobufWriter } from "orrery-lm/base";
import {
  type SentencePieceJson,
  type TokenizerJson,
  isSentencePieceModel,
  parseSentencePieceModel,
  parseTokenizerJson,
  serializeSentencePieceModel,
} from "orrery-lm/formats";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it, test } from "vitest";
import { sentencePieceCases, unpackModel } from "../tokenizers/sentencepiece-golden-models.ts";

type Piece = readonly [piece: string, score?: number, type?: number];

const UNK: Piece = ["<unk>", 0, 2];

function modelOf(pieces: readonly Piece[], trainer = new ProtobufWriter()): Uint8Array {
  const file = new ProtobufWriter();
  for (const [piece, score, type] of pieces) {
    const fields = new ProtobufWriter().string(1, piece);
    if (score !== undefined) fields.float(2, score);
    if (type !== undefined) fields.integer(3, type);
    file.message(1, fields);
  }
  return file.message(2, trainer).finish();
}

test("what the file leaves out has its default", () => {
  const json = parseSentencePieceModel(modelOf([UNK, ["a"]]));
  expect(json).toMatchObject({
    addedTokens: [],
    normalizer: {
      type: "SentencePiece",
      addDummyPrefix: true,
      removeExtraWhitespaces: true,
      escapeWhitespaces: true,
      treatWhitespaceAsSuffix: false,
      userDefinedSymbols: [],
    },
    decoder: { unkPiece: "<unk>", unkSurface: " \u2047 ", byteFallback: false, denormalizer: null },
    model: {
      algorithm: "unigram",
      byteFallback: false,
      pieces: [
        { piece: "<unk>", score: 0, type: "UNKNOWN" },
        { piece: "a", score: 0, type: "NORMAL" },
      ],
    },
  });
});

test("numbers that nobody knows are passed over, as Protocol Buffers do", () => {
  const trainer = new ProtobufWriter().integer(3, 9).string(999, "later").integer(24, 1);
  const { model } = parseSentencePieceModel(modelOf([UNK, ["a", -1, 99]], trainer));
  expect(model).toMatchObject({
    algorithm: "unigram",
    treatWhitespaceAsSuffix: true,
    pieces: [{}, { piece: "a", type: "NORMAL" }],
  });
});

test("the caller may reuse the bytes", () => {
  const bytes = unpackModel(sentencePieceCases[0]!);
  const json = parseSentencePieceModel(bytes);
  const expected = bytes.slice();
  bytes.fill(0);
  expect(Buffer.compare(serializeSentencePieceModel(json), expected)).toBe(0);
});

describe("refuses what SentencePiece refuses", () => {
  const bytePieces = Array.from({ length: 255 }, (_, byte): Piece => {
    const digits = byte.toString(16).toUpperCase().padStart(2, "0");
    return [`<0x${digits}>`, 0, 6];
  });
  const byteFallback = new ProtobufWriter().integer(35, 1);
  it.each<[string, Uint8Array, string]>([
    ["an empty piece", modelOf([UNK, [""]]), "piece 1 is empty"],
    [
      "a piece that stands twice",
      modelOf([UNK, ["a"], ["a", -1, 4]]),
      'piece 2, "a", stands there twice',
    ],
    [
      "no piece for what is unknown",
      modelOf([["a"]]),
      "expected a piece of type UNKNOWN, got none",
    ],
    ["two of them", modelOf([UNK, ["<unk2>", 0, 2]]), "pieces 0 and 1 are both UNKNOWN"],
    ["no pieces", modelOf([]), "UNKNOWN, got none"],
    ["bytes without byte_fallback", modelOf([UNK, ["<0x00>", 0, 6]]), "byte_fallback is false"],
    ["bytes that are none", modelOf([UNK, ["<0x0a>", 0, 6]], byteFallback), 'got "<0x0a>"'],
    ["255 bytes", modelOf([UNK, ...bytePieces], byteFallback), "256 pieces of type BYTE, got 255"],
    ["a score that is no number", modelOf([UNK, ["a", Number.NaN]]), "the score of piece 1"],
  ])("%s", (_, bytes, message) => {
    const act = (): unknown => parseSentencePieceModel(bytes);
    expect(act).toThrow(FormatError);
    expect(act).toThrow(message);
  });
});

// The control piece "a" and the normal one are two.
test("a control piece may be spelled like a normal one", () => {
  expect(() => parseSentencePieceModel(modelOf([UNK, ["a", 0, 3], ["a"]]))).not.toThrow();
});

test("a file that was cut off or changed is refused, or read as something else, and nothing else", async () => {
  const file = unpackModel(sentencePieceCases[0]!);
  const texts = ["", "a fin \u2026 ﬁ", "planet ☃"];
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: file.length }),
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 3 }),
      async (length, changes) => {
        const broken = file.slice(0, changes.length === 0 ? length : file.length);
        for (const [place, byte] of changes) broken[place] = byte;
        let tokenizer: Tokenizer;
        try {
          tokenizer = await Tokenizer.create(parseSentencePieceModel(broken));
        } catch (error) {
          if (error instanceof FormatError) return;
          throw error;
        }
        for (const text of texts) tokenizer.decode(tokenizer.encodeFull(text).ids);
      },
    ),
    { numRuns: 1500, seed: 1 },
  );
});

describe("a charsmap", () => {
  const json = parseSentencePieceModel(modelOf([UNK, ["a"]]));
  const load = (precompiledCharsmap: Uint8Array): Promise<Tokenizer> =>
    Tokenizer.create({ ...json, normalizer: { ...json.normalizer, precompiledCharsmap } as never });
  it.each<[string, Uint8Array]>([
    ["shorter than a size", Uint8Array.of(4, 0)],
    ["without a trie", Uint8Array.of(0, 0, 0, 0)],
    ["shorter than its trie", Uint8Array.of(8, 0, 0, 0, 1, 2, 3, 4)],
    ["with a trie of half a unit", Uint8Array.of(2, 0, 0, 0, 1, 2, 3, 4)],
    ["with a trie of 4 GB", Uint8Array.of(252, 255, 255, 255, 1, 2, 3, 4)],
    [
      "with a replacement without an end",
      Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, ...Array<number>(5000).fill(65)),
    ],
  ])("%s is refused", async (_, blob) => {
    await expect(load(blob)).rejects.toThrow(FormatError);
    await expect(load(blob)).rejects.toThrow("precompiled_charsmap");
  });

  test("whose trie leads anywhere does no harm", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 8, maxLength: 400 }),
        fc.string(),
        async (blob, text) => {
          const size = (blob.length - 4) & ~3;
          new DataView(blob.buffer, blob.byteOffset).setUint32(0, size, true);
          const tokenizer = await load(blob);
          tokenizer.encodeFull(`${text} ☃ 🪐`);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe("a model that was not read from a file", () => {
  const read = parseSentencePieceModel(unpackModel(sentencePieceCases[6]!));
  const made: TokenizerJson = {
    ...read,
    model: { ...(read.model as SentencePieceJson), file: new Uint8Array(0) },
  };

  test("is written so that the same is read", () => {
    const again = parseSentencePieceModel(serializeSentencePieceModel(made));
    const file = (again.model as SentencePieceJson).file;
    expect({ ...again, model: { ...again.model, file: null } }).toEqual({
      ...made,
      model: { ...made.model, file: null },
    });
    expect(isSentencePieceModel(file)).toBe(true);
  });

  it.each<[string, Partial<TokenizerJson>, string]>([
    ["another normalizer", { normalizer: { type: "NFC" } }, "normalizer NFC"],
    ["no decoder", { decoder: null }, "decoder null"],
    ["a pre-tokenizer", { preTokenizer: { type: "Whitespace" } }, "a preTokenizer"],
    [
      "an added token",
      { addedTokens: [{ id: 0, content: "<x>" } as TokenizerJson["addedTokens"][number]] },
      'the added token "<x>"',
    ],
  ])("is refused with %s", (_, changes, message) => {
    const act = (): unknown => serializeSentencePieceModel({ ...made, ...changes });
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(`cannot express ${message}`);
  });
});

test("another kind of model is refused", () => {
  const json = parseTokenizerJson(
    new TextEncoder().encode('{"model":{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}}'),
  );
  expect(() => serializeSentencePieceModel(json)).toThrow(
    "cannot express a model of type WordLevel",
  );
});

it.each([
  ["nothing", ""],
  ["a tokenizer.json", '{"model":{}}'],
  ["a vocab.txt that starts with an empty line", "\n\n[UNK]\n"],
  ["lines", "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"],
  ["a rank file", "IQ== 0\n"],
])("%s is not taken for a .model", (_, text) => {
  expect(isSentencePieceModel(new TextEncoder().encode(text))).toBe(false);
});
