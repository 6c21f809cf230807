import { FormatError } from "orrery-lm/base";
import {
  TEKKEN_JSON,
  TOKENIZER_JSON,
  type TokenizerJson,
  isSentencePieceModel,
  isTekken,
  isTiktokenRanks,
  isVocabTxt,
  parseSentencePieceModel,
  parseTekken,
  parseTiktokenRanks,
  parseTokenizerJson,
  parseVocabTxt,
} from "orrery-lm/formats";
import type { RuleOptions } from "./load-options.ts";

/** A format of one file. */
interface TokenizerFormat {
  /** What errors call it. */
  readonly name: string;
  readonly is: (bytes: Uint8Array) => boolean;
  readonly read: (bytes: Uint8Array, rules: RuleOptions) => TokenizerJson;
  /** The file leaves out how text is cut and which tokens are special. */
  readonly takesRules?: true;
  /** The file leaves out what becomes of capital letters. */
  readonly takesLowercase?: true;
}

/** The first that recognizes a file reads it. */
const FORMATS: readonly TokenizerFormat[] = [
  { name: TEKKEN_JSON, is: (bytes) => isJson(bytes) && isTekken(bytes), read: parseTekken },
  { name: TOKENIZER_JSON, is: isJson, read: parseTokenizerJson },
  { name: "a rank file", is: isTiktokenRanks, read: readRanks, takesRules: true },
  { name: "a .model", is: isSentencePieceModel, read: parseSentencePieceModel },
  {
    name: "a vocab.txt",
    is: isVocabTxt,
    read: (bytes, { lowercase }) => parseVocabTxt(bytes, lowercase),
    takesLowercase: true,
  },
];

/**
 * Reads a tokenizer from the bytes of one file.
 * @throws {ConfigError} if a rule is missing, or is given where the file has its own.
 * @throws {FormatError} if it is in no known format, or broken.
 */
export function recognize(bytes: Uint8Array, rules: RuleOptions): TokenizerJson {
  const format = FORMATS.find(({ is }) => is(bytes));
  if (format === undefined) {
    throw new FormatError(
      "tokenizer",
      `expected a tokenizer.json, tekken.json, SentencePiece .model, rank file, vocab.txt of BERT's or GGUF file, got ${bytes.length} bytes of something else`,
      { offset: 0 },
    );
  }
  if (format.takesRules !== true) rules.refuse(format.name);
  if (format.takesLowercase !== true) rules.refuseLowercase(format.name);
  return format.read(bytes, rules);
}

function readRanks(bytes: Uint8Array, rules: RuleOptions): TokenizerJson {
  rules.needPatterns("a rank file");
  return rules.applyTo({
    truncation: null,
    padding: null,
    addedTokens: [],
    normalizer: null,
    preTokenizer: null,
    postProcessor: null,
    decoder: { type: "ByteLevel", addPrefixSpace: true, trimOffsets: true, useRegex: true },
    model: parseTiktokenRanks(bytes),
  });
}

/** True if the first byte after a byte order mark and white space is "{". */
function isJson(bytes: Uint8Array): boolean {
  const skip = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);
  return bytes.subarray(0, 1024).find((byte) => !skip.has(byte)) === 0x7b;
}
