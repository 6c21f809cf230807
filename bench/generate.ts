/**
 * Continues a text greedily with a random model of GPT-2's size (124M), one text, on two threads:
 * ours and transformers on PyTorch in turn, both in processes that stay; medians over rounds.
 *
 *     tsx --conditions=orrery:source bench/generate.ts --python python3 --folder gpt2-random \
 *       --date 2026-11-24
 *
 * The folder is made if it is not there. Both must write the same ids. Writes bench/results/generate.json.
 */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadModel } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";

const VOCAB = 50_257;

const { values } = parseArgs({
  options: {
    python: { type: "string", default: "python3" },
    folder: { type: "string" },
    date: { type: "string" },
    rounds: { type: "string", default: "15" },
    note: { type: "string" },
  },
});
const folder = values.folder!;
const rounds = Number(values.rounds);
const script = fileURLToPath(new URL("generate.py", import.meta.url));
if (!existsSync(folder)) execFileSync(values.python, [script, folder, "--make"]);

interface Sizes {
  readonly tokens: number;
  readonly prompt: number;
}

interface Written {
  readonly ms: number;
  readonly ids: readonly number[];
}

const child = spawn(values.python, [script, folder], { stdio: ["pipe", "pipe", "ignore"] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

async function theirs(sizes: Sizes): Promise<Written> {
  child.stdin.write(`${JSON.stringify(sizes)}\n`);
  return JSON.parse((await answers.next()).value as string) as Written;
}

const model = await loadModel(folder, { runtime: await nativeRuntime({ threads: 2 }) });

async function ours({ tokens, prompt }: Sizes): Promise<Written> {
  const ids = Array.from({ length: prompt }, (_, i) => (7919 * i) % VOCAB);
  const start = performance.now();
  const [added] = await model.generateBatch([ids], { maxNewTokens: tokens, temperature: 0 });
  return { ms: performance.now() - start, ids: added! };
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!;

/** Tokens per second of both, each round beside the other. */
async function measure(sizes: Sizes): Promise<object> {
  const times: { orrery: number[]; transformers: number[] } = { orrery: [], transformers: [] };
  for (let round = -1; round < rounds; round++) {
    // One after the other: both would use every core.
    const [mine, other] = [await ours(sizes), await theirs(sizes)];
    if (mine.ids.join() !== other.ids.join()) throw new Error("the two wrote different ids");
    if (round < 0) continue; // the first time does not count
    times.orrery.push(mine.ms);
    times.transformers.push(other.ms);
  }
  const rate = (all: readonly number[]): number =>
    Number(((1000 * sizes.tokens) / median(all)).toFixed(1));
  const ratios = times.transformers.map((ms, i) => ms / times.orrery[i]!);
  const result = {
    ...sizes,
    tokensPerSecond: { orrery: rate(times.orrery), transformers: rate(times.transformers) },
    medianRatio: Number(median(ratios).toFixed(2)),
    ms: { orrery: times.orrery.map(Math.round), transformers: times.transformers.map(Math.round) },
  };
  console.log(JSON.stringify({ ...sizes, ...result.tokensPerSecond, ratio: result.medianRatio }));
  return result;
}

const loadBefore = loadavg()[0]!.toFixed(1);
const results = [
  await measure({ tokens: 24, prompt: 16 }),
  await measure({ tokens: 12, prompt: 512 }),
];
child.kill();
const report = {
  question:
    "Tokens per second of a greedy continuation, the prompt's reading included: GPT-2's size, random weights, float32, one text, two threads; against transformers with its cache (PyTorch)",
  date: values.date,
  machine: `${cpus()[0]!.model}, ${cpus().length} cores; load before and after: ${loadBefore}, ${loadavg()[0]!.toFixed(1)}`,
  node: process.version,
  rounds,
  ...(values.note !== undefined && { note: values.note }),
  results,
};
const out = fileURLToPath(new URL("results/generate.json", import.meta.url));
writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
