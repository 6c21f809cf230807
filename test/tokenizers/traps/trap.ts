import { type SentencePieceType, SPLIT_PATTERNS, type TokenizerJson } from "orrery-lm/formats";
import { type EncodeFullOptions, Tokenizer } from "orrery-lm/tokenizers";
import { sentencePieceCases, loadModel } from "../sentencepiece-golden-models.ts";

/** A place where exactness is lost: its number and name, what we do there, and what is right. */
export type Trap = readonly [name: string, actual: () => unknown, expected: unknown];

/** A tokenizer.json with these members. */
export function load(json: object): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

/** A regular expression that cuts out its matches. */
export function splitAt(regex: string, behavior = "Isolated", invert = false): object {
  return { type: "Split", pattern: { Regex: regex }, behavior, invert };
}

/** One of the published patterns. */
export function splitAtNamed(name: string): object {
  const pretokenizers = SPLIT_PATTERNS.get(name)!.map((regex) => splitAt(regex));
  return { type: "Sequence", pretokenizers };
}

/** The pieces that a pre-tokenizer and added tokens cut a text into, as they stand in the text. */
export async function cut(
  text: string,
  preTokenizer: object | null,
  { addedTokens = [], ...options }: EncodeFullOptions & { addedTokens?: object[] } = {},
): Promise<string[]> {
  const tokenizer = await load({
    added_tokens: addedTokens,
    pre_tokenizer: preTokenizer,
    model: { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" },
  });
  const { offsets } = tokenizer.encodeFull(text, undefined, options);
  return offsets.map(([start, end]) => text.slice(start, end));
}

/** What a normalizer makes of a text: each byte is a token. */
export async function normalize(text: string, normalizer: object): Promise<string> {
  const bytes = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
  const vocab = Object.fromEntries(bytes.map((token, id) => [token, id]));
  const tokenizer = await load({
    normalizer,
    decoder: { type: "Sequence", decoders: [{ type: "ByteFallback" }, { type: "Fuse" }] },
    model: { type: "BPE", vocab, merges: [], byte_fallback: true },
  });
  return tokenizer.decode(tokenizer.encode(text));
}

/** A byte as vocabularies with byte fallback spell it. */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** An added token. */
export function addedToken(id: number, content: string, flags: object = {}): object {
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return { id, content, ...plain, special: false, ...flags };
}

/** A BPE whose vocabulary is these tokens, in this order. */
export function bpe(tokens: readonly string[], merges: readonly string[], flags = {}): object {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return { model: { type: "BPE", vocab, merges, ...flags } };
}

/** The tokens of a text. */
export async function tokensOf(
  text: string,
  json: object | Tokenizer | Promise<Tokenizer>,
  options: EncodeFullOptions = {},
): Promise<readonly string[]> {
  const given = await json;
  const tokenizer = given instanceof Tokenizer ? given : await load(given);
  const { ids, tokens } = tokenizer.encodeFull(text, undefined, options);
  const plain = [...tokenizer.encode(text, options)];
  // The way for ids only and the way with offsets must agree.
  return JSON.stringify(plain) === JSON.stringify([...ids]) ? tokens : ["!", ...plain.map(String)];
}

interface Pieces {
  readonly algorithm?: "unigram" | "bpe";
  readonly byteFallback?: boolean;
  readonly addDummyPrefix?: boolean;
  readonly removeExtraWhitespaces?: boolean;
  readonly charsmap?: Uint8Array;
}

/** A SentencePiece model of these pieces, behind "<unk>" with id 0. */
export function sentencePiece(
  pieces: readonly (readonly [piece: string, score: number, type?: SentencePieceType])[],
  options: Pieces = {},
): Promise<Tokenizer> {
  const { algorithm = "bpe", byteFallback = false, charsmap = new Uint8Array() } = options;
  const { addDummyPrefix = false, removeExtraWhitespaces = false } = options;
  const all = [["<unk>", 0, "UNKNOWN"] as const, ...pieces];
  const whitespace = { addDummyPrefix, removeExtraWhitespaces };
  const namesOf = (wanted: SentencePieceType): string[] =>
    pieces.filter(([, , type]) => type === wanted).map(([piece]) => piece);
  const json: TokenizerJson = {
    truncation: null,
    padding: null,
    addedTokens: [],
    normalizer: {
      type: "SentencePiece",
      precompiledCharsmap: charsmap,
      ...whitespace,
      escapeWhitespaces: true,
      treatWhitespaceAsSuffix: false,
      userDefinedSymbols: namesOf("USER_DEFINED"),
    },
    preTokenizer: null,
    postProcessor: null,
    decoder: {
      type: "SentencePiece",
      ...whitespace,
      controlPieces: namesOf("CONTROL"),
      unkPiece: "<unk>",
      unkSurface: " \u2047 ",
      byteFallback,
      denormalizer: null,
    },
    model: {
      type: "SentencePiece",
      algorithm,
      byteFallback,
      treatWhitespaceAsSuffix: false,
      pieces: all.map(([piece, score, type = "NORMAL"]) => ({ piece, score, type })),
      file: new Uint8Array(),
    },
  };
  return Tokenizer.create(json);
}

/** One of the small models that SentencePiece trained. */
export function sentencePieceModel(name: string): Promise<Tokenizer> {
  return loadModel(sentencePieceCases.find((one) => one.name === name)!);
}
