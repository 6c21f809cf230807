import { floatData, floats, integers, nativeRuntime } from "orrery-lm/runtime";
import {
  addRows,
  attention,
  compile,
  gather,
  gradients,
  input,
  linearCrossEntropy,
  maskedSoftmax,
  matmul,
  meanLoss,
  multiply,
  parameter,
  reduceSum,
} from "orrery-lm/tensor";
import { describe, expect, it } from "vitest";
import { programOf } from "../contracts/operation.ts";
import { readNodes } from "./onnx-reader.ts";
import { operationCases } from "./operation-cases.ts";

const cases = Object.values(operationCases).flat();

describe("what no program of ours may have", () => {
  const fast = cases.flatMap((one) => readNodes(compile(programOf(one).outputs).bytes));
  const standard = cases.flatMap((one) =>
    readNodes(compile(programOf(one).outputs, { target: "standard" }).bytes),
  );

  it("ScatterND: with duplicate indices its sums race on the CPU", () => {
    expect(fast.filter(({ operator }) => operator === "ScatterND")).toEqual([]);
    expect(fast.some(({ operator }) => operator === "ScatterElements")).toBe(true);
  });

  it("a second output of a norm: WebGPU does not deliver it", () => {
    const norms = fast.filter(({ operator }) => operator.includes("LayerNormalization"));
    expect(norms.length).toBeGreaterThan(0);
    expect(norms.filter(({ outputs }) => outputs !== 1)).toEqual([]);
  });

  it("random operators: they hide state", () => {
    expect(
      fast.filter(({ operator }) => /Random|Bernoulli|Multinomial|Dropout/.test(operator)),
    ).toEqual([]);
  });

  it.each(["FusedMatMul", "QuickGelu", "RotaryEmbedding", "SimplifiedLayerNormalization"])(
    "a fast target without onnxruntime's own %s, where the cases allow it",
    (operator) => {
      expect(fast.map((node) => node.operator)).toContain(operator);
    },
  );

  it("onnxruntime's own operators, where the standard ones were asked for", () => {
    expect(fast.some(({ domain }) => domain === "com.microsoft")).toBe(true);
    expect(standard.filter(({ domain }) => domain !== "")).toEqual([]);
    expect(standard.filter(({ operator }) => operator.startsWith("Simplified"))).toEqual([]);
  });
});

describe("on several threads", () => {
  it("adds rows with many equal ids exactly, every time", async () => {
    const [rows, count, width] = [7, 4096, 64];
    const program = compile({
      y: addRows(rows, input("ids", [count], "int32"), input("x", [count, width])),
    });
    const session = await (await nativeRuntime({ threads: 2 })).open(program);
    const ids = Int32Array.from({ length: count }, (_, i) => (i * i) % rows);
    const x = Float32Array.from({ length: count * width }, (_, i) => (i % 17) - 8); // sums are exact
    const expected = new Float32Array(rows * width);
    x.forEach((value, i) => {
      expected[ids[Math.floor(i / width)]! * width + (i % width)]! += value;
    });
    for (let run = 0; run < 20; run++) {
      // oxlint-disable-next-line no-await-in-loop
      const { y } = await session.run({
        ids: integers(ids, [count]),
        x: floats(x, [count, width]),
      });
      expect(floatData(y)).toEqual(expected);
    }
  });
});

describe("a row with nothing to see", () => {
  it("gives zeros and zero gradients, and no NaN", async () => {
    const [x, mask] = [input("x", [2, 3]), input("mask", [2, 3], "bool")];
    const y = maskedSoftmax(x, mask);
    const [dx] = gradients(reduceSum(multiply(y, input("w", [2, 3])), [0, 1]), [x]);
    const session = await (await nativeRuntime()).open(compile({ y, dx: dx! }));
    const results = await session.run({
      x: floats(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
      w: floats(Float32Array.of(1, -1, 2, 1, 1, -3), [2, 3]),
      mask: { dtype: "bool", data: Uint8Array.of(1, 0, 1, 0, 0, 0), shape: [2, 3] },
    });
    expect([...floatData(results["y"]).subarray(3)]).toEqual([0, 0, 0]);
    expect([...floatData(results["dx"]).subarray(3)]).toEqual(
      [0, 0, 0].map(() => expect.closeTo(0, 30) as number),
    );
    expect(floatData(results["dx"])[1]).toBeCloseTo(0, 30);
  });
});

describe("a weight that is used twice", () => {
  it("has one gradient from both uses, though one use is an input of the other's composite", async () => {
    // A tied table: rows are read from it, and scored against it inside `linearCrossEntropy`.
    const table = parameter("table", [4, 2]);
    const labels = input("labels", [3], "int32");
    const loss = meanLoss(
      linearCrossEntropy(gather(table, input("ids", [3], "int32")), table, labels),
      labels,
    );
    const [gradient] = gradients(loss, [table]);
    const session = await (await nativeRuntime()).open(compile({ loss, gradient: gradient! }));
    const data = Float32Array.of(0.5, -1, 0.25, 2, 1, 0.75, -0.5, 0.1);
    const run = async (
      numbers: Float32Array,
    ): Promise<{ loss: number; gradient: Float32Array }> => {
      const results = await session.run({
        table: floats(numbers, [4, 2]),
        ids: integers(Int32Array.of(0, 3, 0), [3]),
        labels: integers(Int32Array.of(2, 1, -100), [3]),
      });
      return { loss: floatData(results["loss"])[0]!, gradient: floatData(results["gradient"]) };
    };
    const { gradient: exact } = await run(data);
    for (let i = 0; i < data.length; i++) {
      const at = (offset: number): Promise<{ loss: number }> =>
        run(data.with(i, data[i]! + offset));
      // oxlint-disable-next-line no-await-in-loop
      const slope = ((await at(1e-2)).loss - (await at(-1e-2)).loss) / 2e-2;
      expect(exact[i]).toBeCloseTo(slope, 3);
    }
  });
});

describe("what does not fit", () => {
  const x = (shape: (number | string)[]): ReturnType<typeof input> => input("x", shape);
  it.each<[string, () => unknown, string]>([
    ["inner sizes of a product", () => matmul(x([2, 3]), x([4, 5])), "matmul: [2, 3] by b"],
    [
      "element types",
      () => multiply(x([2]), input("i", [2], "int32")),
      "operands of one element type",
    ],
    ["shapes that do not broadcast", () => multiply(x([2, 3]), x([4])), "shapes that broadcast"],
    ["a loss that is no scalar", () => gradients(x([2]), []), "a scalar loss"],
    [
      "more queries than keys",
      () =>
        attention({
          queries: x([1, 1, 1, 5, 4]),
          keys: x([1, 1, 1, 2, 4]),
          values: x([1, 1, 1, 2, 4]),
          scale: 1,
          isCausal: true,
          name: "a",
        }),
      "expected shape [5 or more], got [2]",
    ],
    [
      "two values of one name",
      () => compile({ y: multiply(x([2]), input("x", [1])) }),
      "two values are named x",
    ],
    [
      "a parameter without numbers",
      () => compile({ y: parameter("p", [2]) }, { parameters: "initializers" }),
      "no numbers were given for the parameter p",
    ],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe("compile", () => {
  it("gives equal results wherever the parameters are", async () => {
    const y = matmul(input("x", ["rows", 3]), parameter("w", [3, 2]));
    const data = new Map([["w", Float32Array.of(1, 2, 3, 4, 5, 6)]]);
    const runtime = await nativeRuntime();
    const results: number[][] = [];
    for (const parameters of ["inputs", "initializers", "external"] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const session = await runtime.open(compile({ y }, { parameters, data }));
      const w = parameters === "inputs" ? { w: floats(data.get("w")!, [3, 2]) } : {};
      // oxlint-disable-next-line no-await-in-loop
      const found = await session.run({ x: floats(Float32Array.of(1, 0, 2), [1, 3]), ...w });
      results.push([...floatData(found["y"])]);
    }
    expect(results).toEqual([
      [11, 14],
      [11, 14],
      [11, 14],
    ]);
  });
});
