import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ConfigError } from "orrery-lm/base";
import { splitLines, type Tokenizer, trainTokenizer } from "orrery-lm/tokenizers";
import { writeFilesAtomic } from "#files";
import { defineCommand } from "../command.ts";
import { progressBar } from "../progress-bar.ts";
import { readText } from "../read-text.ts";
import { jsonOption, lossyOption } from "../shared-options.ts";
import { write } from "../terminal.ts";

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => path.endsWith("/"),
  );
}

/** Learns a tokenizer. */
export default defineCommand({
  description: [
    "Learns a byte-level BPE tokenizer from text, and writes it as a tokenizer.json, which Hugging",
    "Face's libraries read too. No token crosses the end of a line.",
  ].join("\n"),
  operands: { usage: "[FILE…|-]", min: 0, max: Infinity },
  options: {
    "vocab-size": {
      type: "whole",
      value: "N",
      min: 1,
      isRequired: true,
      help: "tokens in all: special ones, the 256 bytes, and what is learned",
    },
    out: { type: "text", value: "FILE", isRequired: true, help: "where to write tokenizer.json" },
    special: {
      type: "texts",
      value: "TOKEN",
      help: "a special token, such as <|endoftext|>; may be repeated",
    },
    "min-frequency": {
      type: "whole",
      value: "N",
      min: 1,
      help: "a pair that occurs less often is not merged [2]",
    },
    ...lossyOption,
    ...jsonOption,
  },
  examples: ["orrery train-tokenizer book.txt --vocab-size 4096 --out tokenizer.json"],
  run: async ({ values, operands, terminal }) => {
    const { out, special, json } = values;
    // Said before the work, not after it.
    if (await isFolder(out)) throw new ConfigError(`--out: ${out} is a folder, not a file`);
    const files = operands.length > 0 ? operands : ["-"];
    const text = await readText(files, terminal, { isLossy: values.lossy });
    const vocabSize = values["vocab-size"];
    const minFrequency = values["min-frequency"];
    const bar = progressBar(terminal);
    let tokenizer: Tokenizer;
    try {
      tokenizer = await trainTokenizer(splitLines(text), {
        vocabSize,
        specialTokens: special,
        ...(minFrequency !== undefined && { minFrequency }),
        onProgress: (done, total, note = "") =>
          bar.update(total && done / total, `${note} ${total > 0 ? `${done} of ${total}` : done}`),
      });
    } finally {
      bar.clear();
    }
    const bytes = tokenizer.save("tokenizer.json")["tokenizer.json"]!;
    await writeFilesAtomic(dirname(out), { [basename(out)]: bytes });
    const { vocabSize: size } = tokenizer;
    const fewer =
      size < vocabSize ? ` (${vocabSize} were asked for; the text has no more pairs)` : "";
    await write(
      terminal.stdout,
      json
        ? `${JSON.stringify({ file: out, vocabSize: size })}\n`
        : `${out}: ${size} tokens from ${text.length} characters${fewer}\n`,
    );
    return 0;
  },
});
