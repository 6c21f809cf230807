/**
 * The contract of an operation: the float64 interpreter and onnxruntime agree, natively and in
 * WASM, under both targets, at every size through one open session; and its gradient is that of
 * central differences.
 */
import { random } from "orrery-lm/base";
import { nativeRuntime, wasmRuntime, type Runtime, type TensorData } from "orrery-lm/runtime";
import {
  compile,
  input,
  interpret,
  resolveDimension,
  vectorJacobian,
  type Bindings,
  type Dtype,
  type NDArray,
  type Shape,
  type Value,
} from "orrery-lm/tensor";
import type * as tensor from "orrery-lm/tensor";
import { beforeAll, describe, expect, it } from "vitest";

/** An input of a case, with the numbers that it is fed. */
export interface CaseInput {
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** The element at `index` of `count`; `draw` gives a normal number. */
  readonly fill: (draw: () => number, index: number, count: number) => number;
  /** Whether a gradient is checked. */
  readonly isDifferentiable: boolean;
}

/** One use of an operation. */
export interface OperationCase {
  /** The exported function that the case is about. */
  readonly of: keyof typeof tensor;
  readonly name: string;
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly build: (inputs: Readonly<Record<string, Value>>) => Value;
  /** What the symbols stand for, in each run of the one session. */
  readonly sizes?: readonly Bindings[];
  /** Relative to the largest element of the result. @default 2e-6 */
  readonly tolerance?: number;
}

/** A float input of normal numbers, or of what `fill` makes of them. */
export function floatInput(shape: Shape, fill: CaseInput["fill"] = (draw) => draw()): CaseInput {
  return { shape, dtype: "float32", fill, isDifferentiable: true };
}

/** A float input whose gradient the operation does not promise. */
export function fixedInput(shape: Shape, fill?: CaseInput["fill"]): CaseInput {
  return { ...floatInput(shape, fill), isDifferentiable: false };
}

/** An int32 input that repeats `values`. */
export function intInput(shape: Shape, values: readonly number[]): CaseInput {
  const fill = (_: unknown, index: number): number => values[index % values.length]!;
  return { shape, dtype: "int32", fill, isDifferentiable: false };
}

/** A boolean input that repeats `values`. */
export function boolInput(shape: Shape, values: readonly (0 | 1)[]): CaseInput {
  return { ...intInput(shape, values), dtype: "bool" };
}

/** Numbers in [1, ∞), for what needs positive ones. */
export const positive: CaseInput["fill"] = (draw) => 1 + Math.abs(draw());

/** A case as a program: the result as `y`, and its gradients as `d_<input>`. */
export interface CaseProgram {
  readonly outputs: Record<string, Value>;
  readonly upstream: Value;
}

/** Builds a case with its gradients. */
export function programOf(operation: OperationCase): CaseProgram {
  const { inputs, build } = operation;
  const values: Record<string, Value> = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => [name, input(name, shape, dtype)]),
  );
  const y = build(values);
  const upstream = input("upstream", y.shape);
  const wanted = differentiable(operation);
  const gradients = vectorJacobian(
    y,
    upstream,
    wanted.map((name) => values[name]!),
  );
  const named = wanted.map((name, i) => [`d_${name}`, gradients[i]!] as const);
  return { outputs: { y, ...Object.fromEntries(named) }, upstream };
}

function differentiable({ inputs }: OperationCase): string[] {
  return Object.keys(inputs).filter((name) => inputs[name]!.isDifferentiable);
}

/** The arrays of a case at one size, by name; numbers are exact in float32. */
export function feedsOf(
  operation: OperationCase,
  { upstream }: CaseProgram,
  bindings: Bindings,
): Record<string, NDArray> {
  const all = { ...operation.inputs, upstream: floatInput(upstream.shape) };
  return Object.fromEntries(
    Object.entries(all).map(([name, { shape, fill }]) => {
      const sizes = shape.map((dimension) => resolveDimension(dimension, bindings));
      const length = sizes.reduce((product, size) => product * size, 1);
      const stream = random(0, operation.of, operation.name, name);
      const draw = (): number => stream.normal();
      const data = Float64Array.from({ length }, (_, i) => Math.fround(fill(draw, i, length)));
      return [name, { data, shape: sizes }];
    }),
  );
}

/** An array as a runtime takes it. */
export function tensorOf({ data, shape }: NDArray, dtype: Dtype): TensorData {
  if (dtype === "float32") return { dtype, data: Float32Array.from(data), shape };
  if (dtype === "int32") return { dtype, data: Int32Array.from(data), shape };
  return { dtype, data: Uint8Array.from(data), shape };
}

/** Tests every case; runtimes are opened once. */
export function describeOperations(kind: string, cases: readonly OperationCase[]): void {
  describe(kind, () => {
    const runtimes: Runtime[] = [];
    beforeAll(async () => {
      runtimes.push(await nativeRuntime({ threads: 2 }), await wasmRuntime());
    });
    const rows = cases.map((operation) => ({
      title: `${operation.of}: ${operation.name}`,
      operation,
    }));

    it.each(rows)("$title, on every runtime", async ({ operation }) => {
      const program = programOf(operation);
      for (const target of ["fast", "standard"] as const) {
        const compiled = compile(program.outputs, { target });
        for (const runtime of runtimes) {
          const session = await runtime.open(compiled);
          for (const bindings of operation.sizes ?? [{}]) {
            const where = `${runtime.name}, ${target}, ${JSON.stringify(bindings)}`;
            const feeds = feedsOf(operation, program, bindings);
            const results = await session.run(
              Object.fromEntries(
                compiled.inputs.map(({ name, dtype }) => [name, tensorOf(feeds[name]!, dtype)]),
              ),
            );
            compareAll(where, results, interpret(program.outputs, feeds), operation);
          }
          await session.release();
        }
      }
    });

    const smooth = rows.filter(({ operation }) => differentiable(operation).length > 0);
    it.each(smooth)("$title, gradient against central differences", ({ operation }) => {
      const program = programOf(operation);
      for (const bindings of operation.sizes ?? [{}]) {
        const feeds = feedsOf(operation, program, bindings);
        const exact = interpret(program.outputs, feeds);
        for (const name of differentiable(operation)) {
          const numeric = centralDifferences(program, feeds, name);
          const error = distance(exact[`d_${name}`]!.data, numeric);
          expect(error, `${name} at ${JSON.stringify(bindings)}`).toBeLessThanOrEqual(
            1e-6 * Math.max(norm(numeric), 1e-3),
          );
        }
      }
    });
  });
}

function compareAll(
  where: string,
  results: Readonly<Record<string, TensorData>>,
  expected: Readonly<Record<string, NDArray>>,
  { tolerance = 2e-6 }: OperationCase,
): void {
  expect(Object.keys(results).sort(), where).toEqual(Object.keys(expected).sort());
  for (const [name, { data, shape }] of Object.entries(expected)) {
    const actual = results[name]!;
    expect(actual.shape, `${name}: shape, ${where}`).toEqual(shape);
    const limit = actual.dtype === "float32" ? tolerance * largest(data) : 0;
    const worst = Float64Array.from(actual.data, (value, i) => Math.abs(value - data[i]!));
    // Written so that NaN fails.
    expect(
      worst.every((error) => error <= limit),
      `${name}: ${largest(worst)} above ${limit}, ${where}`,
    ).toBe(true);
  }
}

/** `Σ y·upstream` differentiated by each element of an input, in float64. */
function centralDifferences(
  { outputs: { y } }: CaseProgram,
  feeds: Readonly<Record<string, NDArray>>,
  name: string,
): Float64Array {
  const upstream = feeds["upstream"]!.data;
  const step = 1e-5;
  const at = (index: number, offset: number): number => {
    const { data, shape } = feeds[name]!;
    const moved = { data: data.with(index, data[index]! + offset), shape };
    const result = interpret({ y: y! }, { ...feeds, [name]: moved }).y.data;
    return result.reduce((sum, value, i) => sum + value * upstream[i]!, 0);
  };
  return feeds[name]!.data.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

function distance(a: Float64Array, b: Float64Array): number {
  return norm(a.map((value, i) => value - b[i]!));
}
