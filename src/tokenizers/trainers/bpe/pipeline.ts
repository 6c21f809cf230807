import { ConfigError } from "orrery-lm/base";
import {
  type ByteLevelJson,
  type NormalizerJson,
  type PreTokenizerJson,
  SPLIT_PATTERNS,
  type TokenizerJson,
  splitAtPatterns,
} from "orrery-lm/formats";
import { FINAL_BLANK } from "../../decoders/replace.ts";
import { readsBytes } from "../../models/reads-bytes.ts";
import type { BPEWordOptions } from "./options.ts";
import { checkOneOf } from "../training-options.ts";
import type { WordPreparation } from "../words/word-splitter.ts";

/** The steps of a tokenizer around its model. */
export type Pipeline = Omit<TokenizerJson, "model" | "addedTokens">;

const BYTE_LEVEL: ByteLevelJson = {
  type: "ByteLevel",
  addPrefixSpace: true,
  trimOffsets: true,
  useRegex: true,
};

/**
 * The steps around a BPE that is to be trained.
 * @throws {ConfigError} if the pattern is a name that is not known, or so are the symbols or the kind
 * of the end of a word.
 */
export function bpePipeline(options: BPEWordOptions): Pipeline {
  checkOneOf("symbols", options.symbols, ["bytes", "characters"]);
  checkOneOf("endOfWord.kind", options.endOfWord?.kind, ["glued", "separate"]);
  const isOfBytes = (options.symbols ?? "bytes") === "bytes";
  return {
    truncation: null,
    padding: null,
    ...(isOfBytes ? bytePipeline(options) : characterPipeline(options)),
  };
}

/** How words are prepared for a BPE that is to be trained. */
export function bpePreparation(options: BPEWordOptions): WordPreparation {
  const { normalizer, preTokenizer } = bpePipeline(options);
  return { normalizer, preTokenizer, readsBytes: (options.symbols ?? "bytes") === "bytes" };
}

/** How words are prepared by a tokenizer with these steps. */
export function preparationOf(json: TokenizerJson): WordPreparation {
  const { normalizer, preTokenizer } = json;
  return { normalizer, preTokenizer, readsBytes: readsBytes(json) };
}

type Steps = Omit<Pipeline, "truncation" | "padding">;

function bytePipeline({ pattern = "gpt2", normalizer = null }: BPEWordOptions): Steps {
  return {
    normalizer,
    preTokenizer:
      pattern === "gpt2"
        ? { ...BYTE_LEVEL, addPrefixSpace: false }
        : splitAtPatterns(patternsOf(pattern)),
    // As in GPT-2: offsets keep the blank before a word. What else differs here has no effect.
    postProcessor: { ...BYTE_LEVEL, trimOffsets: false },
    decoder: BYTE_LEVEL,
  };
}

function characterPipeline(options: BPEWordOptions): Steps {
  const { pattern = "whitespace", normalizer = null, endOfWord } = options;
  if (endOfWord?.kind === "separate") return separatePipeline(endOfWord.marker, normalizer);
  return {
    normalizer,
    preTokenizer:
      pattern === "whitespace"
        ? { type: "WhitespaceSplit" }
        : { type: "Sequence", pretokenizers: patternsOf(pattern).map(splitAt) },
    postProcessor: null,
    decoder:
      endOfWord === undefined ? { type: "Fuse" } : { type: "BPEDecoder", suffix: endOfWord.marker },
  };
}

/** White space, and the end of the text, become the marker, which stays with the word before it. */
function separatePipeline(marker: string, normalizer: NormalizerJson | null): Steps {
  const mark: NormalizerJson = {
    type: "Replace",
    pattern: { regex: String.raw`\s+|\z` },
    content: marker,
  };
  return {
    normalizer: normalizer === null ? mark : { type: "Sequence", normalizers: [normalizer, mark] },
    preTokenizer: {
      type: "Split",
      pattern: { string: marker },
      behavior: "MergedWithPrevious",
      invert: false,
    },
    postProcessor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { string: marker }, content: " " },
        { type: "Fuse" },
        // Strip would do, but `tokenizers` panics where it strips an empty text.
        { type: "Replace", pattern: { regex: FINAL_BLANK }, content: "" },
      ],
    },
  };
}

function splitAt(regex: string): PreTokenizerJson {
  return { type: "Split", pattern: { regex }, behavior: "Isolated", invert: false };
}

function patternsOf(pattern: string): readonly string[] {
  if (pattern === "whitespace") return [String.raw`\s+|\S+`];
  const known = SPLIT_PATTERNS.get(pattern);
  if (known !== undefined) return known;
  // A regular expression of letters only would be a strange one; a misspelled name is likelier.
  if (/^[\w-]*$/.test(pattern)) {
    const names = ["whitespace", ...SPLIT_PATTERNS.keys()].join(", ");
    throw new ConfigError(
      `trainTokenizer: expected a pattern by name (${names}) or a regular expression, ` +
        `got ${JSON.stringify(pattern)}`,
    );
  }
  return [pattern];
}
