import { ConfigError, compareCodePoints } from "orrery-lm/base";
import type { SentencePieceJson, TokenizerJson } from "orrery-lm/formats";
import { compileNormalization } from "../../normalizers/normalization-rules.ts";
import { makePauses } from "../pauses.ts";
import type { Texts } from "../training-options.ts";
import { wordsToTrainOn } from "../words/count-words.ts";
import type { WordCounts } from "../words/word-counts.ts";
import type { SentencePreparation } from "./count-sentences.ts";
import { learnBPE } from "./learn-bpe.ts";
import { learnUnigram } from "./learn-unigram.ts";
import { metaPieces } from "./meta-pieces.ts";
import {
  type SentencePieceWordOptions,
  type TrainSentencePieceBPEOptions,
  type TrainUnigramOptions,
  checkSentencePieceOptions,
  pieceRulesOptions,
} from "./options.ts";
import { PieceRules } from "./piece-rules.ts";
import { seedPieces } from "./seed-pieces.ts";
import { type TrainingText, makeTrainingText } from "./training-text.ts";

type Options = TrainUnigramOptions | TrainSentencePieceBPEOptions;
type Learned = readonly (readonly [piece: string, score: number])[];

/**
 * Learns a Unigram model or a BPE from sentences as SentencePiece 0.2.2 does with one thread: piece
 * for piece, and the scores bit for bit. What it learned can be saved as a `.model`.
 *
 * The order of the sentences makes no difference. A text is a sentence, a line feed at its end is not
 * part of it; what is longer than `maxSentenceLength` is left out, and `onProgress` is told.
 *
 * @throws {ConfigError} if there is no text, an option is out of range, or `vocabSize` is too small for
 * the characters or too large for the text.
 * @see https://github.com/google/sentencepiece
 */
export async function trainSentencePiece(
  source: Texts | WordCounts,
  options: Options,
): Promise<TokenizerJson> {
  checkSentencePieceOptions(options);
  const meta = metaPieces(options);
  const preparation = sentencePreparation(options);
  const words = await wordsToTrainOn(source, preparation, options);
  const { characterCoverage = 0.9995, requiredCharacters = "" } = options;
  const text = makeTrainingText(words, { characterCoverage, requiredCharacters });
  const least = meta.size + text.required.length;
  if (options.vocabSize < least) {
    throw new ConfigError(
      `trainTokenizer: vocabSize must be at least ${least} (${text.required.length} characters and ` +
        `${meta.size} symbols), got ${options.vocabSize}; a lower characterCoverage needs fewer`,
    );
  }
  const room = options.vocabSize - meta.size;
  const rules = new PieceRules(text.alphabet, pieceRulesOptions(options));
  const isUnigram = options.algorithm === "unigram";
  const learned = isUnigram
    ? await unigramPieces(text, rules, { ...options, room })
    : await bpePieces(text, rules, { ...options, room });
  const { hardVocabLimit = true } = options;
  if (hardVocabLimit && learned.length < room) {
    throw new ConfigError(
      `trainTokenizer: vocabSize must be at most ${learned.length + meta.size}, for the text has no ` +
        `more pieces, got ${options.vocabSize}; or set hardVocabLimit to false`,
    );
  }
  return toTokenizerJson(placePieces(meta, learned, options.vocabSize), preparation, options);
}

/** How sentences are prepared for a training with these options. */
export function sentencePreparation(options: SentencePieceWordOptions): SentencePreparation {
  const {
    normalization = "nmt_nfkc",
    addDummyPrefix = true,
    removeExtraWhitespaces = true,
    treatWhitespaceAsSuffix = false,
    maxSentenceLength = 4192,
    splitByWhitespace = true,
    allowWhitespaceOnlyPieces = false,
  } = options;
  const symbols = Array.from(metaPieces(options).values(), ({ piece }) => piece);
  const cut = { splitByWhitespace, treatWhitespaceAsSuffix, allowWhitespaceOnlyPieces };
  const blanks = { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix };
  return {
    name: JSON.stringify({ normalization, ...blanks, ...cut, maxSentenceLength, symbols }),
    normalizer: {
      type: "SentencePiece",
      precompiledCharsmap: compileNormalization(normalization),
      ...blanks,
      escapeWhitespaces: true,
      // In training they are normalized like everything else.
      userDefinedSymbols: [],
    },
    cut,
    maxSentenceLength,
    symbols,
  };
}

type WithRoom<T> = T & { readonly room: number };

async function unigramPieces(
  text: TrainingText,
  rules: PieceRules,
  options: WithRoom<TrainUnigramOptions>,
): Promise<Learned> {
  const { vocabSize, room, seedSentencepieceSize = 1_000_000, onProgress, signal } = options;
  const breathe = makePauses(signal);
  onProgress?.(0, 0, "looking for frequent strings");
  await breathe();
  const seeds = seedPieces(text, rules, seedSentencepieceSize);
  const seedCount = seeds.scores.length;
  const learned = await learnUnigram(text, seeds, {
    size: Math.floor(vocabSize * 1.1),
    shrinkingFactor: options.shrinkingFactor ?? 0.75,
    numSubIterations: options.numSubIterations ?? 2,
    afterStep: (size, objective) =>
      onProgress?.(seedCount - size, seedCount, `${size} pieces, loss ${objective.toFixed(4)}`),
    breathe,
  });
  const nameOf = (piece: number): string =>
    spell(text, seeds.symbols.subarray(seeds.starts[piece], seeds.starts[piece + 1]));
  const scores = new Map(
    Array.from(learned.pieces, (piece, i) => [nameOf(piece), learned.scores[i]!]),
  );
  return chooseFinal(text, scores, room);
}

// What a character that was dropped is less likely than the last one of those.
const DROPPED_PENALTY = Math.fround(0.0001);

/** All required characters, then the pieces with the highest scores. */
function chooseFinal(
  { required }: TrainingText,
  scores: ReadonlyMap<string, number>,
  room: number,
): Learned {
  const least = [...scores.values()].reduce((a, b) => Math.min(a, b), Infinity);
  const final = new Map<string, number>();
  let penalty = 0;
  for (const { character } of required) {
    const piece = String.fromCodePoint(character);
    const score = scores.get(piece);
    final.set(piece, score ?? Math.fround(least + penalty));
    if (score === undefined) penalty = Math.fround(penalty + DROPPED_PENALTY);
  }
  for (const [piece, score] of byScore(scores)) {
    if (final.size >= room) break;
    final.set(piece, score);
  }
  return byScore(final);
}

function byScore(scores: ReadonlyMap<string, number>): [string, number][] {
  return [...scores].sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || compareCodePoints(a, b));
}

async function bpePieces(
  text: TrainingText,
  rules: PieceRules,
  { room, onProgress, signal }: WithRoom<TrainSentencePieceBPEOptions>,
): Promise<Learned> {
  const size = room - text.required.length;
  const learned = await learnBPE(text, rules, {
    size,
    afterPiece: (done) => onProgress?.(done, size, "merging"),
    breathe: makePauses(signal),
  });
  const characters = text.required.map(({ character }) => String.fromCodePoint(character));
  const pieces = [...learned.map((symbols) => spell(text, symbols)), ...characters];
  return pieces.map((piece, rank) => [piece, -rank]);
}

function spell({ alphabet }: TrainingText, symbols: Int32Array): string {
  return String.fromCodePoint(...symbols.map((symbol) => alphabet[symbol]!));
}

function placePieces(
  meta: ReturnType<typeof metaPieces>,
  learned: Learned,
  vocabSize: number,
): SentencePieceJson["pieces"] {
  const pieces: SentencePieceJson["pieces"][number][] = [];
  let next = 0;
  for (let id = 0; id < vocabSize; id++) {
    const own = meta.get(id);
    const piece = own === undefined ? learned[next++] : undefined;
    if (own !== undefined) pieces.push(own);
    else if (piece !== undefined) pieces.push({ piece: piece[0], score: piece[1], type: "NORMAL" });
  }
  return pieces;
}

function toTokenizerJson(
  pieces: SentencePieceJson["pieces"],
  { normalizer }: SentencePreparation,
  { algorithm, byteFallback = false }: Options,
): TokenizerJson {
  const { addDummyPrefix, removeExtraWhitespaces, treatWhitespaceAsSuffix } = normalizer;
  const piecesOf = (wanted: string): string[] =>
    pieces.filter(({ type }) => type === wanted).map(({ piece }) => piece);
  return {
    truncation: null,
    padding: null,
    addedTokens: [],
    normalizer: { ...normalizer, userDefinedSymbols: piecesOf("USER_DEFINED") },
    preTokenizer: null,
    postProcessor: null,
    decoder: {
      type: "SentencePiece",
      addDummyPrefix,
      removeExtraWhitespaces,
      controlPieces: piecesOf("CONTROL"),
      unkPiece: piecesOf("UNKNOWN")[0]!,
      unkSurface: " \u2047 ",
      byteFallback,
      denormalizer: null,
    },
    model: {
      type: "SentencePiece",
      algorithm: algorithm === "unigram" ? "unigram" : "bpe",
      byteFallback,
      treatWhitespaceAsSuffix,
      pieces,
      file: new Uint8Array(0),
    },
  };
}
