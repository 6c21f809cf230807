/**
 * Looks inside a model: which earlier letters does each letter attend to?
 *
 *     npx tsx --conditions=orrery:source examples/04-capture-attention.ts
 *
 * The model reads random words of six letters, each said four times in a row. To know what comes next
 * it must look back to what came after the same letter one word ago, five letters before: a diagonal
 * in the map of its attention.
 */

import { random } from "orrery-lm/base";
import { openRuntime } from "orrery-lm/runtime";
import { defaultTrainingOptions, train } from "orrery-lm/training";

const LETTERS = "abcdefgh";
const WORD = 6;
const REPEATS = 4;
const LENGTH = 3 * WORD;

const stream = random(1, "words");
const makeWord = (): number[] => Array.from({ length: WORD }, () => stream.integer(LETTERS.length));
const repeat = (word: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => word).flat();
const tokens = Array.from({ length: 1000 }, () => repeat(makeWord(), REPEATS)).flat();

const { model, history } = await train({
  config: {
    model_type: "orrery",
    position_encoding: "rope",
    vocab_size: LETTERS.length,
    hidden_size: 32,
    intermediate_size: 88,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    max_position_embeddings: LENGTH,
  },
  training: {
    ...defaultTrainingOptions,
    steps: 300,
    batchSize: 16,
    sequenceLength: LENGTH,
    learningRate: 1e-2,
    warmupSteps: 20,
  },
  tokens,
  runtime: await openRuntime(),
});
console.log(
  `loss ${history[0]!.loss.toFixed(2)} → ${history.at(-1)!.loss.toFixed(2)} nats per letter`,
);

const letters = repeat(makeWord(), LENGTH / WORD);
const { captured } = await model.forward({
  inputIds: [letters],
  logits: "last",
  capture: ["layers.*.attention.probabilities"],
});

const shades = " ░▒▓█";
const shade = (weight: number): string => shades[Math.min(4, Math.floor(weight * 5))]!.repeat(2);
const name = (id: number): string => LETTERS[id]!;
for (const [scope, { data, shape }] of Object.entries(captured!)) {
  // Query heads may come in groups that share keys: every axis but the last two counts heads.
  const heads = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  for (let head = 0; head < heads; head++) {
    console.log(`\n${scope}, head ${head} (rows look back at columns)`);
    console.log(`   ${letters.map((id) => `${name(id)} `).join("")}`);
    for (let row = 0; row < LENGTH; row++) {
      const from = (head * LENGTH + row) * LENGTH;
      const weights = Array.from(data.slice(from, from + LENGTH), Number);
      console.log(`${name(letters[row]!)}  ${weights.map(shade).join("")}`);
    }
  }
}
