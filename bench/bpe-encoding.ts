/**
 * How long does it take to encode a file with a byte-level BPE, in documents of about 32 kB?
 *
 *     tsx --conditions=orrery:source bench/bpe-encoding.ts TOKENIZER_JSON FILE --date 2026-11-24
 *
 * Against npm's `tokenizers`, one document after the other and as a batch on all cores. The first pass
 * over the file is timed, in a fresh process; loading the tokenizer is not.
 */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Tokenizer, splitLines } from "orrery-lm/tokenizers";
import * as reference from "tokenizers";
import { compare, thisScript } from "./alternate.ts";

const DOCUMENT_UNITS = 32_768;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    date: { type: "string", default: "unknown" },
    rounds: { type: "string", default: "7" },
    run: { type: "string" },
  },
});
const [tokenizerFile, file] = [positionals[0]!, positionals[1]!];

if (values.run === undefined) {
  compare({
    question: "Encoding 5.5 MB of English with GPT-2's tokenizer, first pass",
    contenders: [
      thisScript("orrery", [tokenizerFile, file, "--run", "orrery"]),
      thisScript("tokenizers 0.23.2 (npm), one by one", [tokenizerFile, file, "--run", "npm"]),
      thisScript("tokenizers 0.23.2 (npm), batch", [tokenizerFile, file, "--run", "npm-batch"]),
    ],
    rounds: Number(values.rounds),
    date: values.date,
    out: "bench/results/bpe-encoding.json",
  });
} else {
  const documents = cut(await readFile(file, "utf8"));
  const encode = values.run === "orrery" ? await loadOurs() : loadNpm(values.run === "npm-batch");
  const start = performance.now();
  const ids = await encode(documents);
  const ms = performance.now() - start;
  const hash = createHash("sha256");
  for (const list of ids) hash.update(Uint32Array.from(list));
  const count = ids.reduce((sum, list) => sum + list.length, 0);
  const check = `${count} ids, sha256 ${hash.digest("hex").slice(0, 12)}`;
  console.log(JSON.stringify({ ms, check }));
}

type Encode = (documents: string[]) => Promise<ArrayLike<number>[]>;

async function loadOurs(): Promise<Encode> {
  const tokenizer = await Tokenizer.load(tokenizerFile);
  return (documents) => tokenizer.encodeBatch(documents);
}

function loadNpm(isBatch: boolean): Encode {
  const tokenizer = reference.Tokenizer.fromFile(tokenizerFile);
  if (isBatch) {
    return async (documents) =>
      (await tokenizer.encodeBatch(documents)).map((encoding) => encoding.getIds());
  }
  return async (documents) => {
    const all: number[][] = [];
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
    for (const text of documents) all.push((await tokenizer.encode(text)).getIds());
    return all;
  };
}

/** Cuts a text at line ends into documents. */
function cut(text: string): string[] {
  const documents: string[] = [];
  let document = "";
  for (const line of splitLines(text)) {
    document += line;
    if (document.length < DOCUMENT_UNITS) continue;
    documents.push(document);
    document = "";
  }
  if (document !== "") documents.push(document);
  return documents;
}
