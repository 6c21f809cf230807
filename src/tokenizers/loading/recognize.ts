import { FormatError } from "orrery-lm/base";
import {
  TEKKEN_JSON,
  TOKENIZER_JSON,
  type TokenizerJson,
  isTekken,
  isTiktokenRanks,
  isVocabTxt,
  parseTokenizerJson,
} from "orrery-lm/formats";
import type { RuleOptions } from "./load-options.ts";

/** A format of one file. */
interface TokenizerFormat {
  /** What errors call it. */
  readonly name: string;
  readonly is: (bytes: Uint8Array) => boolean | Promise<boolean>;
  /** Most readers are fetched when they are needed. */
  readonly read: (bytes: Uint8Array, rules: RuleOptions) => TokenizerJson | Promise<TokenizerJson>;
  /** The file leaves out how text is cut and which tokens are special. */
  readonly takesRules?: true;
  /** The file leaves out what becomes of capital letters. */
  readonly takesLowercase?: true;
}

/** The first that recognizes a file reads it. */
const FORMATS: readonly TokenizerFormat[] = [
  { name: TEKKEN_JSON, is: (bytes) => isJson(bytes) && isTekken(bytes), read: readTekken },
  { name: TOKENIZER_JSON, is: isJson, read: parseTokenizerJson },
  { name: "a rank file", is: isTiktokenRanks, read: readRanks, takesRules: true },
  { name: "a .model", is: isModel, read: readModel },
  {
    name: "a vocab.txt",
    is: isVocabTxt,
    read: readVocabTxt,
    takesLowercase: true,
  },
];

/**
 * Reads a tokenizer from the bytes of one file.
 * @throws {ConfigError} if a rule is missing, or is given where the file has its own.
 * @throws {FormatError} if it is in no known format, or broken.
 */
export async function recognize(bytes: Uint8Array, rules: RuleOptions): Promise<TokenizerJson> {
  const format = await formatOf(bytes);
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

async function formatOf(bytes: Uint8Array): Promise<TokenizerFormat | undefined> {
  // oxlint-disable-next-line no-await-in-loop -- the first counts
  for (const format of FORMATS) if (await format.is(bytes)) return format;
  return undefined;
}

async function readTekken(bytes: Uint8Array): Promise<TokenizerJson> {
  const { parseTekken } = await import("./readers/tekken.ts");
  return parseTekken(bytes);
}

async function isModel(bytes: Uint8Array): Promise<boolean> {
  // A list of pieces starts so; to look further takes a reader of protobuf.
  if (bytes[0] !== 0x0a) return false;
  const { isSentencePieceModel } = await import("./readers/sentencepiece.ts");
  return isSentencePieceModel(bytes);
}

async function readModel(bytes: Uint8Array): Promise<TokenizerJson> {
  const { parseSentencePieceModel } = await import("./readers/sentencepiece.ts");
  return parseSentencePieceModel(bytes);
}

async function readVocabTxt(bytes: Uint8Array, rules: RuleOptions): Promise<TokenizerJson> {
  const { parseVocabTxt } = await import("./readers/vocab-txt.ts");
  return parseVocabTxt(bytes, rules.lowercase);
}

async function readRanks(bytes: Uint8Array, rules: RuleOptions): Promise<TokenizerJson> {
  rules.needPatterns("a rank file");
  const { parseTiktokenRanks } = await import("./readers/tiktoken.ts");
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
