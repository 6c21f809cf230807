/**
 * How long does encoding take, warm, on one thread, in documents of about 32 kB?
 *
 *     tsx --conditions=orrery:source bench/tokenizer-encoding.ts DATA --python PYTHON --date 2026-11-24
 *
 * DATA is a folder with `tokenizers/` and `corpora/{en,zh,multi,code}.txt`; PYTHON an interpreter that
 * has `tiktoken`, `tokenizers` and `sentencepiece`. Each contender encodes the same documents, the first
 * million UTF-16 units of a text, four times in a fresh process; the median of the last three counts.
 */

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Tokenizer } from "orrery-lm/tokenizers";
import { type Comparison, type Contender, compareAll, thisScript } from "./alternate.ts";

const TEXT_UNITS = 1_000_000;
const DOCUMENT_UNITS = 32_768;
const PASSES = "4";
const SUBJECTS = [
  { name: "cl100k", file: "cl100k_base/cl100k_base.tiktoken", python: "tiktoken" },
  { name: "WordPiece (BERT)", file: "bert-base-uncased/tokenizer.json", python: "tokenizers" },
  { name: "Unigram (T5)", file: "t5-small/tokenizer.json", python: "tokenizers" },
  {
    name: "BPE (Mistral, tokenizer.json)",
    file: "mistral-v1/tokenizer.json",
    python: "tokenizers",
  },
  { name: "BPE (Mistral, .model)", file: "mistral-v1/tokenizer.model", python: "sentencepiece" },
] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    date: { type: "string", default: "unknown" },
    rounds: { type: "string", default: "5" },
    run: { type: "string" },
  },
});

if (values.run === undefined) compareEncoders(positionals[0]!);
else await time(values.run, positionals[0]!, positionals[1]!);

function compareEncoders(data: string): void {
  const comparisons: Comparison[] = [];
  const folder = mkdtempSync(join(tmpdir(), "orrery-bench-"));
  for (const text of ["en", "zh", "multi", "code"]) {
    const documents = join(folder, `${text}.json`);
    writeFileSync(
      documents,
      JSON.stringify(cut(readFileSync(`${data}/corpora/${text}.txt`, "utf8"))),
    );
    for (const { name, file, python } of SUBJECTS) {
      const tokenizer = `${data}/tokenizers/${file}`;
      const contenders = [
        thisScript("orrery", [tokenizer, documents, "--run", "orrery"]),
        pythonContender(python, tokenizer, documents),
      ];
      if (name === "cl100k") {
        contenders.push(
          thisScript("gpt-tokenizer 4.0.0", [tokenizer, documents, "--run", "gpt-tokenizer"]),
          thisScript("tiktoken 1.0.22 (npm)", [tokenizer, documents, "--run", "tiktoken"]),
        );
      }
      comparisons.push({ question: `${name}, ${text}`, contenders });
    }
  }
  compareAll(comparisons, {
    question: "Encoding documents of 32 kB, warm, one thread",
    rounds: Number(values.rounds),
    date: values.date,
    out: "bench/results/tokenizer-encoding.json",
  });
}

function pythonContender(library: string, tokenizer: string, documents: string): Contender {
  const versions = { tiktoken: "0.14.0", tokenizers: "0.23.2", sentencepiece: "0.2.2" };
  const version = versions[library as keyof typeof versions];
  const script = new URL("tokenizer_encoding.py", import.meta.url).pathname;
  return {
    name: `${library} ${version} (Python)`,
    command: values.python,
    args: [script, library, tokenizer, documents, PASSES],
  };
}

async function time(library: string, tokenizer: string, documents: string): Promise<void> {
  const encode = await load(library, tokenizer);
  const texts: string[] = JSON.parse(readFileSync(documents, "utf8"));
  const times: number[] = [];
  let ids: ArrayLike<number>[] = [];
  for (let pass = 0; pass < Number(PASSES); pass++) {
    const start = performance.now();
    ids = texts.map(encode);
    times.push(performance.now() - start);
  }
  const digest = createHash("sha256");
  for (const row of ids) digest.update(Uint32Array.from(row));
  const count = ids.reduce((sum, { length }) => sum + length, 0);
  const check = `${count} ids, sha256 ${digest.digest("hex").slice(0, 12)}`;
  console.log(JSON.stringify({ ms: times.slice(-3).toSorted((a, b) => a - b)[1]!, check }));
}

async function load(library: string, file: string): Promise<(text: string) => ArrayLike<number>> {
  switch (library) {
    case "gpt-tokenizer": {
      const { encode } = await import("gpt-tokenizer/encoding/cl100k_base");
      return (text) => encode(text, { disallowedSpecial: new Set() });
    }
    case "tiktoken": {
      const { get_encoding: getEncoding } = await import("tiktoken");
      const encoding = getEncoding("cl100k_base");
      return (text) => encoding.encode_ordinary(text);
    }
    default: {
      const isRanks = file.endsWith(".tiktoken");
      const ranks = { pattern: "cl100k", specialTokens: {} };
      const tokenizer = await Tokenizer.load(file, isRanks ? ranks : undefined);
      return (text) => tokenizer.encode(text, { addSpecialTokens: false });
    }
  }
}

/** Cuts the start of a text into documents. */
function cut(text: string): string[] {
  const documents: string[] = [];
  for (let start = 0; start < TEXT_UNITS; start += DOCUMENT_UNITS) {
    documents.push(text.slice(start, Math.min(start + DOCUMENT_UNITS, TEXT_UNITS)).toWellFormed());
  }
  return documents;
}
