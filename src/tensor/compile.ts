/** A program becomes the bytes of an ONNX model, which any ONNX runtime can run. */

import { ConfigError, ShapeError } from "orrery-lm/base";
import type { Shape } from "./dimension.ts";
import { GraphWriter } from "./onnx/graph-writer.ts";
import { encodeOnnxModel } from "./onnx/model-proto.ts";
import type { InputAttributes } from "./ops/input.ts";
import type { ParameterAttributes } from "./ops/parameter.ts";
import { topologicalOrder, type Dtype, type Value } from "./value.ts";

/** Name, shape and element type of something that goes in or comes out. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Where parameters live: `inputs` of each run (training, or buffers on a GPU); `initializers`,
   * constants inside the file (inference, up to 1.5 GB); `external`, constants in a second file.
   * @default "inputs"
   */
  parameters?: "inputs" | "initializers" | "external";
  /** The parameters' numbers, for `initializers` and `external`. */
  data?: ReadonlyMap<string, Float32Array>;
  /** Whether onnxruntime's own operators may be used; else ONNX operators only. @default "fast" */
  target?: "fast" | "standard";
}

/** A program as ONNX. */
export interface CompiledProgram {
  /** The model file. */
  readonly bytes: Uint8Array;
  /** The file `weights.bin` that goes beside it, in parts to be written in order. */
  readonly external: readonly Uint8Array[] | undefined;
  readonly inputs: readonly Port[];
  /** Parameters that are given at each run; none unless `parameters` is `inputs`. */
  readonly parameters: readonly Port[];
  readonly outputs: readonly Port[];
}

/** The name of the second file of `parameters: "external"`. */
export const EXTERNAL_FILE = "weights.bin";

/** Every input and parameter that the outputs need, in order of use. */
export function portsOf(outputs: Readonly<Record<string, Value>>): {
  inputs: Port[];
  parameters: Port[];
} {
  const inputs = new Map<string, Port>();
  const parameters = new Map<string, Port>();
  for (const { operation, attributes, shape, dtype } of topologicalOrder(Object.values(outputs))) {
    if (operation.name !== "input" && operation.name !== "parameter") continue;
    const { name } = attributes as InputAttributes | ParameterAttributes;
    const ports = operation.name === "input" ? inputs : parameters;
    const twin = inputs.get(name) ?? parameters.get(name);
    if (twin && (twin.shape.join() !== shape.join() || twin.dtype !== dtype || !ports.has(name))) {
      throw new ShapeError(`compile: two values are named ${name}`, twin.shape, shape);
    }
    ports.set(name, { name, shape, dtype });
  }
  return { inputs: [...inputs.values()], parameters: [...parameters.values()] };
}

/**
 * Writes the ONNX model that computes `outputs`.
 *
 * @param outputs values by the names that the runtime will return them under
 * @throws {ConfigError} if a parameter's numbers are asked for and not given, or an output has the
 *   name of an input.
 * @throws {ShapeError} if two values share a name, or numbers do not fit their parameter.
 */
export function compile(
  outputs: Readonly<Record<string, Value>>,
  { parameters = "inputs", data = new Map(), target = "fast" }: CompileOptions = {},
): CompiledProgram {
  const writer = new GraphWriter("program", target === "fast");
  const ports = portsOf(outputs);
  const external: Uint8Array[] = [];
  let offset = 0;
  const bound = new Set<string>();
  for (const value of topologicalOrder(Object.values(outputs))) {
    const isParameter = value.operation.name === "parameter";
    if (!isParameter && value.operation.name !== "input") continue;
    const { name } = value.attributes as InputAttributes | ParameterAttributes;
    writer.bind(value, name);
    if (bound.has(name)) continue;
    bound.add(name);
    if (!isParameter || parameters === "inputs") {
      writer.input(name, value.dtype, value.shape);
      continue;
    }
    const shape = value.shape as readonly number[];
    const bytes = parameterBytes(name, shape, data);
    const place = parameters === "external" ? { file: EXTERNAL_FILE, offset } : undefined;
    writer.initializer({ name, type: "float32", shape, bytes, external: place });
    if (place) {
      external.push(bytes);
      offset += bytes.length;
    }
  }
  for (const [name, value] of Object.entries(outputs)) {
    if (bound.has(name)) {
      throw new ConfigError(
        `compile: an input and an output are both named ${name}; call the output something else`,
      );
    }
    writer.rename(writer.of(value), name);
    writer.output(name, value.dtype, value.shape);
  }
  return {
    bytes: encodeOnnxModel(writer.graph(), writer.usesExtensions),
    external: parameters === "external" ? external : undefined,
    inputs: ports.inputs,
    parameters: parameters === "inputs" ? ports.parameters : [],
    outputs: Object.entries(outputs).map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
  };
}

function parameterBytes(
  name: string,
  shape: readonly number[],
  data: ReadonlyMap<string, Float32Array>,
): Uint8Array {
  const numbers = data.get(name);
  if (!numbers) throw new ConfigError(`compile: no numbers were given for the parameter ${name}`);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (numbers.length !== size)
    throw new ShapeError(`compile: parameter ${name}`, shape, [numbers.length]);
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
