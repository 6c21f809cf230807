import { ConfigError } from "orrery-lm/base";
import type {
  AddedTokenJson,
  DecoderJson,
  ModelJson,
  NormalizerJson,
  SentencePieceDecoderJson,
  SentencePieceJson,
  SentencePieceNormalizerJson,
} from "orrery-lm/formats";

type Pieces = SentencePieceJson["pieces"];

/**
 * The model of `tokenizers` nearest to a SentencePiece model. Its unigram model becomes `Unigram`, its
 * BPE and its characters become `BPE`.
 *
 * What differs from SentencePiece afterwards: neighboring BPE merges of equal scores go longer left
 * part first, not leftmost first; UNUSED pieces are used; and the names of control pieces and bytes in
 * the text, such as "<s>" or "<0x0A>", are tokens.
 *
 * @throws {ConfigError} for whole words, which `tokenizers` cannot look up so.
 * @see https://github.com/huggingface/transformers, convert_slow_tokenizer.py, SpmConverter
 */
export function convertSentencePieceModel(model: SentencePieceJson): ModelJson {
  const { algorithm, byteFallback, pieces } = model;
  const unkId = pieces.findIndex(({ type }) => type === "UNKNOWN");
  if (algorithm === "word") return refuse("a model of whole words");
  if (algorithm === "unigram") {
    const vocab = pieces.map(({ piece, score }): readonly [string, number] => [piece, score]);
    return { type: "Unigram", unkId, byteFallback, vocab };
  }
  return {
    type: "BPE",
    unkToken: pieces[unkId]!.piece,
    fuseUnk: true,
    ignoreMerges: false,
    byteFallback,
    dropout: null,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
    vocab: new Map(pieces.map(({ piece }, id) => [piece, id])),
    merges: algorithm === "bpe" ? mergesOf(pieces) : [],
  };
}

/** Each cut of a piece into two pieces, the highest score of the whole first. */
function mergesOf(pieces: Pieces): readonly (readonly [string, string])[] {
  const isText = new Set(["NORMAL", "USER_DEFINED", "UNUSED"]);
  const known = new Set(pieces.filter(({ type }) => isText.has(type)).map(({ piece }) => piece));
  const cuts: { left: string; right: string; score: number; length: number }[] = [];
  for (const { piece, score, type } of pieces) {
    if (!isText.has(type)) continue;
    let left = "";
    let length = 0;
    for (const character of piece) {
      const right = piece.slice(left.length);
      if (known.has(left) && known.has(right)) cuts.push({ left, right, score, length });
      left += character;
      length += 1;
    }
  }
  // The longer left part first, as that converter has it.
  cuts.sort((a, b) => b.score - a.score || b.length - a.length);
  return cuts.map(({ left, right }) => [left, right]);
}

/**
 * The steps of `tokenizers` that normalize as SentencePiece does.
 *
 * They run on each stretch between added tokens, SentencePiece's on the whole text. So blanks before a
 * user-defined symbol are lost where blanks at the end are, and a text that begins with a symbol has no
 * dummy prefix. And of rules that overlap SentencePiece
 * applies the longest, while `Precompiled` goes by grapheme clusters.
 *
 * @throws {ConfigError} for blanks behind words.
 */
export function convertSentencePieceNormalizer(json: SentencePieceNormalizerJson): NormalizerJson {
  if (json.treatWhitespaceAsSuffix) return refuse("treat_whitespace_as_suffix");
  const blank = json.escapeWhitespaces ? "\u2581" : " ";
  const steps: NormalizerJson[] = [];
  if (json.precompiledCharsmap.length > 0) {
    steps.push({ type: "Precompiled", precompiledCharsmap: json.precompiledCharsmap });
  }
  if (json.removeExtraWhitespaces) {
    // Metaspace takes a blank that is there for the dummy prefix; it sees no start where one was cut.
    const ends = needsMetaspace(json) ? String.raw` +\z` : String.raw`\A +| +\z`;
    steps.push(replace({ regex: ends }, ""), replace({ regex: " {2,}" }, " "));
  }
  if (json.addDummyPrefix && !needsMetaspace(json)) steps.push({ type: "Prepend", prepend: blank });
  if (json.escapeWhitespaces) steps.push(replace({ string: " " }, blank));
  return { type: "Sequence", normalizers: steps };
}

/** Whether the pre-tokenizer has to put the dummy prefix, so that none follows a symbol. */
export function needsMetaspace(json: SentencePieceNormalizerJson): boolean {
  return json.addDummyPrefix && json.escapeWhitespaces && json.userDefinedSymbols.length > 0;
}

function replace(
  pattern: { readonly regex: string } | { readonly string: string },
  content: string,
): NormalizerJson & DecoderJson {
  return { type: "Replace", pattern, content };
}

/** The steps of `tokenizers` that decode as SentencePiece does; control pieces are special tokens. */
export function convertSentencePieceDecoder(json: SentencePieceDecoderJson): DecoderJson {
  if (json.denormalizer !== null) return refuse("rules that undo normalization");
  const steps: DecoderJson[] = [replace({ string: "\u2581" }, " ")];
  if (json.unkSurface !== json.unkPiece) {
    steps.unshift(replace({ string: json.unkPiece }, json.unkSurface));
  }
  if (json.byteFallback) steps.push({ type: "ByteFallback" });
  steps.push({ type: "Fuse" });
  if (json.addDummyPrefix || json.removeExtraWhitespaces) {
    // All blanks at the start, or the one that was put there.
    const start = json.removeExtraWhitespaces ? 2 ** 16 : 1;
    steps.push({ type: "Strip", content: " ", start, stop: 0 });
  }
  return { type: "Sequence", decoders: steps };
}

/** Control pieces as special tokens, user-defined symbols as tokens that are looked for in the text. */
export function addedTokensOf(pieces: Pieces): readonly AddedTokenJson[] {
  return pieces.flatMap(({ piece, type }, id) => {
    if (type !== "CONTROL" && type !== "USER_DEFINED") return [];
    const token = { id, content: piece, special: type === "CONTROL", normalized: false };
    return [{ ...token, singleWord: false, lstrip: false, rstrip: false }];
  });
}

function refuse(what: string): never {
  throw new ConfigError(
    `save("tokenizer.json"): tokenizer.json cannot express ${what} of SentencePiece; save("sentencepiece") can`,
  );
}
