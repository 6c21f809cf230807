/** Sessions over onnxruntime's JavaScript API, which is the same in Node and in browsers. */

import { ConfigError, ShapeError } from "orrery-lm/base";
import { EXTERNAL_FILE, type CompiledProgram, type Port } from "orrery-lm/tensor";
import type { Runtime, Session, TensorData } from "./runtime.ts";

/** The part of onnxruntime's API that we use. */
export interface OnnxRuntime {
  InferenceSession: {
    create(model: Uint8Array, options: Record<string, unknown>): Promise<OnnxSession>;
  };
  Tensor: new (type: string, data: TensorData["data"], shape: readonly number[]) => OnnxTensor;
  env: { wasm: { numThreads?: number } };
}

interface OnnxSession {
  run(
    feeds: Record<string, OnnxTensor>,
    fetches: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** Options of a runtime. */
export interface RuntimeOptions {
  /** Threads inside an operation. @default 0, which lets onnxruntime decide */
  threads?: number;
}

/** What runs a program's nodes. */
function providerOf(name: Runtime["name"], { roughNodes }: CompiledProgram): unknown {
  // It refuses an empty list.
  if (name === "webgpu" && roughNodes.length > 0) return { name, forceCpuNodeNames: roughNodes };
  return name === "native" ? "cpu" : name;
}

/** A runtime over an onnxruntime that has been imported. */
export function onnxRuntime(
  name: Runtime["name"],
  ort: OnnxRuntime,
  { threads = 0 }: RuntimeOptions = {},
): Runtime {
  const options = {
    // Its plan for reusing memory costs 25–40 % more of it, and is no faster.
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(name === "native" && threads > 0 && { intraOpNumThreads: threads }),
  };
  return {
    name,
    async open(program) {
      const external = program.external && [
        { path: EXTERNAL_FILE, data: joined(program.external) },
      ];
      const session = await ort.InferenceSession.create(program.bytes, {
        ...options,
        executionProviders: [providerOf(name, program)],
        ...(external && { externalData: external }),
      });
      return onnxSession(ort, session, program);
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function checkTensor(tensor: TensorData, { name, shape, dtype }: Port): void {
  if (tensor.dtype !== dtype)
    throw new ShapeError(`run: element type of ${name}`, [dtype], [tensor.dtype]);
  const fits =
    tensor.shape.length === shape.length &&
    shape.every((size, axis) => typeof size === "string" || size === tensor.shape[axis]);
  if (!fits) throw new ShapeError(`run: ${name}`, shape, tensor.shape);
  const length = tensor.shape.reduce((product, size) => product * size, 1);
  if (tensor.data.length !== length)
    throw new ShapeError(`run: numbers for ${name}`, [length], [tensor.data.length]);
}

function onnxSession(ort: OnnxRuntime, session: OnnxSession, program: CompiledProgram): Session {
  const ports = [...program.inputs, ...program.parameters];
  const names = program.outputs.map(({ name }) => name);
  return {
    async run(inputs, wanted = names) {
      const feeds = Object.fromEntries(
        ports.map(({ name, shape, dtype }) => {
          const tensor = inputs[name];
          if (!tensor)
            throw new ConfigError(
              `run: the program needs ${name} (${dtype} [${shape.join(", ")}])`,
            );
          checkTensor(tensor, { name, shape, dtype });
          return [name, new ort.Tensor(tensor.dtype, tensor.data, tensor.shape)];
        }),
      );
      const results = await session.run(feeds, wanted);
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, data, dims }]) => [
          name,
          { dtype: type, data, shape: dims } as TensorData,
        ]),
      );
    },
    release: () => session.release(),
  };
}
