/**
 * How long does it take to learn a Unigram model from a file, reading and normalization included?
 *
 *     tsx --conditions=orrery:source bench/unigram-training.ts FILE --python PYTHON --date 2026-11-24
 *
 * Against SentencePiece with its default of 16 threads, with two, and with one, which alone learns the
 * very same pieces. PYTHON is an interpreter that has the package. Loading a library is not timed.
 */

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { compare, thisScript } from "./alternate.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    date: { type: "string", default: "unknown" },
    rounds: { type: "string", default: "5" },
    run: { type: "string" },
    size: { type: "string", default: "8000" },
  },
});
const file = positionals[0]!;

if (values.run === "orrery") {
  const start = performance.now();
  const text = await readFile(file, "utf8");
  const vocabSize = Number(values.size);
  const tokenizer = await trainTokenizer(splitLines(text), { algorithm: "unigram", vocabSize });
  const ms = performance.now() - start;
  const pieces = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.idToToken(id));
  const digest = createHash("sha256").update(pieces.join("\n")).digest("hex");
  const check = `${pieces.length} pieces, sha256 ${digest.slice(0, 12)}`;
  console.log(JSON.stringify({ ms, check }));
} else {
  const script = new URL("unigram_training.py", import.meta.url).pathname;
  const mb = (statSync(file).size / 1e6).toFixed(1);
  compare({
    question: `Learning ${values.size} pieces of Unigram from ${mb} MB of ${basename(file)}, reading included`,
    contenders: [
      thisScript("orrery", [file, "--run", "orrery", "--size", values.size]),
      ...["default", "2", "1"].map((threads) => ({
        name: `sentencepiece 0.2.2 (Python), ${threads} threads`,
        command: values.python,
        args: [script, file, values.size, threads],
      })),
    ],
    rounds: Number(values.rounds),
    date: values.date,
    out: `bench/results/unigram-training-${basename(file, ".txt")}.json`,
  });
}
