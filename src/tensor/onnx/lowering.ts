/** What an operation's `lower` may do: write ONNX nodes and constants, and ask for shapes. */

import type { Dimension, Shape } from "../dimension.ts";
import type { Value } from "../value.ts";
import type { OnnxAttribute, OnnxType } from "./model-proto.ts";

/** Element types of constants that programs compute with. */
export type ConstantType = Exclude<OnnxType, "float16">;

/** Options of a node. */
export interface EmitOptions {
  attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** `com.microsoft` for onnxruntime's own operators. */
  domain?: string;
  /** Which of the operator's outputs to give. @default 0 */
  output?: number;
}

/** A graph under construction. Names are those of ONNX values. */
export interface Lowering {
  /** Whether onnxruntime's own operators are allowed. */
  readonly fast: boolean;
  /** The name of a value, lowering it first where needed. */
  of(value: Value): string;
  /** Writes a node and gives the name of one of its outputs. */
  emit(operator: string, inputs: readonly string[], options?: EmitOptions): string;
  /** A constant; equal constants are written once. */
  constant(type: ConstantType, values: ArrayLike<number>, shape: readonly number[]): string;
  /** A float32 scalar. */
  float(value: number): string;
  /** A vector of int64. */
  int64s(values: readonly number[]): string;
  /** A dimension as an int64 vector of one element, computed at run time where it has symbols. */
  dimension(dimension: Dimension): string;
  /** Dimensions as an int64 vector, computed at run time where they have symbols. */
  dimensions(shape: Shape): string;
  /** Reshapes `input`, a value of shape `from`. */
  reshape(input: string, from: Shape, to: Shape): string;
  /** A graph for the body of a loop, which sees this graph's values. */
  inner(name: string): InnerLowering;
  /** Writes an ONNX Loop over `body`; gives the names of its outputs, the carried values first. */
  loop(tripCount: string, carried: readonly string[], body: InnerLowering): readonly string[];
}

/** The body of a loop under construction. */
export interface InnerLowering extends Lowering {
  /** Declares an input of the body. */
  input(name: string, type: OnnxType, shape: Shape | undefined): string;
  /** Declares an output of the body. */
  output(name: string, type: OnnxType, shape: Shape | undefined): void;
  /** Lets `value` stand for what is called `name` in the body, its symbols taken from there. */
  bind(value: Value, name: string): void;
}
