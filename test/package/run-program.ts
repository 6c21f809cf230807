// What a stranger writes: this file is compiled, run and bundled outside the repository.
import { floatData, floats, openRuntime } from "orrery-lm/runtime";
import { compile, gradients, input, multiply, parameter, reduceSum } from "orrery-lm/tensor";

const w = parameter("w", [3]);
const loss = reduceSum(multiply(multiply(input("x", [3]), w), w), [0]);
const [gradient] = gradients(loss, [w]);
const runtime = await openRuntime();
const session = await runtime.open(compile({ loss, gradient: gradient! }));
const outputs = await session.run({
  x: floats(Float32Array.of(1, 2, 3), [3]),
  w: floats(Float32Array.of(1, -1, 2), [3]),
});
await session.release();

export const result: unknown = {
  runtime: runtime.name,
  loss: [...floatData(outputs["loss"])],
  gradient: [...floatData(outputs["gradient"])],
};
