/**
 * How much later than `node -e 0` does the built command end?
 *
 *     npm run build && tsx bench/startup.ts --date 2026-11-24
 *
 * Each is started in turn; a warm-up round that fills the file cache does not count.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const OUT = "bench/results/startup.json";
const LIMIT_MS = 150;

const { values } = parseArgs({
  options: {
    date: { type: "string", default: "unknown" },
    rounds: { type: "string", default: "15" },
  },
});
const rounds = Number(values.rounds);
const main = join(import.meta.dirname, "../dist/cli/main.js");
const contenders: Readonly<Record<string, readonly string[]>> = {
  "node -e 0": ["-e", "0"],
  "orrery --help": [main, "--help"],
  "orrery train --help": [main, "train", "--help"],
  "orrery --version": [main, "--version"],
};

/** Milliseconds until a process has ended. */
function time(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return ms;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as number[]]));
for (let round = -1; round < rounds; round++) {
  for (const [name, args] of Object.entries(contenders)) {
    const ms = time(args);
    if (round >= 0) times[name]!.push(ms);
  }
}

const [base] = Object.values(times).map(median);
const oneDigit = (ms: number): number => Number(ms.toFixed(1));
const results = Object.entries(times).map(([name, all]) => ({
  name,
  medianMs: oneDigit(median(all)),
  moreThanNodeMs: oneDigit(median(all) - base!),
  allMs: all.map(oneDigit),
}));
const report = {
  question: `Does \`orrery --help\` end less than ${LIMIT_MS} ms after \`node -e 0\`?`,
  date: values.date,
  node: process.version,
  rounds,
  results,
};
mkdirSync("bench/results", { recursive: true });
writeFileSync(OUT, `${JSON.stringify(report, null, 2)}\n`);
for (const { name, medianMs, moreThanNodeMs } of results) {
  console.log(`${name}: ${medianMs} ms, ${moreThanNodeMs} ms more than node`);
}
