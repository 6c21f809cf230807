/**
 * Learns a tokenizer in each of four ways from the same text, and compares them on text that none has
 * seen.
 *
 *     npx tsx --conditions=orrery:source examples/05-compare-tokenizers.ts
 */

import { generateStories } from "orrery-lm/lab";
import {
  type TrainTokenizerOptions,
  compare,
  splitLines,
  trainTokenizer,
} from "orrery-lm/tokenizers";

const vocabSize = 800;
// These texts need no normalization, which takes a second or more to prepare.
const normalization = "identity";
const ways: Readonly<Record<string, TrainTokenizerOptions>> = {
  "byte-level BPE": { vocabSize },
  WordPiece: { algorithm: "wordpiece", vocabSize },
  Unigram: { algorithm: "unigram", vocabSize, normalization },
  "SentencePiece's BPE": { algorithm: "sentencepiece-bpe", vocabSize, normalization },
};

const corpus = generateStories(0, 100_000);
const unseen = generateStories(1, 20_000).split("\n");

const tokenizers = await Promise.all(
  Object.values(ways).map((options) => trainTokenizer(splitLines(corpus), options)),
);
const measures = compare(unseen, tokenizers);

console.log("                     tokens/word  bytes/token  vocabulary used  comes back");
Object.keys(ways).forEach((name, i) => {
  const { fertility, bytesPerToken, vocabularyUsed, roundTrip } = measures[i]!;
  const numbers = [
    fertility.toFixed(2).padStart(11),
    bytesPerToken.toFixed(2).padStart(11),
    `${(100 * vocabularyUsed).toFixed(0)} %`.padStart(15),
    `${(100 * roundTrip).toFixed(0)} %`.padStart(10),
  ];
  console.log(`${name.padEnd(20)} ${numbers.join("  ")}`);
});

// WordPiece makes letters small, as BERT's does, so few lines come back as they were. SentencePiece
// leaves the rarest characters out of the vocabulary, and lines that have one do not come back either.
const word = "lantern";
Object.keys(ways).forEach((name, i) => {
  const { tokens } = tokenizers[i]!.encodeFull(word, undefined, { addSpecialTokens: false });
  console.log(`${word} by ${name}: ${tokens.join(" | ")}`);
});
