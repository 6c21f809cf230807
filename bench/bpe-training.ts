/**
 * How long does it take to learn a byte-level BPE from a file, reading and splitting included?
 *
 *     tsx --conditions=orrery:source bench/bpe-training.ts FILE … --python PYTHON --date 2026-11-24
 *
 * Against Python's `tokenizers` at 32,000 tokens for each file, and at 8,000 for the first; and against
 * npm's at 30,000, for that package cannot be told another size. PYTHON is an interpreter that has the
 * package. Loading a library is not timed.
 */

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import * as reference from "tokenizers";
import { compare, thisScript } from "./alternate.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    date: { type: "string", default: "unknown" },
    rounds: { type: "string", default: "7" },
    run: { type: "string" },
    size: { type: "string", default: "8000" },
  },
});
const file = positionals[0]!;

if (values.run === "orrery") await timeOurs(Number(values.size));
else if (values.run === "npm") timeNpm();
else {
  const common = { rounds: Number(values.rounds), date: values.date };
  const script = new URL("bpe_training.py", import.meta.url).pathname;
  const against = (path: string, size: string, out: string): void => {
    const mb = (statSync(path).size / 1e6).toFixed(1);
    compare({
      ...common,
      question: `Learning ${size} tokens of byte-level BPE from ${mb} MB of ${basename(path)}, reading included`,
      contenders: [
        thisScript("orrery", [path, "--run", "orrery", "--size", size]),
        {
          name: "tokenizers 0.23.2 (Python)",
          command: values.python,
          args: [script, path, size],
        },
      ],
      out,
    });
  };
  for (const path of positionals) {
    against(path, "32000", `bench/results/bpe-training-${basename(path, ".txt")}-32000.json`);
  }
  against(file, "8000", "bench/results/bpe-training.json");
  compare({
    ...common,
    question: `Learning 30000 tokens of byte-level BPE from ${basename(file)}, reading included`,
    contenders: [
      thisScript("orrery", [file, "--run", "orrery", "--size", "30000"]),
      thisScript("tokenizers 0.23.2 (npm)", [file, "--run", "npm"]),
    ],
    out: "bench/results/bpe-training-30000.json",
  });
}

async function timeOurs(vocabSize: number): Promise<void> {
  const start = performance.now();
  const text = await readFile(file, "utf8");
  const tokenizer = await trainTokenizer(splitLines(text), { vocabSize, minFrequency: 1 });
  const ms = performance.now() - start;
  const { model } = JSON.parse(
    new TextDecoder().decode(tokenizer.save("tokenizer.json")["tokenizer.json"]),
  );
  report(ms, model.merges);
}

function timeNpm(): void {
  const start = performance.now();
  const tokenizer = new reference.Tokenizer(reference.BPE.empty());
  tokenizer.setPreTokenizer(reference.byteLevelPreTokenizer(false));
  tokenizer.train([file]);
  const ms = performance.now() - start;
  console.log(JSON.stringify({ ms, check: `${tokenizer.getVocabSize()} tokens` }));
}

function report(ms: number, merges: readonly (readonly string[])[]): void {
  const hash = createHash("sha256").update(merges.map((pair) => pair.join(" ")).join("\n"));
  const check = `${merges.length} merges, sha256 ${hash.digest("hex").slice(0, 12)}`;
  console.log(JSON.stringify({ ms, check }));
}
