// What a stranger writes: this file is compiled, run and bundled outside the repository.
import { ConfigReader } from "orrery-lm/formats";
import { Model, createArchitecture, initialize, loadModel } from "orrery-lm/models";
import { openRuntime } from "orrery-lm/runtime";

const config = {
  model_type: "gpt2",
  vocab_size: 11,
  n_positions: 8,
  n_embd: 8,
  n_head: 2,
  n_layer: 2,
};
const { network } = createArchitecture(new ConfigReader(config));
const parameters = initialize(network.parameters(), 7);
const runtime = await openRuntime();
const files = new Model({ config, parameters, runtime }).files();

const ids = [3, 1, 4, 1, 5];
const model = await loadModel(files);
const { logits, loss } = await model.forward({ inputIds: [ids], labels: [ids] });
await model.release();

export const result: unknown = {
  runtime: model.runtime.name,
  shape: logits!.shape,
  isLossOfLogits: Math.abs(meanNats(logits!.data) - loss!) < 1e-5,
};

/** Each position is scored against the id that follows it. */
function meanNats(rows: Float32Array): number {
  const losses = ids.slice(1).map((next, t) => {
    const row = [...rows.subarray(t * config.vocab_size, (t + 1) * config.vocab_size)];
    return Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[next]!;
  });
  return losses.reduce((a, b) => a + b) / losses.length;
}
