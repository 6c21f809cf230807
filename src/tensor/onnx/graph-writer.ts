/** Builds an ONNX graph from values: the implementation of `Lowering`. */

import { ConfigError } from "orrery-lm/base";
import { soleSymbols, termsOf, type Dimension, type Shape } from "../dimension.ts";
import type { Value } from "../value.ts";
import type { ConstantType, EmitOptions, InnerLowering } from "./lowering.ts";
import {
  nodeName,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValueInfo,
} from "./model-proto.ts";

/** A GPU may be wrong by 2⁻¹¹ in these, and by more far from 0. @see https://www.w3.org/TR/WGSL/#floating-point-accuracy */
const ROUGH_ON_GPUS: ReadonlySet<string> = new Set(["Sin", "Cos"]);

const arrays = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const;

/** The bytes of `values` as ONNX stores them: little-endian, as every platform we run on is. */
function toBytes(type: ConstantType, values: ArrayLike<number>): Uint8Array {
  const typed =
    type === "int64"
      ? BigInt64Array.from(Array.from(values, BigInt))
      : values instanceof arrays[type]
        ? values
        : arrays[type].from(values);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

/** What all graphs of one model share. */
interface Shared {
  constants: OnnxTensor[];
  constantNames: Map<string, string>;
  counter: { next: number };
  extensions: { used: boolean };
  roughNodes: string[];
}

/** One graph under construction; `inner` makes the graph of a loop's body. */
export class GraphWriter implements InnerLowering {
  readonly fast: boolean;
  readonly #name: string;
  readonly #parent: GraphWriter | undefined;
  readonly #shared: Shared;
  readonly #nodes: OnnxNode[] = [];
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  readonly #names = new Map<Value, string>();
  readonly #emitted = new Map<string, string>();
  /** Names that the bodies of loops refer to, which must therefore keep them. */
  readonly #seenByLoops = new Set<string>();
  readonly #symbols = new Map<string, { name: string; axis: number; rest: Dimension }>();

  constructor(name: string, fast: boolean, parent?: GraphWriter) {
    this.#name = name;
    this.fast = fast;
    this.#parent = parent;
    this.#shared = parent
      ? parent.#shared
      : {
          constants: [],
          constantNames: new Map(),
          counter: { next: 0 },
          extensions: { used: false },
          roughNodes: [],
        };
  }

  of(value: Value): string {
    const known = this.#find(value);
    if (known !== undefined) return known;
    // Depth first without recursion: a deep model is a long chain.
    const stack = [{ value, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const input = top.value.inputs[top.next++];
      if (input === undefined) {
        stack.pop();
        if (this.#find(top.value) === undefined) this.#names.set(top.value, this.#lower(top.value));
      } else if (this.#find(input) === undefined) {
        stack.push({ value: input, next: 0 });
      }
    }
    return this.#names.get(value)!;
  }

  emit(operator: string, inputs: readonly string[], options: EmitOptions = {}): string {
    const { attributes = {}, domain = "", output: wanted = 0 } = options;
    const key = JSON.stringify([operator, domain, inputs, attributes, wanted]);
    const known = this.#emitted.get(key);
    if (known !== undefined) return known;
    if (domain !== "") this.#shared.extensions.used = true;
    const outputs = Array.from({ length: wanted + 1 }, () => this.#fresh(operator));
    this.#nodes.push({ operator, domain, inputs, outputs, attributes });
    this.#emitted.set(key, outputs[wanted]!);
    if (ROUGH_ON_GPUS.has(operator)) this.#shared.roughNodes.push(nodeName({ operator, outputs }));
    return outputs[wanted]!;
  }

  constant(type: ConstantType, values: ArrayLike<number>, shape: readonly number[]): string {
    const small = values.length <= 64;
    const key = small
      ? `${type} ${shape.join()} ${Array.from(values, (v) => (Object.is(v, -0) ? "-0" : v)).join()}`
      : "";
    const known = this.#shared.constantNames.get(key);
    if (small && known !== undefined) return known;
    const name = this.#fresh("constant");
    this.#shared.constants.push({ name, type, shape, bytes: toBytes(type, values) });
    if (small) this.#shared.constantNames.set(key, name);
    return name;
  }

  /** Puts a tensor with a given name among the constants. */
  initializer(tensor: OnnxTensor): void {
    this.#shared.constants.push(tensor);
  }

  float(value: number): string {
    return this.constant("float32", [value], []);
  }

  int64s(values: readonly number[]): string {
    return this.constant("int64", values, [values.length]);
  }

  dimension(dimension: Dimension): string {
    if (typeof dimension === "number") return this.int64s([dimension]);
    let sum: string | undefined;
    for (const { coefficient, symbols } of termsOf(dimension)) {
      let product: string | undefined;
      for (const symbol of symbols) {
        const size = this.#symbol(symbol);
        product = product === undefined ? size : this.emit("Mul", [product, size]);
      }
      if (product === undefined) product = this.int64s([coefficient]);
      else if (coefficient !== 1) product = this.emit("Mul", [product, this.int64s([coefficient])]);
      sum = sum === undefined ? product : this.emit("Add", [sum, product]);
    }
    return sum!;
  }

  dimensions(shape: Shape): string {
    if (shape.every((dimension) => typeof dimension === "number")) return this.int64s(shape);
    return this.emit(
      "Concat",
      shape.map((dimension) => this.dimension(dimension)),
      {
        attributes: { axis: 0 },
      },
    );
  }

  reshape(input: string, from: Shape, to: Shape): string {
    const open = to.filter(
      (dimension, i) => typeof dimension === "string" && from[i] !== dimension,
    );
    // 0 copies the input's size at that place and -1 is what remains; both need no run-time shape.
    if (open.length <= 1 && !to.includes(0) && !from.includes(0)) {
      const sizes = to.map((dimension, i) =>
        typeof dimension === "number" ? dimension : from[i] === dimension ? 0 : -1,
      );
      return this.emit("Reshape", [input, this.int64s(sizes)]);
    }
    return this.emit("Reshape", [input, this.dimensions(to)], { attributes: { allowzero: 1 } });
  }

  inner(name: string): InnerLowering {
    return new GraphWriter(name, this.fast, this);
  }

  loop(tripCount: string, carried: readonly string[], body: InnerLowering): readonly string[] {
    const graph = (body as GraphWriter).graph();
    for (const { inputs } of graph.nodes) for (const name of inputs) this.#seenByLoops.add(name);
    const outputs = graph.outputs.slice(1).map(() => this.#fresh("Loop"));
    this.#nodes.push({
      operator: "Loop",
      domain: "",
      inputs: [tripCount, "", ...carried],
      outputs,
      attributes: { body: { graph } },
    });
    return outputs;
  }

  input(name: string, type: OnnxType, shape: Shape | undefined): string {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  output(name: string, type: OnnxType, shape: Shape | undefined): void {
    this.#outputs.push({ name, type, shape });
  }

  bind(value: Value, name: string): void {
    this.#names.set(value, name);
    value.shape.forEach((dimension, axis) => {
      for (const { symbol, rest } of soleSymbols(dimension)) {
        const known = this.#symbols.get(symbol);
        // A dimension that is the symbol itself needs no subtraction.
        if (!known || (known.rest !== 0 && rest === 0))
          this.#symbols.set(symbol, { name, axis, rest });
      }
    });
  }

  /** Gives the value called `from` the name `to`, without a copy where that is possible. */
  rename(from: string, to: string): void {
    const producer = this.#nodes.findIndex((node) => node.outputs.includes(from));
    const isTaken = this.#outputs.some(({ name }) => name === from) || this.#seenByLoops.has(from);
    if (producer < 0 || isTaken) {
      this.#nodes.push({
        operator: "Identity",
        domain: "",
        inputs: [from],
        outputs: [to],
        attributes: {},
      });
      return;
    }
    const swap = (name: string): string => (name === from ? to : name);
    this.#nodes.forEach((node, i) => {
      if (!node.inputs.includes(from) && i !== producer) return;
      this.#nodes[i] = { ...node, inputs: node.inputs.map(swap), outputs: node.outputs.map(swap) };
    });
    for (const [value, name] of this.#names) if (name === from) this.#names.set(value, to);
    for (const [key, name] of this.#emitted) if (name === from) this.#emitted.set(key, to);
  }

  /** Names of the nodes that GPUs compute only roughly. */
  get roughNodes(): readonly string[] {
    return this.#shared.roughNodes;
  }

  /** Whether onnxruntime's own operators were used. */
  get usesExtensions(): boolean {
    return this.#shared.extensions.used;
  }

  /** The graph as it stands. Constants belong to the outermost graph. */
  graph(): OnnxGraph {
    return {
      name: this.#name,
      nodes: this.#nodes,
      constants: this.#parent ? [] : this.#shared.constants,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  #lower(value: Value): string {
    const { operation, inputs, attributes } = value;
    const name = operation.lower?.(value as Value & { attributes: unknown }, this);
    if (name !== undefined) {
      if (operation.measure) this.bind(value, name);
      return name;
    }
    if (!operation.define) {
      throw new ConfigError(
        `compile: the operation ${operation.name} has neither lowering nor definition`,
      );
    }
    return this.of(operation.define(inputs, attributes));
  }

  #find(value: Value): string | undefined {
    const name = this.#names.get(value);
    return name === undefined && this.#parent ? this.#parent.#find(value) : name;
  }

  #symbol(symbol: string): string {
    const source = this.#symbols.get(symbol);
    if (source) {
      const shape = this.emit("Shape", [source.name]);
      const size = this.emit("Gather", [shape, this.int64s([source.axis])]);
      return source.rest === 0 ? size : this.emit("Sub", [size, this.dimension(source.rest)]);
    }
    if (this.#parent) return this.#parent.#symbol(symbol);
    throw new ConfigError(
      `compile: no input's shape gives the dimension ${symbol} away, so it is not known at run time; bind it to a number`,
    );
  }

  #fresh(prefix: string): string {
    return `${prefix}_${this.#shared.counter.next++}`;
  }
}
