/**
 * Runs contenders in turn, each time in a fresh process, and compares their median times.
 * A contender ends with a line of JSON that has `ms` and `check`; `check` must be equal where it is compared.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";

/** A program to time, and its arguments. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** One question and who answers it. */
export interface Comparison {
  readonly question: string;
  readonly contenders: readonly Contender[]; // ours first
}

/** How to compare, and what to say about it. */
export interface ComparisonRun {
  readonly rounds: number;
  /** Of the day of the run, as `2026-11-24`. */
  readonly date: string;
  /** Where the result goes. */
  readonly out: string;
}

/** This very script as a contender, with the flags that it was started with. */
export function thisScript(name: string, args: readonly string[]): Contender {
  return {
    name,
    command: process.execPath,
    args: [...process.execArgv, process.argv[1]!, ...args],
  };
}

/** Runs the rounds of one comparison, prints the medians and writes them down. */
export function compare({ rounds, date, out, ...comparison }: Comparison & ComparisonRun): void {
  const { question, results } = measure(comparison, rounds);
  write(out, { question, ...facts(date, rounds), results });
}

/** The same for several comparisons under one question, in one file. */
export function compareAll(
  comparisons: readonly Comparison[],
  { question, rounds, date, out }: ComparisonRun & { readonly question: string },
): void {
  const measured = comparisons.map((comparison) => measure(comparison, rounds));
  write(out, { question, ...facts(date, rounds), comparisons: measured });
}

interface Measured {
  readonly question: string;
  readonly results: readonly object[];
}

function measure({ question, contenders }: Comparison, rounds: number): Measured {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const checks = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, args } of contenders) {
      // A library may write progress before the line that counts.
      const line = execFileSync(command, args, { encoding: "utf8" }).trim().split("\n").at(-1)!;
      const { ms, check } = JSON.parse(line) as { ms: number; check: string };
      times.get(name)!.push(ms);
      checks.set(name, check);
    }
  }
  const ours = median(times.get(contenders[0]!.name)!);
  const results = contenders.map(({ name }) => {
    const all = times.get(name)!;
    const ratio = Number((median(all) / ours).toFixed(2));
    const check = checks.get(name);
    const medianMs = Math.round(median(all));
    console.log(`${question}: ${name}: ${medianMs} ms (${ratio} × ours), ${check}`);
    return { name, check, medianMs, ratio, allMs: all.map(Math.round) };
  });
  return { question, results };
}

function facts(date: string, rounds: number): object {
  const machine = `${cpus()[0]!.model}, ${cpus().length} cores`;
  return { date, machine, node: process.version, rounds };
}

function write(out: string, report: object): void {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
