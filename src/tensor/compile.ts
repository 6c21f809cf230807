/** A program becomes the bytes of an ONNX model, which any ONNX runtime can run. */

import { ConfigError, ShapeError, toHalves } from "orrery-lm/base";
import type { Shape } from "./dimension.ts";
import { GraphWriter } from "./onnx/graph-writer.ts";
import { elementTypes, encodeOnnxModel } from "./onnx/model-proto.ts";
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
  /** What other programs can rely on, for files that are made for them. */
  exchange?: ExchangeOptions | undefined;
}

/** How a file is written that other programs are to run. */
export interface ExchangeOptions {
  /** The name of the second file of `parameters: "external"`. */
  externalFile: string;
  /** What constants are stored as; they are widened where they are used. */
  stored: "float32" | "float16";
}

/** A program as ONNX. */
export interface CompiledProgram {
  /** The model file. */
  readonly bytes: Uint8Array;
  /** The file that goes beside it, `weights.bin` by default, in parts to be written in order. */
  readonly external: readonly Uint8Array[] | undefined;
  readonly inputs: readonly Port[];
  /** Parameters that are given at each run; none unless `parameters` is `inputs`. */
  readonly parameters: readonly Port[];
  readonly outputs: readonly Port[];
  /** Names of nodes that GPUs compute only roughly: a runtime gives them to the CPU. */
  readonly roughNodes: readonly string[];
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
 * Writes the ONNX model that computes `outputs`. Whole numbers go in as int32, or, where other
 * programs are to run it, as int64, which is what they have.
 *
 * @param outputs values by the names that the runtime will return them under
 * @throws {ConfigError} if a parameter's numbers are asked for and not given, one is too large for
 *   float16, or an output has the name of an input.
 * @throws {ShapeError} if two values share a name, or numbers do not fit their parameter.
 */
export function compile(
  outputs: Readonly<Record<string, Value>>,
  options: CompileOptions = {},
): CompiledProgram {
  const { parameters = "inputs", target = "fast" } = options;
  const writer = new GraphWriter("program", target === "fast");
  const ports = portsOf(outputs);
  const external: Uint8Array[] = [];
  const write = parameterWriter(writer, options, external);
  const bound = new Map<string, string>();
  for (const value of topologicalOrder(Object.values(outputs))) {
    const isParameter = value.operation.name === "parameter";
    if (!isParameter && value.operation.name !== "input") continue;
    const { name } = value.attributes as InputAttributes | ParameterAttributes;
    const known = bound.get(name);
    const isConstant = isParameter && parameters !== "inputs";
    const bindTo =
      known ?? (isConstant ? write(value, name) : writeInput(writer, value, name, options));
    writer.bind(value, bindTo);
    bound.set(name, bindTo);
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
    roughNodes: writer.roughNodes,
  };
}

/** @returns the name under which the graph finds it */
function writeInput(
  writer: GraphWriter,
  { dtype, shape }: Value,
  name: string,
  { exchange }: CompileOptions,
): string {
  if (!exchange || dtype !== "int32") return writer.input(name, dtype, shape);
  const wide = writer.input(name, "int64", shape);
  return writer.emit("Cast", [wide], { attributes: { to: elementTypes.int32 } });
}

/** Gives what writes a parameter as a constant; what stands in a second file is put into `external`. */
function parameterWriter(
  writer: GraphWriter,
  { parameters, data = new Map(), exchange }: CompileOptions,
  external: Uint8Array[],
): (value: Value, name: string) => string {
  const { externalFile: file = EXTERNAL_FILE, stored: type = "float32" } = exchange ?? {};
  let offset = 0;
  return (value, name) => {
    const shape = value.shape as readonly number[];
    const numbers = numbersOf(name, shape, data);
    const bytes = bytesOf(type === "float16" ? halves(name, numbers) : numbers);
    const place = parameters === "external" ? { file, offset } : undefined;
    writer.initializer({ name, type, shape, bytes, external: place });
    if (place) {
      external.push(bytes);
      offset += bytes.length;
    }
    if (type === "float32") return name;
    return writer.emit("Cast", [name], { attributes: { to: elementTypes.float32 } });
  };
}

function numbersOf(
  name: string,
  shape: readonly number[],
  data: ReadonlyMap<string, Float32Array>,
): Float32Array {
  const numbers = data.get(name);
  if (!numbers) throw new ConfigError(`compile: no numbers were given for the parameter ${name}`);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (numbers.length !== size)
    throw new ShapeError(`compile: parameter ${name}`, shape, [numbers.length]);
  return numbers;
}

function halves(name: string, numbers: Float32Array): Uint16Array {
  const result = toHalves(numbers);
  const wrong = result.findIndex((half, i) => (half & 0x7fff) === 0x7c00 && isFinite(numbers[i]!));
  if (wrong < 0) return result;
  throw new ConfigError(
    `compile: parameter ${name}: expected numbers that float16 can hold, below 65520, got ${numbers[wrong]}; keep float32`,
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
