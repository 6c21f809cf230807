import { basename, dirname } from "node:path";
import { ConfigError } from "orrery-lm/base";
import { writeFilesAtomic } from "#files";
import { splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { defineCommand, wholeNumber } from "../command.ts";
import { Interrupted, interruption } from "../interruption.ts";
import { ProgressBar } from "../progress-bar.ts";
import { readTexts } from "../read-text.ts";

function* linesOf(texts: readonly string[]): Generator<string> {
  for (const text of texts) yield* splitLines(text);
}

/** `orrery train-tokenizer` */
export default defineCommand({
  usage: "train-tokenizer [FILE ...] --vocab-size N --out tokenizer.json",
  summary: "Learn a byte-level BPE tokenizer from text files, or from standard input.",
  options: {
    "vocab-size": {
      type: "string",
      value: "N",
      default: "8000",
      help: "tokens in all, the 256 bytes included",
    },
    out: { type: "string", value: "FILE", default: "tokenizer.json", help: "file to write" },
    special: {
      type: "string",
      value: "TOKEN",
      multiple: true,
      help: "a control token; may be repeated",
    },
    "min-frequency": {
      type: "string",
      value: "N",
      default: "2",
      help: "a rarer pair is not merged",
    },
    lossy: { type: "boolean", default: false, help: "replace bytes that are not UTF-8" },
    json: { type: "boolean", default: false, help: "print what was made as JSON" },
  },
  example:
    "orrery train-tokenizer novel.txt --vocab-size 4096 --special '<|endoftext|>' --out tokenizer.json",

  async run({ out, special = [], json, lossy, ...values }, files) {
    const vocabSize = wholeNumber("vocab-size", values["vocab-size"], 1);
    const minFrequency = wholeNumber("min-frequency", values["min-frequency"], 1);
    const texts = await readTexts(files, lossy);
    const signal = interruption();
    const bar = new ProgressBar();
    try {
      const tokenizer = await trainTokenizer(linesOf(texts), {
        vocabSize,
        minFrequency,
        specialTokens: special,
        signal,
        onProgress: (done, total, note) =>
          bar.update(total ? done / total : 0, `${note ?? ""} ${done}`),
      });
      bar.finish();
      const bytes = tokenizer.save("tokenizer.json")["tokenizer.json"]!;
      await writeFilesAtomic(dirname(out), { [basename(out)]: bytes });
      const result = { vocabSize: tokenizer.vocabSize, asked: vocabSize, file: out };
      if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
      else {
        const fewer =
          tokenizer.vocabSize < vocabSize
            ? ` (${vocabSize} were asked for; the text has no more pairs)`
            : "";
        process.stdout.write(`${tokenizer.vocabSize} tokens → ${out}${fewer}\n`);
      }
    } catch (error) {
      bar.finish();
      if (signal.aborted) throw new Interrupted("stopped; nothing was written");
      if (error instanceof RangeError) throw new ConfigError(error.message, { cause: error });
      throw error;
    }
  },
});
