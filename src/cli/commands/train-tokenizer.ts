import {
  type Tokenizer,
  type TrainTokenizerOptions,
  type WordCounts,
  trainTokenizer,
} from "orrery-lm/tokenizers";
import { defineCommand } from "../command.ts";
import { Corpus } from "../corpus/corpus.ts";
import { progressBar } from "../progress-bar.ts";
import { jsonOption, lossyOption } from "../shared-options.ts";
import { write } from "../terminal.ts";
import { algorithmOption } from "../tokenizer-training/algorithm-options.ts";
import { CORPUS_HELP, corpusOptions } from "../tokenizer-training/corpus-options.ts";
import { lossesOf, readCounts } from "../tokenizer-training/counts-files.ts";
import { learningOptions } from "../tokenizer-training/learning-options.ts";
import {
  readTrainingOptions,
  withOptionNames,
} from "../tokenizer-training/read-algorithm-options.ts";
import { wordOptions } from "../tokenizer-training/word-options.ts";
import { FORMATS, targetOf, writeTokenizer } from "../tokenizer-training/write-tokenizer.ts";
import { UsageError } from "../usage-error.ts";

/** Learns a tokenizer. */
export default defineCommand({
  description: [
    "Learns a tokenizer from text: a byte-level BPE, unless told otherwise. It is written as a",
    "tokenizer.json, which Hugging Face's libraries read too; as the .model of SentencePiece or as",
    ".tiktoken, if --out ends so; or in another --format.",
    CORPUS_HELP,
  ].join("\n"),
  operands: { usage: "[FILE…|-]", min: 0, max: Infinity },
  options: {
    "vocab-size": {
      type: "whole",
      value: "N",
      min: 1,
      help: "tokens in all: special ones, the bytes or characters, and what is learned",
    },
    out: { type: "text", value: "FILE", isRequired: true, help: "where to write the tokenizer" },
    format: {
      type: "choice",
      choices: FORMATS,
      help: "what to write [by the end of --out]; --out may then be a folder",
    },
    ...algorithmOption,
    counts: {
      type: "texts",
      value: "FILE",
      help: "words that count-words has counted, in place of texts; may be repeated",
    },
    ...corpusOptions,
    ...lossyOption,
    ...jsonOption,
    ...learningOptions,
    ...wordOptions,
  },
  examples: [
    "orrery train-tokenizer book.txt --vocab-size 4096 --out tokenizer.json",
    "orrery train-tokenizer 'data/*.jsonl' --pattern cl100k --vocab-size 32000 --workers 4 --out bpe.tiktoken",
    "orrery train-tokenizer book.txt --algorithm wordpiece --score likelihood --vocab-size 8000 --out vocab.txt --format vocab",
    "orrery train-tokenizer book.txt --algorithm unigram --vocab-size 8000 --out unigram.model",
  ],
  run: async ({ values, operands, terminal }) => {
    const { out, json } = values;
    const { algorithm = "bpe", format, "vocab-size": vocabSize } = values;
    if (values.counts.length > 0 && operands.length > 0) {
      throw new UsageError("--counts stands in place of texts; give one of the two");
    }
    const options = await readTrainingOptions(values);
    if (vocabSize === undefined && !("merges" in options)) {
      throw new UsageError("--vocab-size N is missing");
    }
    const target = await targetOf({ out, format }, algorithm);
    const source = await openSource(values, operands, terminal);
    const bar = progressBar(terminal);
    let words: WordCounts | undefined;
    let tokenizer: Tokenizer;
    try {
      tokenizer = await withOptionNames(() =>
        trainTokenizer(source instanceof Corpus ? source.texts() : source, {
          ...options,
          ...(vocabSize !== undefined && { vocabSize }),
          maxWords: values["max-words"] ?? Infinity,
          workers: values.workers ?? 1,
          onCounted: (counted) => {
            words = counted;
          },
          onProgress: (done, total, note = "") => {
            const read = source instanceof Corpus ? source.fraction : 0;
            const progress = total > 0 ? `${done} of ${total}` : done;
            bar.update(total > 0 ? done / total : read, `${note} ${progress}`);
          },
        } as TrainTokenizerOptions),
      );
      await writeTokenizer(tokenizer, target);
    } finally {
      bar.clear();
    }
    const report = reportOf(tokenizer, words!, source);
    await write(
      terminal.stdout,
      json
        ? `${JSON.stringify({ file: out, ...report })}\n`
        : describe(report, { out, vocabSize, losses: lossesOf(words!) }),
    );
    return 0;
  },
});

interface SourceValues {
  readonly counts: readonly string[];
  readonly "max-words": number | undefined;
  readonly field: string | undefined;
  readonly jsonl: boolean;
  readonly lossy: boolean;
}

function openSource(
  values: SourceValues,
  operands: readonly string[],
  terminal: Parameters<typeof Corpus.open>[1],
): Promise<Corpus | WordCounts> {
  if (values.counts.length > 0) return readCounts(values.counts, values["max-words"]);
  const files = operands.length > 0 ? operands : ["-"];
  const { field = "text", jsonl: isJsonLines, lossy: isLossy } = values;
  return Corpus.open({ files, field, isJsonLines, isLossy }, terminal);
}

interface Report {
  readonly vocabSize: number;
  readonly singleCharacters: number;
  readonly words: number;
  readonly texts?: number;
  readonly characters?: number;
  readonly leftOut: WordCounts["leftOut"];
  readonly dropped: WordCounts["dropped"];
}

function reportOf(tokenizer: Tokenizer, words: WordCounts, source: Corpus | WordCounts): Report {
  const { vocabSize } = tokenizer;
  let singleCharacters = 0;
  for (let id = 0; id < vocabSize; id++) {
    if (Array.from(tokenizer.idToToken(id) ?? "").length === 1) singleCharacters++;
  }
  return {
    vocabSize,
    singleCharacters,
    words: words.size,
    ...(source instanceof Corpus && {
      texts: source.textsRead,
      characters: source.charactersRead,
    }),
    leftOut: words.leftOut,
    dropped: words.dropped,
  };
}

function describe(
  report: Report,
  { out, vocabSize, losses }: { out: string; vocabSize: number | undefined; losses: string },
): string {
  const { vocabSize: size, singleCharacters, words, texts, characters } = report;
  const fewer =
    vocabSize !== undefined && size < vocabSize
      ? ` (${vocabSize} were asked for; the text has no more pairs)`
      : "";
  const from = texts === undefined ? "" : `${texts} texts of ${characters} characters, `;
  const end = losses === "" ? "" : `${losses}\n`;
  return (
    `${out}: ${size} tokens from ${from}${words} different words; ` +
    `${singleCharacters} are one character or byte${fewer}\n${end}`
  );
}
