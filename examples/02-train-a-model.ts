/**
 * Trains a small decoder on built-in stories, and keeps the run in a folder.
 *
 *     npx tsx --conditions=orrery:source examples/02-train-a-model.ts [FOLDER]
 */

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateStories } from "orrery-lm/lab";
import { openRuntime } from "orrery-lm/runtime";
import { splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { defaultTrainingOptions, evaluate, train } from "orrery-lm/training";

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "orrery-example-")));

const text = generateStories(0, 200_000);
const tokenizer = await trainTokenizer(splitLines(text), { vocabSize: 512 });
const tokens = tokenizer.encode(text);

const runtime = await openRuntime();
const { model, history } = await train({
  config: {
    model_type: "orrery",
    position_encoding: "rope", // or none, sinusoidal, learned, alibi
    vocab_size: tokenizer.vocabSize,
    hidden_size: 64,
    intermediate_size: 176,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 32,
  },
  training: {
    ...defaultTrainingOptions,
    steps: 150,
    batchSize: 8,
    sequenceLength: 32,
    learningRate: 5e-3,
    warmupSteps: 10,
  },
  tokens,
  runtime,
  folder,
  tokenizerFiles: tokenizer.save("tokenizer.json"),
  onStep: ({ step, loss }) => {
    if (step % 25 === 0) console.log(`step ${step}: ${loss.toFixed(3)} nats per token`);
  },
});

// The stories of another seed: the model has not seen them.
const unseen = tokenizer.encode(generateStories(1, 10_000));
const { loss } = await evaluate(model, unseen, { length: 32, stride: 32, maxTokens: 1024 });
console.log(`before training ${history[0]!.loss.toFixed(3)}, on unseen text ${loss.toFixed(3)}`);
console.log(`the run lies in ${folder}`);
