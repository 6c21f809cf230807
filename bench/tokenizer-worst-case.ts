/**
 * Does the time to encode grow with the length of the text and no faster, on the worst texts?
 *
 *     tsx --conditions=orrery:source bench/tokenizer-worst-case.ts DATA --date 2026-11-24
 *
 * DATA is a folder with `tokenizers/`. Each text is a unit repeated 100,000 and 1,000,000 times; the
 * best of several rounds in one process counts. Ten times as long may take twelve times as long.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { Tokenizer } from "orrery-lm/tokenizers";

const OUT = "bench/results/tokenizer-worst-case.json";
const UNITS = ["a", " ", "ab", "中", "🚀", "\u0301", "\n"];
const SHORT = 100_000;
const LONG = 1_000_000;
const ROUNDS = 5;
const FILES = [
  "gpt2/tokenizer.json",
  "phi-2/tokenizer.json",
  "cl100k_base/cl100k_base.tiktoken",
  "whisper-multilingual/multilingual.tiktoken",
  "bert-base-uncased/tokenizer.json",
  "mistral-v1/tokenizer.json",
  "mistral-v1/tokenizer.model",
  "t5-small/tokenizer.json",
  "albert-base-v1/spiece.model",
  "test_sentencepiece/test_sentencepiece.model",
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { date: { type: "string", default: "unknown" } },
});

const results: object[] = [];
let worst = 0;
for (const file of FILES) {
  // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
  const tokenizer = await load(`${positionals[0]}/tokenizers/${file}`);
  for (const unit of UNITS) {
    for (let i = 0; i < 3; i++) tokenizer.encode(unit.repeat(SHORT));
    // Ten short texts are as much work as a long one, so that both are timed as exactly.
    const short = best(tokenizer, unit.repeat(SHORT), LONG / SHORT);
    const long = best(tokenizer, unit.repeat(LONG), 1);
    const ratio = Number((long / short).toFixed(1));
    worst = Math.max(worst, ratio);
    results.push({ file, unit, shortMs: round(short), longMs: round(long), ratio });
    console.log(`${file} ${JSON.stringify(unit)}: ${round(short)} → ${round(long)} ms, ${ratio} ×`);
  }
}
const question = "Encoding a unit repeated 100,000 and 1,000,000 times";
const machine = `${cpus()[0]!.model}, ${cpus().length} cores`;
const report = { question, date: values.date, machine, node: process.version, worst, results };
mkdirSync("bench/results", { recursive: true });
writeFileSync(OUT, `${JSON.stringify(report, null, 2)}\n`);

function load(file: string): Promise<Tokenizer> {
  const isRanks = file.endsWith(".tiktoken");
  const pattern = file.includes("cl100k") ? "cl100k" : "gpt2";
  return Tokenizer.load(file, isRanks ? { pattern, specialTokens: {} } : undefined);
}

/** The best of several times in ms, per text: of the processor, for other programs may run beside it. */
function best(tokenizer: Tokenizer, text: string, texts: number): number {
  let ms = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage().user;
    for (let i = 0; i < texts; i++) tokenizer.encode(text);
    ms = Math.min(ms, (process.cpuUsage().user - start) / 1000 / texts);
  }
  return ms;
}

function round(ms: number): number {
  return Number(ms.toFixed(1));
}
