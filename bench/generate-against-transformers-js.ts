/**
 * Continues a text greedily with a random model of GPT-2's size (124M), one text, on two threads:
 * our `generate`, and transformers.js on what `exportOnnx` wrote of the same weights, in turn, each in
 * a process that stays; medians over rounds.
 *
 *     npm install --prefix FOLDER --ignore-scripts @huggingface/transformers@4.3.1
 *     tsx --conditions=orrery:source bench/generate-against-transformers-js.ts FOLDER --date 2026-11-24
 *
 * transformers.js is no dependency of ours: it brings 175 MB. Both must write the same ids. Writes
 * bench/results/generate-against-transformers-js.json.
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture, exportOnnx, initialize, Model } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";

const VOCAB = 50_257;
const THREADS = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    date: { type: "string" },
    rounds: { type: "string", default: "15" },
    child: { type: "string" },
  },
});
const library = resolve(positionals[0]!);

interface Sizes {
  readonly tokens: number;
  readonly prompt: number;
}

interface Written {
  readonly ms: number;
  readonly ids: readonly number[];
}

const promptOf = ({ prompt }: Sizes): number[] =>
  Array.from({ length: prompt }, (_, i) => (7919 * i) % VOCAB);

/** What of transformers.js is used here. */
interface TransformersJs {
  env: { allowRemoteModels: boolean; localModelPath: string };
  AutoModelForCausalLM: {
    from_pretrained(
      path: string,
      options: object,
    ): Promise<{
      generate(options: object): Promise<{ data: BigInt64Array }>;
    }>;
  };
  Tensor: new (type: string, data: BigInt64Array, shape: readonly number[]) => unknown;
}

/** Answers each message with what transformers.js writes. */
async function runTheirs(folder: string): Promise<void> {
  const found = createRequire(`${library}/`).resolve("@huggingface/transformers");
  const entry = found.replace(/\.cjs$/, ".mjs");
  const theirs = (await import(pathToFileURL(entry).href)) as TransformersJs;
  theirs.env.allowRemoteModels = false;
  theirs.env.localModelPath = "/";
  const model = await theirs.AutoModelForCausalLM.from_pretrained(folder, {
    local_files_only: true,
    dtype: "fp32",
    session_options: { intraOpNumThreads: THREADS },
  });
  process.on("message", async (sizes: Sizes) => {
    const ids = promptOf(sizes);
    const shape = [1, ids.length];
    const start = performance.now();
    const { data } = await model.generate({
      inputs: new theirs.Tensor("int64", BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new theirs.Tensor("int64", new BigInt64Array(ids.length).fill(1n), shape),
      max_new_tokens: sizes.tokens,
      do_sample: false,
    });
    const ms = performance.now() - start;
    process.send!({ ms, ids: Array.from(data.subarray(ids.length), Number) });
  });
  process.send!("ready");
}

/** A model of GPT-2's size whose text does not repeat itself at once. */
async function makeModel(): Promise<Model> {
  const config = {
    model_type: "gpt2",
    vocab_size: VOCAB,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    initializer_range: 0.08,
  };
  const { network } = createArchitecture(new ConfigReader(config));
  const parameters = initialize(network.parameters(), 1);
  return new Model({ config, parameters, runtime: await nativeRuntime({ threads: THREADS }) });
}

function writeExport(model: Model): string {
  const folder = mkdtempSync(join(tmpdir(), "orrery-bench-"));
  for (const [name, contents] of Object.entries(exportOnnx(model))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents as Uint8Array);
  }
  return folder;
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!;

async function runBoth(): Promise<void> {
  const model = await makeModel();
  const folder = writeExport(model);
  const child = fork(process.argv[1]!, [library, "--child", folder]);
  await once(child, "message");

  async function theirs(sizes: Sizes): Promise<Written> {
    child.send(sizes);
    return ((await once(child, "message")) as [Written])[0];
  }

  async function ours(sizes: Sizes): Promise<Written> {
    const options = { maxNewTokens: sizes.tokens, temperature: 0 };
    const start = performance.now();
    const [ids] = await model.generateBatch([promptOf(sizes)], options);
    return { ms: performance.now() - start, ids: ids! };
  }

  /** Tokens per second of both, each round beside the other. */
  async function measure(sizes: Sizes): Promise<object> {
    const rounds = Number(values.rounds);
    const [mine, others]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round++) {
      // One after the other: both would use every core.
      // oxlint-disable-next-line no-await-in-loop
      const [own, other] = [await ours(sizes), await theirs(sizes)];
      if (own.ids.join() !== other.ids.join()) throw new Error("the two wrote different ids");
      if (round < 0) continue; // the first time does not count
      mine.push(own.ms);
      others.push(other.ms);
    }
    const rate = (all: readonly number[]): number =>
      Number(((1000 * sizes.tokens) / median(all)).toFixed(1));
    const result = {
      ...sizes,
      tokensPerSecond: { orrery: rate(mine), transformersJs: rate(others) },
      medianRatio: Number(median(others.map((ms, i) => ms / mine[i]!)).toFixed(2)),
      ms: { orrery: mine.map(Math.round), transformersJs: others.map(Math.round) },
    };
    console.log(JSON.stringify({ ...sizes, ...result.tokensPerSecond, ratio: result.medianRatio }));
    return result;
  }

  const loadBefore = loadavg()[0]!.toFixed(1);
  const results = [
    await measure({ tokens: 24, prompt: 16 }),
    await measure({ tokens: 12, prompt: 512 }),
  ];
  child.disconnect();
  rmSync(folder, { recursive: true });
  const manifest = join(library, "node_modules/@huggingface/transformers/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const report = {
    question: `Tokens per second of a greedy continuation, the prompt's reading included: GPT-2's size, random weights, float32, one text, two threads; against transformers.js ${version} on the exported file, in Node`,
    date: values.date,
    machine: `${cpus()[0]!.model}, ${cpus().length} cores; load before and after: ${loadBefore}, ${loadavg()[0]!.toFixed(1)}`,
    node: process.version,
    rounds: Number(values.rounds),
    results,
  };
  const out = new URL("results/generate-against-transformers-js.json", import.meta.url);
  writeFileSync(fileURLToPath(out), `${JSON.stringify(report, null, 2)}\n`);
}

await (values.child === undefined ? runBoth() : runTheirs(values.child));
