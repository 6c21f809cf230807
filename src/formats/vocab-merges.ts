import { FormatError, decodeUtf8 } from "orrery-lm/base";
import { JsonValue } from "./json-value.ts";
import { mergesOfLines } from "./merges-txt.ts";
import { readVocabulary } from "./tokenizer-json/read-vocabulary.ts";
import { specialToken } from "./tokenizer-json/special-token.ts";
import type { AddedTokenJson, TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";

const VOCAB = "vocab.json";
const MERGES = "merges.txt";
// The alphabet of byte-level tokens lies below U+0144, and blanks and controls are not in it.
const BYTE_LEVEL = /^[\x21-\x7e\xa1-\xac\xae-\u0143]+$/;

/**
 * Reads `vocab.json` and `merges.txt` (`encoder.json` and `vocab.bpe`) as GPT-2's: byte-level BPE, no
 * blank put in front. Tokens that no merge makes and that are named like `<|endoftext|>`, `<s>` or
 * `[MASK]` are special tokens: the files do not mark them.
 *
 * @throws {FormatError} if a file is broken, or the vocabulary is not byte-level: then these two files do
 * not say how text is cut.
 */
export function parseVocabMerges(vocabFile: Uint8Array, mergesFile: Uint8Array): TokenizerJson {
  const vocab = readVocabulary(JsonValue.parse(VOCAB, vocabFile));
  const lines = decodeUtf8(mergesFile, { name: MERGES }).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  const merges = mergesOfLines(lines, vocab, MERGES);
  const other = merges.flat().find((token) => !BYTE_LEVEL.test(token));
  if (other !== undefined || merges.some(([, right]) => right.endsWith("</w>"))) {
    const found = other === undefined ? "tokens that end in </w>" : JSON.stringify(other);
    throw new FormatError(
      MERGES,
      `expected the tokens of a byte-level vocabulary, got ${found}; how such text is cut is not in these files: load its tokenizer.json`,
    );
  }
  const byteLevel = {
    type: "ByteLevel",
    addPrefixSpace: false,
    trimOffsets: true,
    useRegex: true,
  } as const;
  return {
    truncation: null,
    padding: null,
    addedTokens: specialTokens(vocab, merges),
    normalizer: null,
    preTokenizer: byteLevel,
    postProcessor: { ...byteLevel, trimOffsets: false },
    decoder: byteLevel,
    model: {
      type: "BPE",
      unkToken: null,
      fuseUnk: false,
      ignoreMerges: false,
      byteFallback: false,
      dropout: null,
      continuingSubwordPrefix: null,
      endOfWordSuffix: null,
      vocab,
      merges,
    },
  };
}

function specialTokens(
  vocab: ReadonlyMap<string, number>,
  merges: readonly (readonly [string, string])[],
): AddedTokenJson[] {
  const made = new Set(merges.map(([left, right]) => left + right));
  return [...vocab]
    .filter(([token]) => /^(<.+>|\[.+\])$/.test(token) && !made.has(token))
    .map(([content, id]) => specialToken(content, id))
    .toSorted((a, b) => a.id - b.id);
}
