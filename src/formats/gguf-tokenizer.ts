import { type ByteSource, FormatError } from "orrery-lm/base";
import { GgufFields } from "./gguf-fields.ts";
import { GGUF_PATTERNS } from "./gguf-patterns.ts";
import { GGUF } from "./gguf.ts";
import { mergesOfLines } from "./merges-txt.ts";
import { serializeSentencePieceModel } from "./sentencepiece-model-writer.ts";
import { parseSentencePieceModel } from "./sentencepiece-model.ts";
import { SPLIT_PATTERNS, splitAtPatterns } from "./split-patterns.ts";
import { type TokenWithId, templateOfEnds } from "./template-of-ends.ts";
import type { SentencePieceJson, SentencePieceType } from "./tokenizer-json/models.ts";
import type { AddedTokenJson, TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";

/**
 * Reads the vocabulary of a GGUF file: models `gpt2` (byte-level BPE), `llama` and `t5` (SentencePiece)
 * and `bert` (WordPiece). Tokens of the type CONTROL become special tokens; tokens at the start and the
 * end are added as the file says, or as llama.cpp does where it does not.
 *
 * The file does not say whether BERT's text is lower-cased; llama.cpp always does, and so do we.
 *
 * @param patterns what cuts the text for `gpt2`, instead of what `tokenizer.ggml.pre` names
 * @throws {FormatError} if the file is broken, has no vocabulary or one of another kind, or names no
 * known pattern and none is given.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function readGgufTokenizer(
  source: ByteSource,
  patterns?: readonly string[],
): Promise<TokenizerJson> {
  const fields = await GgufFields.read(source);
  const kind = fields.string("model") ?? "none";
  switch (kind) {
    case "gpt2":
      return bytePair(fields, patterns);
    case "llama":
      return sentencePiece(fields, "bpe");
    case "t5":
      return sentencePiece(fields, "unigram");
    case "bert":
      return wordPiece(fields);
    default:
      throw new FormatError(
        GGUF,
        `tokenizer.ggml.model: expected gpt2, llama, t5 or bert, got ${JSON.stringify(kind)}`,
      );
  }
}

function bytePair(fields: GgufFields, patterns: readonly string[] | undefined): TokenizerJson {
  const tokens = fields.tokens();
  const pre = fields.string("pre");
  const named = pre === undefined ? undefined : GGUF_PATTERNS.get(pre);
  const cuts = patterns ?? (named && SPLIT_PATTERNS.get(named.pattern));
  if (cuts === undefined) {
    throw new FormatError(
      GGUF,
      `tokenizer.ggml.pre: the pattern of ${JSON.stringify(pre ?? null)} is not known; name one: { pattern: "gpt2" }`,
    );
  }
  const vocab = new Map(tokens.map((token, id) => [token, id]));
  const merges = fields.strings("merges") ?? [];
  const byteLevel = { type: "ByteLevel", addPrefixSpace: true, trimOffsets: true } as const;
  return {
    ...common(fields, tokens, { bos: named?.addsBos ?? false, eos: false }),
    normalizer: null,
    preTokenizer: splitAtPatterns(cuts),
    decoder: { ...byteLevel, useRegex: true },
    model: {
      type: "BPE",
      unkToken: null,
      fuseUnk: false,
      ignoreMerges: named?.ignoreMerges ?? false,
      byteFallback: false,
      dropout: null,
      continuingSubwordPrefix: null,
      endOfWordSuffix: null,
      vocab,
      merges: mergesOfLines(merges, vocab, `${GGUF}: tokenizer.ggml.merges`),
    },
  };
}

/** Goes by way of a `.model`, whose reader knows what makes one sound. */
function sentencePiece(
  fields: GgufFields,
  algorithm: SentencePieceJson["algorithm"],
): TokenizerJson {
  const tokens = fields.tokens();
  const types = fields.tokenTypes(tokens.length);
  const scores = fields.numbers("scores");
  const byType = (wanted: SentencePieceType): string[] =>
    tokens.filter((_, id) => types[id] === wanted);
  const isBPE = algorithm === "bpe";
  const addDummyPrefix = fields.boolean("add_space_prefix") ?? true;
  const removeExtraWhitespaces = fields.boolean("remove_extra_whitespaces") ?? !isBPE;
  const byteFallback = types.includes("BYTE");
  const file = serializeSentencePieceModel({
    ...NO_EXTRAS,
    addedTokens: [],
    preTokenizer: null,
    postProcessor: null,
    normalizer: {
      type: "SentencePiece",
      precompiledCharsmap: Uint8Array.from(fields.numbers("precompiled_charsmap") ?? []),
      addDummyPrefix,
      removeExtraWhitespaces,
      escapeWhitespaces: true,
      treatWhitespaceAsSuffix: false,
      userDefinedSymbols: byType("USER_DEFINED"),
    },
    decoder: {
      type: "SentencePiece",
      addDummyPrefix,
      removeExtraWhitespaces,
      controlPieces: byType("CONTROL"),
      unkPiece: byType("UNKNOWN")[0] ?? "<unk>",
      unkSurface: " \u2047 ",
      byteFallback,
      denormalizer: null,
    },
    model: {
      type: "SentencePiece",
      algorithm,
      byteFallback,
      treatWhitespaceAsSuffix: false,
      pieces: tokens.map((piece, id) => ({ piece, score: scores?.[id] ?? 0, type: types[id]! })),
      file: new Uint8Array(0),
    },
  });
  const { addedTokens, ...others } = common(fields, tokens, { bos: isBPE, eos: !isBPE });
  return {
    ...parseSentencePieceModel(file),
    ...others,
    // The normalizer finds the user-defined ones itself.
    addedTokens: addedTokens.filter(({ special }) => special),
  };
}

/** The file has "▁the" and "s" for "the" and "##s"; control tokens such as "[CLS]" are as they are. */
function wordPiece(fields: GgufFields): TokenizerJson {
  const written = fields.tokens();
  const controlIds = controlIdsOf(fields, written.length);
  const tokens = written.map((token, id) => {
    if (controlIds.has(id)) return token;
    return token.startsWith("\u2581") ? token.slice(1) : `##${token}`;
  });
  const vocab = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    const other = vocab.get(token);
    if (other !== undefined) {
      const both = JSON.stringify([written[other], written[id]]);
      throw new FormatError(
        GGUF,
        `tokenizer.ggml.tokens: expected tokens that differ, got ${both}, which both mean ${JSON.stringify(token)}`,
      );
    }
    vocab.set(token, id);
  }
  const unkId = fields.tokenId("unknown_token_id", tokens.length);
  const defaults = { bos: true, eos: true };
  const { start, end } = endsOf(fields, tokens, defaults);
  return {
    ...common(fields, tokens, defaults),
    postProcessor:
      start !== undefined && end !== undefined
        ? { type: "BertProcessing", sep: [end.token, end.id], cls: [start.token, start.id] }
        : templateOfEnds(start, end),
    normalizer: {
      type: "BertNormalizer",
      cleanText: true,
      handleChineseChars: true,
      stripAccents: null,
      lowercase: true,
    },
    preTokenizer: { type: "BertPreTokenizer" },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unkToken: unkId === undefined ? "[UNK]" : tokens[unkId]!,
      continuingSubwordPrefix: "##",
      maxInputCharsPerWord: 100,
      vocab,
    },
  };
}

/** The tokens that have a role, whether the file gives their types or not. */
function controlIdsOf(fields: GgufFields, count: number): ReadonlySet<number | undefined> {
  const roles = ["bos", "cls", "eos", "seperator", "unknown", "padding", "mask"];
  const ids = new Set(roles.map((role) => fields.tokenId(`${role}_token_id`, count)));
  for (const [id, type] of fields.tokenTypes(count).entries()) {
    if (type === "CONTROL" || type === "UNKNOWN") ids.add(id);
  }
  return ids;
}

const NO_EXTRAS = { truncation: null, padding: null } as const;

/** What all kinds have: special tokens, and what is added at the start and the end. */
function common(
  fields: GgufFields,
  tokens: readonly string[],
  defaults: { readonly bos: boolean; readonly eos: boolean },
): Pick<TokenizerJson, "truncation" | "padding" | "addedTokens" | "postProcessor"> {
  const types = fields.tokenTypes(tokens.length);
  const addedTokens: AddedTokenJson[] = [];
  for (const [id, content] of tokens.entries()) {
    const special = types[id] === "CONTROL";
    if (!special && types[id] !== "USER_DEFINED") continue;
    addedTokens.push({
      id,
      content,
      singleWord: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special,
    });
  }
  const { start, end } = endsOf(fields, tokens, defaults);
  return { ...NO_EXTRAS, addedTokens, postProcessor: templateOfEnds(start, end) };
}

interface Ends {
  readonly start: TokenWithId | undefined;
  readonly end: TokenWithId | undefined;
}

/** What is added before and behind each text. */
function endsOf(
  fields: GgufFields,
  tokens: readonly string[],
  defaults: { readonly bos: boolean; readonly eos: boolean },
): Ends {
  const bos = fields.tokenId("bos_token_id", tokens.length);
  const eos =
    fields.tokenId("eos_token_id", tokens.length) ??
    fields.tokenId("seperator_token_id", tokens.length);
  const added = (id: number | undefined, isAdded: boolean) =>
    id !== undefined && isAdded ? { token: tokens[id]!, id } : undefined;
  return {
    start: added(bos, fields.boolean("add_bos_token") ?? defaults.bos),
    end: added(eos, fields.boolean("add_eos_token") ?? defaults.eos),
  };
}
