import { ConfigError, ShapeError } from "orrery-lm/base";
import {
  floatData,
  floats,
  integers,
  nativeRuntime,
  openRuntime,
  wasmRuntime,
  type Runtime,
  type TensorData,
} from "orrery-lm/runtime";
import type * as runtimeArea from "orrery-lm/runtime";
import { add, compile, input, multiply, scalar } from "orrery-lm/tensor";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

const x = input("x", ["rows", 2]);
const program = compile({ double: add(x, x), triple: multiply(x, scalar(3)) });
const feed = { x: floats(Float32Array.of(1, 2, 3, 4), [2, 2]) };

describe.each([
  ["native", (): Promise<Runtime> => nativeRuntime({ threads: 2 })],
  ["wasm", (): Promise<Runtime> => wasmRuntime()],
])("the %s runtime", (name, open) => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await open();
  });

  it("says which it is", () => {
    expect(runtime.name).toBe(name);
  });

  it("runs a program and leaves its inputs as they were", async () => {
    const session = await runtime.open(program);
    const { double, triple } = await session.run(feed);
    expect(floatData(double)).toEqual(Float32Array.of(2, 4, 6, 8));
    expect(triple).toMatchObject({ dtype: "float32", shape: [2, 2] });
    expect(feed.x.data).toEqual(Float32Array.of(1, 2, 3, 4));
    await session.release();
  });

  it("takes another size through the same session", async () => {
    const session = await runtime.open(program);
    await session.run(feed);
    const { double } = await session.run({ x: floats(Float32Array.of(5, 6), [1, 2]) });
    expect(floatData(double)).toEqual(Float32Array.of(10, 12));
  });

  it("computes what is wanted only", async () => {
    const session = await runtime.open(program);
    expect(Object.keys(await session.run(feed, ["triple"]))).toEqual(["triple"]);
  });

  it("gives results that may be inputs of the next run", async () => {
    const session = await runtime.open(program);
    const { double } = await session.run(feed);
    expect(floatData((await session.run({ x: double! }))["double"])).toEqual(
      Float32Array.of(4, 8, 12, 16),
    );
  });

  it("names an input that is missing", async () => {
    const session = await runtime.open(program);
    await expect(session.run({})).rejects.toThrow("run: the program needs x (float32 [rows, 2])");
    await expect(session.run({})).rejects.toThrow(ConfigError);
  });

  it.each<[string, TensorData, string]>([
    ["shape", floats(new Float32Array(6), [2, 3]), "run: x: expected shape [rows, 2], got [2, 3]"],
    ["rank", floats(new Float32Array(2), [2]), "run: x: expected shape [rows, 2], got [2]"],
    ["element type", integers(new Int32Array(2), [1, 2]), "expected shape [float32], got [int32]"],
    [
      "count",
      floats(new Float32Array(3), [1, 2]),
      "run: numbers for x: expected shape [2], got [3]",
    ],
  ])("refuses an input of another %s", async (_, x, message) => {
    const session = await runtime.open(program);
    await expect(session.run({ x })).rejects.toThrow(message);
    await expect(session.run({ x })).rejects.toThrow(ShapeError);
  });

  it("does not run after its release", async () => {
    const session = await runtime.open(program);
    await session.release();
    await expect(session.run(feed)).rejects.toThrow();
  });
});

describe("openRuntime", () => {
  afterEach(() => {
    vi.doUnmock("#onnxruntime");
    vi.resetModules();
  });

  /** The runtime area with other builds behind it. */
  async function withBuilds(builds: Record<string, unknown>): Promise<typeof runtimeArea> {
    vi.resetModules();
    const real = await vi.importActual<Record<string, unknown>>("#onnxruntime");
    vi.doMock("#onnxruntime", () => ({ ...real, ...builds }));
    return import("orrery-lm/runtime");
  }
  const fails = (message: string) => (): Promise<never> => Promise.reject(new Error(message));

  it("prefers the native build, and says nothing", async () => {
    const notices: string[] = [];
    const runtime = await openRuntime({ onNotice: (line) => notices.push(line) });
    expect(runtime.name).toBe("native");
    expect(notices).toEqual([]);
  });

  it("falls back to WASM with one line of notice", async () => {
    const { openRuntime: open } = await withBuilds({
      importNative: fails("no binding for this platform"),
    });
    const notices: string[] = [];
    const runtime = await open({ onNotice: (line) => notices.push(line) });
    expect(runtime.name).toBe("wasm");
    expect(notices).toEqual([
      "runtime: onnxruntime-node does not load here (no binding for this platform); using the WASM build, which is slower",
    ]);
  });

  it("has the exact command where there is neither", async () => {
    const { openRuntime: open } = await withBuilds({
      importNative: fails("Cannot find package 'onnxruntime-node'"),
      importWasm: fails("Cannot find package 'onnxruntime-web'"),
    });
    await expect(open()).rejects.toThrow(
      "ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node@1.30.0",
    );
  });

  it("does not look for a native build where none can be", async () => {
    const { openRuntime: open } = await withBuilds({
      canBeNative: false,
      importNative: fails("was asked for"),
    });
    expect((await open({ onNotice: (line) => expect.unreachable(line) })).name).toBe("wasm");
  });
});
