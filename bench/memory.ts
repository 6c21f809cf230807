/**
 * Peak memory with and without chunks, each case in a process of its own.
 *
 *     tsx --conditions=orrery:source bench/memory.ts --date 2026-11-24
 *
 * Writes bench/results/memory.json. A case alone: `bench/memory.ts --case NAME`.
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { floats, integers, nativeRuntime, type TensorData } from "orrery-lm/runtime";
import {
  attention,
  compile,
  crossEntropyRows,
  gradients,
  input,
  iota,
  lessOrEqual,
  linearCrossEntropy,
  maskedSoftmax,
  matmul,
  meanLoss,
  multiply,
  reduceSum,
  reshape,
  type Value,
} from "orrery-lm/tensor";

interface Program {
  outputs: Record<string, Value>;
  feeds: Record<string, TensorData>;
}

function numbers(shape: readonly number[]): TensorData {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  return floats(
    data.map((_, i) => Math.sin(i) / 10),
    shape,
  );
}

/** Forward and backward of cross entropy: 2,048 rows of 64 channels, a vocabulary of 131,072. */
function crossEntropy(isChunked: boolean): Program {
  const [rows, channels, vocab] = [2048, 64, 131_072];
  const [x, weight, labels] = [
    input("x", [rows, channels]),
    input("weight", [vocab, channels]),
    input("labels", [rows], "int32"),
  ];
  const losses = isChunked
    ? linearCrossEntropy(x, weight, labels)
    : crossEntropyRows(matmul(x, weight, { transposeB: true }), labels);
  const loss = meanLoss(losses, labels);
  const [dx, dWeight] = gradients(loss, [x, weight]);
  const ids = Int32Array.from({ length: rows }, (_, i) => (i * 61) % vocab);
  return {
    outputs: { loss, dx: dx!, dWeight: dWeight! },
    feeds: {
      x: numbers([rows, channels]),
      weight: numbers([vocab, channels]),
      labels: integers(ids, [rows]),
    },
  };
}

/** Causal attention of four heads of 32 channels. */
function causalAttention(tokens: number, isChunked: boolean, isTrained: boolean): Program {
  const shape = [1, 4, 1, tokens, 32];
  const [queries, keys, values] = ["q", "k", "v"].map((name) => input(name, shape)) as [
    Value,
    Value,
    Value,
  ];
  const scale = 1 / Math.sqrt(32);
  const index = iota(tokens);
  const seen = lessOrEqual(
    reshape(index, [1, 1, 1, 1, tokens]),
    reshape(index, [1, 1, 1, tokens, 1]),
  );
  const y = isChunked
    ? attention({ queries, keys, values, scale, isCausal: true, name: "attention" })
    : matmul(maskedSoftmax(matmul(queries, keys, { transposeB: true, scale }), seen, true), values);
  const feeds = { q: numbers(shape), k: numbers(shape), v: numbers(shape) };
  if (!isTrained) return { outputs: { y }, feeds };
  const [dq, dk, dv] = gradients(reduceSum(multiply(y, y), [0, 1, 2, 3, 4]), [
    queries,
    keys,
    values,
  ]);
  return { outputs: { dq: dq!, dk: dk!, dv: dv! }, feeds };
}

const cases: Readonly<Record<string, (isChunked: boolean) => Program>> = {
  "cross entropy, vocabulary 131072, forward and backward": crossEntropy,
  "attention, 8192 tokens, forward": (isChunked) => causalAttention(8192, isChunked, false),
  "attention, 4096 tokens, forward and backward": (isChunked) =>
    causalAttention(4096, isChunked, true),
};

const { values: options } = parseArgs({
  options: {
    case: { type: "string" },
    whole: { type: "boolean", default: false },
    date: { type: "string" },
  },
});

if (options.case !== undefined) {
  const { outputs, feeds } = cases[options.case]!(!options.whole);
  const session = await (await nativeRuntime({ threads: 2 })).open(compile(outputs));
  const before = process.memoryUsage().rss;
  const begun = performance.now();
  await session.run(feeds);
  const ms = Math.round(performance.now() - begun);
  const peak = process.resourceUsage().maxRSS * 1024;
  const [peakMB, beforeMB] = [peak, before].map((bytes) => Math.round(bytes / 2 ** 20));
  console.log(JSON.stringify({ peakMB, beforeMB, ms }));
} else {
  const run = (name: string, flags: string[]): unknown => {
    const args = [...process.execArgv, process.argv[1]!, "--case", name, ...flags];
    return JSON.parse(
      execFileSync(process.execPath, args, { encoding: "utf8" }).trim().split("\n").at(-1)!,
    );
  };
  const results = Object.keys(cases).map((name) => ({
    case: name,
    chunked: run(name, []),
    whole: run(name, ["--whole"]),
  }));
  console.table(results);
  const report = {
    question: "Peak memory with and without chunks",
    date: options.date,
    node: process.version,
    results,
  };
  writeFileSync(
    new URL("results/memory.json", import.meta.url),
    `${JSON.stringify(report, null, 2)}\n`,
  );
}
