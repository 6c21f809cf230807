/**
 * Our train step against PyTorch's, in turn, each in a fresh process; medians over rounds.
 *
 *     tsx --conditions=orrery:source bench/train-step-against-torch.ts \
 *       --torch "python3 torch_train_step.py" --rounds 5 --date 2026-11-24
 *
 * The other program takes a shape (S or XS) and `--steps N`, and prints a JSON line with
 * `tokensPerSecond` and `peakRssMB`, as `bench/train-step.ts` does. Writes bench/results/train-step.json.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

interface Speed {
  tokensPerSecond: number;
  peakRssMB: number;
}

const { values } = parseArgs({
  options: {
    torch: { type: "string" },
    rounds: { type: "string", default: "5" },
    steps: { type: "string", default: "16" },
    date: { type: "string" },
  },
});
const ours = [
  process.execPath,
  ...process.execArgv,
  fileURLToPath(new URL("train-step.ts", import.meta.url)),
];
const theirs = values.torch!.split(" ");

function run(command: readonly string[], shape: string): Speed {
  const [program, ...args] = [...command, shape, "--steps", values.steps];
  const line = execFileSync(program!, args, { encoding: "utf8" }).trim().split("\n").at(-1)!;
  return JSON.parse(line) as Speed;
}

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

function summary(runs: readonly Speed[]): object {
  const speeds = runs.map(({ tokensPerSecond }) => tokensPerSecond);
  const peakRssMB = median(runs.map((one) => one.peakRssMB));
  return { tokensPerSecond: median(speeds), allTokensPerSecond: speeds, peakRssMB };
}

const results = ["S", "XS"].map((shape) => {
  const runs: { ours: Speed[]; torch: Speed[] } = { ours: [], torch: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    runs.ours.push(run(ours, shape));
    runs.torch.push(run(theirs, shape));
  }
  const speed = (side: Speed[]): number =>
    median(side.map(({ tokensPerSecond }) => tokensPerSecond));
  const ratio = Number((speed(runs.ours) / speed(runs.torch)).toFixed(3));
  console.log(
    `${shape}: ${speed(runs.ours)} against ${speed(runs.torch)} tokens per second, ratio ${ratio}`,
  );
  return { shape, ratio, orrery: summary(runs.ours), torchEager: summary(runs.torch) };
});
const report = {
  question: "Tokens per second of a train step, ours against PyTorch eager",
  date: values.date,
  machine: `${cpus()[0]!.model}, ${cpus().length} cores`,
  node: process.version,
  results,
};
writeFileSync(
  new URL("results/train-step.json", import.meta.url),
  `${JSON.stringify(report, null, 2)}\n`,
);
