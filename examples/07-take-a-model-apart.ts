/**
 * Loads a model, explains it, looks at its layers, lets it write, and exports it as ONNX.
 *
 *     npx tsx --conditions=orrery:source examples/07-take-a-model-apart.ts [FOLDER]
 *
 * The folder is one with config.json and model.safetensors. Without one, a small Llama is made first
 * whose weights are random: what it writes means nothing, what is shown of it does.
 */

import { mkdtemp, readFile, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigReader } from "orrery-lm/formats";
import {
  Model,
  createArchitecture,
  exportOnnx,
  initialize,
  inspectModel,
  loadModel,
} from "orrery-lm/models";
import { openRuntime } from "orrery-lm/runtime";

const folder = process.argv[2] ?? (await makeLlama());

// Explaining needs config.json only.
const config = ConfigReader.parse(await readFile(join(folder, "config.json")));
const { parameters, kept, assumptions } = inspectModel(config, { length: 1024 });
console.log(`${parameters.total} parameters, ${parameters.embedding} of them in tables`);
if (kept) console.log(`${kept.bytesPerToken} bytes are kept of each token (float16)`);
if (assumptions.length > 0) console.log(`config.json does not say: ${assumptions.join(", ")}`);

const model = await loadModel(folder);
const ids = [1, 2, 3, 5, 8, 13];

// Any value inside, by its name: here what each layer hands on.
const { captured } = await model.forward({
  inputIds: [ids],
  logits: "none",
  capture: ["layers.*.output"],
});
for (const [name, { data }] of Object.entries(captured!)) {
  const squares = Array.from(data, (x) => x * x);
  const size = Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
  console.log(`${name}: root mean square ${size.toFixed(3)}`);
}

const written: number[] = [];
for await (const { id } of model.generate(ids, { maxNewTokens: 8, temperature: 0.8, seed: 1 })) {
  written.push(id);
}
console.log(`${ids.join(" ")} → ${written.join(" ")}`);
await model.release();

const exported = await mkdtemp(join(tmpdir(), "orrery-example-"));
for (const [name, contents] of Object.entries(exportOnnx(model))) {
  await mkdir(dirname(join(exported, name)), { recursive: true });
  await writeFile(join(exported, name), contents);
}
console.log(`for onnxruntime and transformers.js: ${exported}`);

async function makeLlama(): Promise<string> {
  const values = {
    model_type: "llama",
    vocab_size: 64,
    hidden_size: 32,
    intermediate_size: 88,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    num_key_value_heads: 2, // two queries share a key: half the bytes are kept
    max_position_embeddings: 128,
  };
  const { network } = createArchitecture(new ConfigReader(values));
  const numbers = initialize(network.parameters(), 7);
  const made = await mkdtemp(join(tmpdir(), "orrery-example-"));
  const runtime = await openRuntime();
  await new Model({ config: values, parameters: numbers, runtime }).save(made);
  return made;
}
