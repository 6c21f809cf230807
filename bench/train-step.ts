/**
 * Speed of a train step on the shapes of the PyTorch reference: prints one JSON line.
 *
 *     tsx --conditions=orrery:source bench/train-step.ts S|XS [--steps 12] [--threads 2]
 *
 * A Llama-like decoder: RMSNorm, RoPE, SwiGLU, causal attention, tied embeddings; float32, AdamW,
 * clip 1. The ids are random, and another batch is drawn for every step, inside the time measured.
 */

import { parseArgs } from "node:util";
import { random } from "orrery-lm/base";
import { ConfigReader } from "orrery-lm/formats";
import { createArchitecture, initialize } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { Trainer, defaultTrainingOptions } from "orrery-lm/training";

const shapes = {
  S: { layers: 4, size: 256, heads: 4, inner: 688, vocab: 4096, batch: 16, tokens: 256 },
  XS: { layers: 4, size: 128, heads: 4, inner: 344, vocab: 1024, batch: 16, tokens: 128 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: "string", default: "12" },
    threads: { type: "string", default: "2" },
  },
});
const name = positionals[0] as keyof typeof shapes;
const shape = shapes[name];
const config = {
  model_type: "orrery",
  vocab_size: shape.vocab,
  hidden_size: shape.size,
  num_attention_heads: shape.heads,
  num_hidden_layers: shape.layers,
  intermediate_size: shape.inner,
  max_position_embeddings: shape.tokens,
  position_encoding: "rope",
};
const architecture = createArchitecture(new ConfigReader(config));
const stream = random(1, "bench");
const tokens = Int32Array.from({ length: 200_000 }, () => stream.integer(shape.vocab));
const trainer = await Trainer.open({
  architecture,
  runtime: await nativeRuntime({ threads: Number(values.threads) }),
  tokens,
  start: initialize(architecture.network.parameters(), 1),
  options: {
    ...defaultTrainingOptions,
    batchSize: shape.batch,
    sequenceLength: shape.tokens,
    learningRate: 3e-4,
  },
});
const times: number[] = [];
for (let i = 0; i < Number(values.steps) + 3; i++) {
  const start = performance.now();
  // oxlint-disable-next-line no-await-in-loop
  await trainer.step();
  if (i >= 3) times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)]!;
const tokensPerSecond = Math.round((shape.batch * shape.tokens * 1000) / median);
const peakRssMB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ shape: name, mode: "orrery", tokensPerSecond, peakRssMB }));
