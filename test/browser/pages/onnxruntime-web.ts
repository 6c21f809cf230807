import * as ort from "onnxruntime-web/wasm";

/**
 * Runs a model of one input `x` and one output `y` in onnxruntime-web's WASM build.
 * No path to the WASM file is set: onnxruntime finds it beside its own module.
 */
export async function run(input: {
  model: number[];
  x: number[];
  threads: number;
}): Promise<unknown> {
  ort.env.wasm.numThreads = input.threads;
  const session = await ort.InferenceSession.create(Uint8Array.from(input.model), {
    executionProviders: ["wasm"],
  });
  const x = new ort.Tensor("float32", Float32Array.from(input.x), [input.x.length]);
  const { y } = await session.run({ x });
  return { y: [...(y!.data as Float32Array)], isIsolated: crossOriginIsolated };
}
