/**
 * Loads a model from a folder and lets it go on with a text.
 *
 *     npx tsx --conditions=orrery:source examples/03-load-and-generate.ts [FOLDER] [PROMPT]
 *
 * The folder is one that `orrery train` or the second example wrote. Without one, a model that has
 * learned one sentence by heart is made first.
 */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "orrery-lm/models";
import { openRuntime } from "orrery-lm/runtime";
import { Tokenizer, trainTokenizer } from "orrery-lm/tokenizers";
import { defaultTrainingOptions, train } from "orrery-lm/training";

const folder = process.argv[2] ?? (await learnByHeart("The moon went round and round the earth. "));
const prompt = process.argv[3] ?? "The moon";

const tokenizer = await Tokenizer.load(folder);
const model = await loadModel(folder);
console.log(`runs on ${model.runtime.name}`);

const ids = tokenizer.encode(prompt);
const stream = tokenizer.decodeStream(); // holds back the bytes of half a character
process.stdout.write(prompt);
for await (const { id } of model.generate(ids, { maxNewTokens: 40, temperature: 0 })) {
  process.stdout.write(stream.push([id]));
}
process.stdout.write(`${stream.end()}\n`);

async function learnByHeart(sentence: string): Promise<string> {
  const text = sentence.repeat(50);
  const tokenizer = await trainTokenizer([text], { vocabSize: 270 });
  const { model } = await train({
    config: {
      model_type: "orrery",
      position_encoding: "alibi",
      vocab_size: tokenizer.vocabSize,
      hidden_size: 32,
      intermediate_size: 88,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      max_position_embeddings: 32,
    },
    training: {
      ...defaultTrainingOptions,
      steps: 200,
      batchSize: 4,
      sequenceLength: 32,
      learningRate: 1e-2,
      warmupSteps: 5,
    },
    tokens: tokenizer.encode(text),
    runtime: await openRuntime(),
  });
  const made = await mkdtemp(join(tmpdir(), "orrery-example-"));
  await model.save(made);
  await writeFile(
    join(made, "tokenizer.json"),
    tokenizer.save("tokenizer.json")["tokenizer.json"]!,
  );
  return made;
}
