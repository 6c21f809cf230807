/**
 * The contract of a part that reads each token on its own: norms and feed-forward networks. It keeps
 * shapes, no token sees another, its gradients are those of central differences, and onnxruntime
 * computes what the interpreter does.
 */
import { random } from "orrery-lm/base";
import { floats, nativeRuntime } from "orrery-lm/runtime";
import type { ParameterLookup, ParameterSpecs } from "orrery-lm/nn";
import {
  compile,
  constant,
  interpret,
  parameter,
  input,
  vectorJacobian,
  type Dimension,
  type NDArray,
  type Value,
} from "orrery-lm/tensor";
import { expect, it } from "vitest";

/** A part under the contract. */
export interface TokenPartCase {
  readonly channels: number;
  readonly parameters: ParameterSpecs;
  readonly apply: (lookup: ParameterLookup, x: Value) => Value;
}

const TOKENS = 3;

/** Declares the contract's tests for one part. */
export function tokenPartContract({ channels, parameters, apply }: TokenPartCase): void {
  const build = (batch: Dimension): { x: Value; y: Value } => {
    const x = input("x", [batch, TOKENS, channels]);
    return { x, y: apply((name) => values[name]!, x) };
  };
  const values = Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, parameter(name, shape)]),
  );
  const { y } = build("batch");
  const draw = (name: string, shape: readonly number[]): NDArray => {
    const stream = random(7, name);
    const size = shape.reduce((a, b) => a * b, 1);
    return { data: Float64Array.from({ length: size }, () => Math.fround(stream.normal())), shape };
  };
  const feedsOf = (batch: number): Record<string, NDArray> => ({
    x: draw("x", [batch, TOKENS, channels]),
    ...Object.fromEntries(
      Object.entries(parameters).map(([name, { shape }]) => [name, draw(name, shape)]),
    ),
  });
  const evaluate = (feeds: Record<string, NDArray>): NDArray => interpret({ y }, feeds).y;

  it("keeps shapes", () => {
    expect(evaluate(feedsOf(2)).shape).toEqual([2, TOKENS, channels]);
  });

  it("reads each token on its own", () => {
    const feeds = feedsOf(2);
    const whole = evaluate(feeds).data;
    const changed = feeds["x"]!.data.map((v, i) => (i < channels ? v : v + 5));
    const other = evaluate({ ...feeds, x: { ...feeds["x"]!, data: changed } }).data;
    expect(other.slice(0, channels)).toEqual(whole.slice(0, channels));
    expect(other.slice(channels)).not.toEqual(whole.slice(channels));
  });

  it("has the gradients of central differences", () => {
    const feeds = feedsOf(1);
    const upstream = draw("upstream", [1, TOKENS, channels]);
    const names = Object.keys(feeds);
    const one = build(1);
    const wanted = names.map((name) => values[name] ?? one.x);
    const found = vectorJacobian(
      one.y,
      constant(Array.from(upstream.data), upstream.shape),
      wanted,
    );
    const exact = interpret(Object.fromEntries(names.map((name, i) => [name, found[i]!])), feeds);
    const step = 1e-5;
    for (const name of names) {
      const { data, shape } = feeds[name]!;
      const at = (i: number, offset: number): number =>
        evaluate({
          ...feeds,
          [name]: { data: data.with(i, data[i]! + offset), shape },
        }).data.reduce((sum, v, j) => sum + v * upstream.data[j]!, 0);
      const numeric = Array.from(data, (_, i) => (at(i, step) - at(i, -step)) / (2 * step));
      const scale = Math.max(...numeric.map(Math.abs), 1e-3);
      numeric.forEach((want, i) => {
        expect(Math.abs(exact[name]!.data[i]! - want), `${name}[${i}]`).toBeLessThan(1e-6 * scale);
      });
    }
  });

  it("runs natively as in the interpreter", async () => {
    const runtime = await nativeRuntime({ threads: 1 });
    for (const target of ["fast", "standard"] as const) {
      const session = await runtime.open(compile({ y }, { target }));
      for (const batch of [1, 2]) {
        const feeds = feedsOf(batch);
        const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [
          name,
          floats(Float32Array.from(data), shape),
        ]);
        const result = await session.run(
          Object.fromEntries(tensors) as Parameters<typeof session.run>[0],
        );
        const want = evaluate(feeds).data;
        const limit = 3e-6 * Math.max(...Array.from(want, Math.abs), 1);
        want.forEach((v, i) => {
          expect(Math.abs(Number(result["y"]!.data[i]) - v), `${target} ${i}`).toBeLessThan(limit);
        });
      }
      await session.release();
    }
  });
}
