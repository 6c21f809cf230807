import { nativeRuntime, floatData, floats, type TensorData } from "orrery-lm/runtime";
import {
  attention,
  captureValues,
  compile,
  gradients,
  input,
  interpret,
  multiply,
  named,
  reduceSum,
  scalar,
  topologicalOrder,
  type Value,
} from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";

const shape = [1, 2, 1, 5, 4];
const feed = (k: number): TensorData =>
  floats(
    Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * k + k)),
    shape,
  );
const feeds = { q: feed(1), k: feed(2), v: feed(3) };

function program(): Value {
  const [queries, keys, values] = ["q", "k", "v"].map((name) => input(name, shape));
  const y = attention({
    queries: queries!,
    keys: keys!,
    values: values!,
    scale: 0.5,
    isCausal: true,
    name: "layers.0.attention",
  });
  return named(multiply(y, scalar(2)), "layers.0.output");
}

async function run(outputs: Record<string, Value>): Promise<Record<string, TensorData>> {
  const session = await (await nativeRuntime({ threads: 1 })).open(compile(outputs));
  const results = await session.run(feeds);
  await session.release();
  return results;
}

describe("captureValues", () => {
  it("opens a composite and gives what is inside", async () => {
    const { outputs, captured } = captureValues({ y: program() }, [
      "layers.*.attention.probabilities",
    ]);
    expect(Object.keys(captured)).toEqual(["layers.0.attention.probabilities"]);
    const inside = { probabilities: captured["layers.0.attention.probabilities"]! };
    const results = await run({ ...outputs, ...inside });
    const expected = interpret(inside, feeds).probabilities;
    const probabilities = floatData(results["probabilities"]);
    expected.data.forEach((value, i) => expect(probabilities[i]).toBeCloseTo(value, 6));
    for (let row = 0; row < 10; row++) {
      const weights = probabilities.subarray(row * 5, row * 5 + 5);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
      expect(Math.max(0, ...weights.subarray((row % 5) + 1))).toBe(0); // what comes later is not seen
    }
  });

  it("does not change the outputs", async () => {
    const plain = floatData((await run({ y: program() }))["y"]);
    const { outputs, captured } = captureValues({ y: program() }, [
      "*.*.attention.scores",
      "layers.0.output",
    ]);
    const results = await run({ ...outputs, ...captured });
    floatData(results["y"]).forEach((value, i) =>
      expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-6),
    );
    expect(Object.keys(results)).toEqual(["y", "layers.0.attention.scores", "layers.0.output"]);
  });

  it("leaves composites closed that hide nothing of it, those after it among them", () => {
    const chunkMaps = (value: Value): number =>
      topologicalOrder([value]).filter(({ operation }) => operation.name === "chunkMap").length;
    const first = program();
    const second = attention({
      queries: first,
      keys: first,
      values: first,
      scale: 1,
      isCausal: true,
      name: "layers.1.attention",
    });
    expect(chunkMaps(second)).toBe(2);
    const { outputs } = captureValues({ y: second }, ["layers.0.attention.scores"]);
    expect(chunkMaps(outputs.y)).toBe(1);
  });

  it("gives gradients of what it captured", () => {
    const loss = reduceSum(program(), [0, 1, 2, 3, 4]);
    const { outputs, captured } = captureValues({ loss }, [
      "layers.0.output",
      "layers.0.attention.scores",
    ]);
    const [ofOutput, ofScores] = gradients(outputs.loss, [
      captured["layers.0.output"]!,
      captured["layers.0.attention.scores"]!,
    ]);
    const got = interpret({ ofOutput: ofOutput!, ofScores: ofScores! }, feeds);
    expect([...got.ofOutput.data]).toEqual(Array.from({ length: 40 }, () => 1));
    expect(got.ofScores.data.some((value) => Math.abs(value) > 0.01)).toBe(true);
    // Softmax does not feel a constant: each row's gradient sums to zero.
    for (let row = 0; row < 10; row++) {
      expect(
        got.ofScores.data.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b, 0),
      ).toBeCloseTo(0, 12);
    }
  });

  it("names what there is when a pattern matches nothing", () => {
    expect(() => captureValues({ y: program() }, ["layers.0.ffn"])).toThrow(
      /nothing is named layers\.0\.ffn; names are .*layers\.0\.attention\.probabilities/,
    );
  });
});
