import { type BPEJson, type TokenizerJson, specialToken } from "orrery-lm/formats";
import { ALPHABET_BYTES, BYTE_CHARACTERS } from "../../byte-alphabet.ts";
import { alphabetOf } from "../words/alphabet.ts";
import { type TrainBPEOptions, checkBPEOptions } from "./options.ts";
import { bpePipeline, bpePreparation } from "./pipeline.ts";
import { continueBPE } from "./continue-bpe.ts";
import { wordsToTrainOn } from "../words/count-words.ts";
import { GrowingVocabulary } from "../growing-vocabulary.ts";
import { byteRows, characterRows } from "../initial-symbols.ts";
import { learnMerges } from "./learn-merges.ts";
import { checkRoom } from "../starting-tokens.ts";
import type { Texts } from "../training-options.ts";
import { WordCounts } from "../words/word-counts.ts";

/**
 * Learns a BPE from texts or from counted words: joins the most frequent pair of neighbors into a
 * token, again and again. Ids: the special tokens, the 256 bytes in the order of the byte alphabet or
 * the characters by code point, then the merges as they are learned. Byte-level vocabularies are
 * equal to those of `BpeTrainer` of Hugging Face `tokenizers` 0.23.
 *
 * A merge whose text is a token already gives that token its second derivation, and no new id; with
 * the tie rule of SentencePiece it is not made.
 *
 * @throws {ConfigError} if there is no text, options exclude each other, or `vocabSize` has no room
 * for the special tokens and the alphabet.
 * @see Sennrich et al. 2015, https://arxiv.org/abs/1508.07909
 */
export async function trainBPE(
  source: Texts | WordCounts,
  options: TrainBPEOptions,
): Promise<TokenizerJson> {
  checkBPEOptions(options, source instanceof WordCounts ? source : undefined);
  if (options.from !== undefined) return continueBPE(source, options.from, options);
  const pipeline = bpePipeline(options);
  const isOfBytes = (options.symbols ?? "bytes") === "bytes";
  const { unkToken = null, specialTokens: given = [] } = options;
  const specialTokens =
    unkToken === null || given.includes(unkToken) ? given : [unkToken, ...given];
  const vocabulary = new GrowingVocabulary(specialTokens);
  const special = vocabulary.size;
  if (isOfBytes) {
    for (const byte of ALPHABET_BYTES) vocabulary.add(BYTE_CHARACTERS[byte]!);
    // Before the long work, not after it.
    checkRoom(options.vocabSize, { special, alphabet: vocabulary.size - special }, "bytes");
  }
  const words = await wordsToTrainOn(source, bpePreparation(options), options);
  const suffix = options.endOfWord?.kind === "glued" ? options.endOfWord.marker : "";
  const affixes = { prefix: options.continuingSubwordPrefix ?? "", suffix };
  if (!isOfBytes) for (const character of alphabetOf(words, options)) vocabulary.add(character);
  const rows = isOfBytes ? byteRows(words, vocabulary) : characterRows(words, vocabulary, affixes);
  checkRoom(options.vocabSize, { special, alphabet: vocabulary.size - special }, options.symbols);
  const merges = await learnMerges(rows, { vocabulary, prefix: affixes.prefix }, options);
  const model: BPEJson = {
    type: "BPE",
    unkToken,
    fuseUnk: false,
    ignoreMerges: false,
    byteFallback: false,
    dropout: null,
    continuingSubwordPrefix: affixes.prefix || null,
    endOfWordSuffix: suffix || null,
    vocab: vocabulary.ids,
    merges,
  };
  const addedTokens = specialTokens.map((token) => specialToken(token, vocabulary.ids.get(token)!));
  return { ...pipeline, addedTokens, model };
}
