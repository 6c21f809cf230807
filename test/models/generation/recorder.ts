/** A runtime that remembers the logits that generation saw. */
import { floatData, type Runtime, type TensorData } from "orrery-lm/runtime";

/** What was computed, in order. */
export class Recorder implements Runtime {
  readonly name: Runtime["name"];
  /** [rows, vocab] for each run of a program that writes. */
  readonly logits: Float32Array[] = [];
  /** How many tokens a row had, for each of these runs. */
  readonly tokens: number[] = [];
  /** How often an encoder read. */
  encoded = 0;
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.name = runtime.name;
  }

  async open(program: Parameters<Runtime["open"]>[0]): ReturnType<Runtime["open"]> {
    const session = await this.#runtime.open(program);
    return {
      run: async (inputs, wanted) => {
        const results = await session.run(inputs, wanted);
        this.#record(inputs, results);
        return results;
      },
      release: () => session.release(),
    };
  }

  #record(
    inputs: Readonly<Record<string, TensorData>>,
    results: Readonly<Record<string, TensorData>>,
  ): void {
    if (inputs["decodedIds"]) {
      this.logits.push(floatData(results["logits"]));
      this.tokens.push(inputs["decodedIds"].shape[1]!);
    } else if (results["memory.0.key"]) this.encoded += 1;
  }
}
