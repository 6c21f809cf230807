import { FormatError, decodeUtf8 } from "orrery-lm/base";
import { MAX_TOKEN_IDS } from "./tokenizer-json/read-vocabulary.ts";
import { specialToken } from "./tokenizer-json/special-token.ts";
import type { TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";
import { trimmedEnd } from "./trimmed-end.ts";

const VOCAB_TXT = "vocab.txt";

const UNKNOWN = "[UNK]";
const SPECIAL_TOKENS = [UNKNOWN, "[SEP]", "[CLS]", "[PAD]", "[MASK]"];

/**
 * Reads a `vocab.txt` of BERT's: a token a line, whose number, from 0, is its id. Spaces at the end of a
 * line are cut off, and of two equal lines the later counts, as in Hugging Face `tokenizers`.
 *
 * The file does not say how text is prepared; all is as `BertWordPieceTokenizer` does it.
 *
 * @param lowercase make text lower case and take off accents, for the models named "uncased"
 * @throws {FormatError} if the file is not UTF-8, has too many lines, or has no "[CLS]" or "[SEP]".
 */
export function parseVocabTxt(bytes: Uint8Array, lowercase: boolean): TokenizerJson {
  const vocab = readLines(decodeUtf8(bytes, { name: VOCAB_TXT }));
  const end = (token: string): readonly [token: string, id: number] => {
    const id = vocab.get(token);
    if (id !== undefined) return [token, id];
    throw new FormatError(VOCAB_TXT, `expected a line "${token}", got none in ${vocab.size} lines`);
  };
  return {
    truncation: null,
    padding: null,
    addedTokens: SPECIAL_TOKENS.filter((token) => vocab.has(token))
      .map((token) => specialToken(token, vocab.get(token)!))
      .toSorted((a, b) => a.id - b.id),
    normalizer: {
      type: "BertNormalizer",
      cleanText: true,
      handleChineseChars: true,
      stripAccents: null,
      lowercase,
    },
    preTokenizer: { type: "BertPreTokenizer" },
    postProcessor: { type: "BertProcessing", sep: end("[SEP]"), cls: end("[CLS]") },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unkToken: UNKNOWN,
      continuingSubwordPrefix: "##",
      maxInputCharsPerWord: 100,
      vocab,
    },
  };
}

function readLines(text: string): Map<string, number> {
  const ids = new Map<string, number>();
  let id = 0;
  for (let start = 0; start < text.length; id++) {
    if (id === MAX_TOKEN_IDS) {
      throw new FormatError(VOCAB_TXT, `expected at most ${MAX_TOKEN_IDS} lines, got more`);
    }
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    ids.set(text.slice(start, trimmedEnd(text, start, end)), id);
    start = end + 1;
  }
  return ids;
}
