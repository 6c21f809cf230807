import {
  type PostProcessorJson,
  type TokenizerJson,
  type WordPieceJson,
  specialToken,
} from "orrery-lm/formats";
import { alphabetOf } from "../words/alphabet.ts";
import { wordsToTrainOn } from "../words/count-words.ts";
import { GrowingVocabulary } from "../growing-vocabulary.ts";
import { characterRows } from "../initial-symbols.ts";
import { learnMerges } from "../bpe/learn-merges.ts";
import { learnPieces } from "./learn-pieces.ts";
import { checkRoom } from "../starting-tokens.ts";
import type { Texts } from "../training-options.ts";
import type { WordCounts } from "../words/word-counts.ts";
import {
  BERT_SPECIAL_TOKENS,
  type TrainWordPieceOptions,
  type WordPieceWordOptions,
  checkWordPieceOptions,
} from "./options.ts";
import type { WordPreparation } from "../words/word-splitter.ts";

/**
 * Learns a WordPiece vocabulary from texts or from counted words: starts from characters, marked where
 * they do not begin a word, and joins the best pair of neighbors, again and again. Ids: the special
 * tokens, the alphabet by code point, then what is learned.
 *
 * Training goes from the bottom up; it is encoding that takes the longest token first. So a text is
 * not always cut as it was in training.
 *
 * @throws {ConfigError} if there is no text, options exclude each other, or `vocabSize` has no room
 * for the special tokens and the alphabet.
 * @see Schuster and Nakajima 2012, "Japanese and Korean voice search"
 */
export async function trainWordPiece(
  source: Texts | WordCounts,
  options: TrainWordPieceOptions,
): Promise<TokenizerJson> {
  checkWordPieceOptions(options);
  const { vocabSize, score = "likelihood", specialTokens = BERT_SPECIAL_TOKENS } = options;
  const { continuingSubwordPrefix: prefix = "##", unkToken = "[UNK]" } = options;
  const preparation = wordPiecePreparation(options);
  const words = await wordsToTrainOn(source, preparation, options);
  const vocabulary = new GrowingVocabulary(specialTokens);
  const special = vocabulary.size;
  for (const character of alphabetOf(words, options)) vocabulary.add(character);
  const rows = characterRows(words, vocabulary, { prefix, suffix: "" });
  checkRoom(vocabSize, { special, alphabet: vocabulary.size - special }, "characters");
  const target = { vocabulary, prefix };
  if (score === "frequency") await learnMerges(rows, target, { ...options, tieBreak: "idMin" });
  else await learnPieces(rows, target, { ...options, score });
  const model: WordPieceJson = {
    type: "WordPiece",
    unkToken,
    continuingSubwordPrefix: prefix,
    maxInputCharsPerWord: options.maxInputCharsPerWord ?? 100,
    vocab: vocabulary.ids,
  };
  const { normalizer, preTokenizer } = preparation;
  return {
    truncation: null,
    padding: null,
    addedTokens: specialTokens.map((token) => specialToken(token, vocabulary.ids.get(token)!)),
    normalizer,
    preTokenizer,
    postProcessor: postProcessor(specialTokens, vocabulary.ids),
    decoder: { type: "WordPiece", prefix, cleanup: true },
    model,
  };
}

/** How words are prepared for a WordPiece that is to be trained. */
export function wordPiecePreparation({
  lowercase = true,
  stripAccents,
  handleChineseChars = true,
  cleanText = true,
}: WordPieceWordOptions): WordPreparation {
  return {
    normalizer: {
      type: "BertNormalizer",
      cleanText,
      handleChineseChars,
      stripAccents: stripAccents ?? null,
      lowercase,
    },
    preTokenizer: { type: "BertPreTokenizer" },
    readsBytes: false,
  };
}

function postProcessor(
  specialTokens: readonly string[],
  ids: ReadonlyMap<string, number>,
): PostProcessorJson | null {
  if (!specialTokens.includes("[CLS]") || !specialTokens.includes("[SEP]")) return null;
  return {
    type: "BertProcessing",
    sep: ["[SEP]", ids.get("[SEP]")!],
    cls: ["[CLS]", ids.get("[CLS]")!],
  };
}
