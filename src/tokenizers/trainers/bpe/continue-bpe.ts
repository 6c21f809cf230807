import { ConfigError } from "orrery-lm/base";
import { type BPEJson, type TokenizerJson, specialToken } from "orrery-lm/formats";
import { BYTE_CHARACTERS } from "../../byte-alphabet.ts";
import { IdBuffer } from "../../collections/id-buffer.ts";
import { readTokenizer } from "../../loading/load.ts";
import { createModel } from "../../models/create-model.ts";
import type { Tokenizer } from "../../tokenizer.ts";
import { charactersOf } from "../words/alphabet.ts";
import type { TrainBPEOptions } from "./options.ts";
import { preparationOf } from "./pipeline.ts";
import { wordsToTrainOn } from "../words/count-words.ts";
import { GrowingVocabulary } from "../growing-vocabulary.ts";
import { type Affixes, allSymbols, rowsOf, spellCharacters } from "../initial-symbols.ts";
import { learnMerges } from "./learn-merges.ts";
import { checkRoom } from "../starting-tokens.ts";
import type { SymbolRows } from "../symbol-rows.ts";
import type { Texts } from "../training-options.ts";
import type { WordCounts } from "../words/word-counts.ts";

/**
 * Goes on from a BPE: its tokens keep their ids and its merges their ranks; new special tokens, then
 * the characters that it lacks, then new merges follow. The words are those that it makes of the texts.
 *
 * @throws {ConfigError} if it is not a BPE, falls back to bytes, or `vocabSize` is too small.
 */
export async function continueBPE(
  source: Texts | WordCounts,
  from: Tokenizer,
  options: TrainBPEOptions,
): Promise<TokenizerJson> {
  const json = await readTokenizer(from.save("tokenizer.json"));
  const { model } = json;
  if (model.type !== "BPE" || model.byteFallback) {
    const what = model.type === "BPE" ? "one that falls back to bytes" : model.type;
    throw new ConfigError(`trainTokenizer: only a plain BPE can be gone on from, not ${what}`);
  }
  const words = await wordsToTrainOn(source, preparationOf(json), options);
  const vocabulary = GrowingVocabulary.from(model.vocab, sizeOf(json, model), affixesOf(model));
  const before = vocabulary.size;
  const known = new Set(json.addedTokens.map(({ content }) => content));
  const newSpecial = (options.specialTokens ?? []).filter((token) => !known.has(token));
  const addedTokens = newSpecial.map((token) => specialToken(token, vocabulary.add(token)));
  for (const symbol of allSymbols(words, speller(json, model))) vocabulary.add(symbol);
  const alphabet = vocabulary.size - before - addedTokens.length;
  checkRoom(options.vocabSize, { special: before + addedTokens.length, alphabet }, "new symbols");
  const start = { ...model, vocab: vocabulary.ids };
  const rows = await encodedRows(words, { ...json, model: start });
  const { prefix } = affixesOf(model);
  const merges = await learnMerges(rows, { vocabulary, prefix }, options);
  return {
    ...json,
    addedTokens: [...json.addedTokens, ...addedTokens],
    model: { ...start, merges: [...model.merges, ...merges] },
  };
}

function sizeOf(json: TokenizerJson, { vocab }: BPEJson): number {
  let size = 0;
  for (const id of vocab.values()) size = Math.max(size, id + 1);
  for (const { id } of json.addedTokens) size = Math.max(size, id + 1);
  return size;
}

/** Gives the symbols that a word starts as. */
function speller(json: TokenizerJson, model: BPEJson): (bytes: Uint8Array) => string[] {
  if (preparationOf(json).readsBytes) {
    return (bytes) => Array.from(bytes, (byte) => BYTE_CHARACTERS[byte]!);
  }
  const affixes = affixesOf(model);
  return (bytes) => spellCharacters(charactersOf(bytes), affixes);
}

function affixesOf({ continuingSubwordPrefix, endOfWordSuffix }: BPEJson): Affixes {
  return { prefix: continuingSubwordPrefix ?? "", suffix: endOfWordSuffix ?? "" };
}

/** The words as rows of tokens, all merges made that are known. */
async function encodedRows(words: WordCounts, json: TokenizerJson): Promise<SymbolRows> {
  const model = await createModel(json);
  const ids = new IdBuffer();
  return rowsOf(words, (bytes, push) => {
    ids.clear();
    model.encodePiece({ bytes, start: 0, end: bytes.length }, ids);
    for (let i = 0; i < ids.length; i++) push(ids.data[i]!);
  });
}
