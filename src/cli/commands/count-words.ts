import { basename, dirname } from "node:path";
import { type WordCounts, countWords, serializeWordCounts } from "orrery-lm/tokenizers";
import { writeFilesAtomic } from "#files";
import { defineCommand } from "../command.ts";
import { Corpus } from "../corpus/corpus.ts";
import { progressBar } from "../progress-bar.ts";
import { jsonOption, lossyOption } from "../shared-options.ts";
import { type Terminal, write } from "../terminal.ts";
import { algorithmOption } from "../tokenizer-training/algorithm-options.ts";
import { CORPUS_HELP, corpusOptions } from "../tokenizer-training/corpus-options.ts";
import { lossesOf, readCounts } from "../tokenizer-training/counts-files.ts";
import { readWordOptions, withOptionNames } from "../tokenizer-training/read-algorithm-options.ts";
import { wordOptions } from "../tokenizer-training/word-options.ts";
import { UsageError } from "../usage-error.ts";

/** Counts words. */
export default defineCommand({
  description: [
    "Counts the words of texts: the first half of learning a tokenizer, which can be done in parts and",
    "on several machines. `train-tokenizer --counts` goes on from the file, with the same options.",
    CORPUS_HELP,
  ].join("\n"),
  operands: { usage: "[FILE…|-]", min: 0, max: Infinity },
  options: {
    out: { type: "text", value: "FILE", isRequired: true, help: "where to write the counts" },
    merge: { type: "flag", help: "add up files of counts" },
    ...algorithmOption,
    ...corpusOptions,
    ...lossyOption,
    ...jsonOption,
    ...wordOptions,
  },
  examples: [
    "orrery count-words 'data/**/*.txt' --workers 4 --out words.counts",
    "orrery count-words shard.parquet --field content --pattern cl100k --out shard.counts",
    "orrery count-words --merge a.counts b.counts --out all.counts",
    "orrery train-tokenizer --counts all.counts --vocab-size 32000 --out tokenizer.json",
  ],
  run: async ({ values, operands, terminal }) => {
    const { out, merge, json } = values;
    if (merge && operands.length === 0) throw new UsageError("--merge needs files of counts");
    const words = merge
      ? await readCounts(operands, values["max-words"])
      : await withOptionNames(() => countFiles(values, operands, terminal));
    await writeFilesAtomic(dirname(out), { [basename(out)]: serializeWordCounts(words) });
    const occurrences = words.counts.reduce((sum, count) => sum + count, 0);
    const { size, dropped, leftOut } = words;
    const losses = lossesOf(words);
    await write(
      terminal.stdout,
      json
        ? `${JSON.stringify({ file: out, words: size, occurrences, dropped, leftOut })}\n`
        : `${out}: ${size} words that occur ${occurrences} times${losses && `; ${losses}`}\n`,
    );
    return 0;
  },
});

interface Values {
  readonly field: string | undefined;
  readonly jsonl: boolean;
  readonly lossy: boolean;
  readonly workers: number | undefined;
  readonly "max-words": number | undefined;
}

async function countFiles(
  values: Values,
  files: readonly string[],
  terminal: Terminal,
): Promise<WordCounts> {
  const options = await readWordOptions({ ...values });
  const corpus = await Corpus.open(
    {
      files: files.length > 0 ? files : ["-"],
      field: values.field ?? "text",
      isJsonLines: values.jsonl,
      isLossy: values.lossy,
    },
    terminal,
  );
  const bar = progressBar(terminal);
  try {
    return await countWords(corpus.texts(), {
      ...options,
      maxWords: values["max-words"] ?? Infinity,
      workers: values.workers ?? 1,
      onProgress: (done, _total, note = "") => bar.update(corpus.fraction, `${note} ${done} texts`),
    });
  } finally {
    bar.clear();
  }
}
