/**
 * How long does it take until a tokenizer is ready, from the bytes of its file to the first ids?
 *
 *     tsx --conditions=orrery:source bench/tokenizer-loading.ts DATA --date 2026-11-24
 *
 * DATA is a folder with `tokenizers/`. GPT-4's rank file as it is; and written as a tokenizer.json of
 * 100,000 tokens, against JSON.parse of the same text. The first time in a fresh process counts.
 */

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Tokenizer } from "orrery-lm/tokenizers";
import { compareAll, thisScript } from "./alternate.ts";

const RANKS = { pattern: "cl100k", specialTokens: {} };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    date: { type: "string", default: "unknown" },
    rounds: { type: "string", default: "7" },
    run: { type: "string" },
  },
});

if (values.run === undefined) await compareLoading(positionals[0]!);
else await time(values.run, positionals[0]!);

async function compareLoading(data: string): Promise<void> {
  const ranks = `${data}/tokenizers/cl100k_base/cl100k_base.tiktoken`;
  const json = join(mkdtempSync(join(tmpdir(), "orrery-bench-")), "tokenizer.json");
  const files = (await Tokenizer.load(ranks, RANKS)).save("tokenizer.json");
  writeFileSync(json, files["tokenizer.json"]!);
  compareAll(
    [
      {
        question: "GPT-4's rank file",
        contenders: [
          thisScript("orrery", [ranks, "--run", "load"]),
          thisScript("gpt-tokenizer 4.0.0, its own file", [ranks, "--run", "gpt-tokenizer"]),
        ],
      },
      {
        question: "GPT-4's vocabulary as tokenizer.json",
        contenders: [
          thisScript("orrery", [json, "--run", "load"]),
          thisScript("JSON.parse", [json, "--run", "parse"]),
        ],
      },
    ],
    {
      question: "From the bytes of a file to the first ids",
      rounds: Number(values.rounds),
      date: values.date,
      out: "bench/results/tokenizer-loading.json",
    },
  );
}

async function time(what: string, file: string): Promise<void> {
  const bytes = readFileSync(file);
  const start = performance.now();
  const check = await run(what, bytes, file.endsWith(".tiktoken"));
  console.log(JSON.stringify({ ms: performance.now() - start, check }));
}

async function run(what: string, bytes: Uint8Array, isRanks: boolean): Promise<string> {
  switch (what) {
    case "parse":
      return `${Object.keys(JSON.parse(new TextDecoder().decode(bytes))).length} members`;
    case "gpt-tokenizer": {
      const { encode } = await import("gpt-tokenizer/encoding/cl100k_base");
      return encode("The planet turns.").join(" ");
    }
    default: {
      const tokenizer = await Tokenizer.load(bytes, isRanks ? RANKS : undefined);
      return tokenizer.encode("The planet turns.").join(" ");
    }
  }
}
