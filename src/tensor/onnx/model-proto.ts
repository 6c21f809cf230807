/**
 * ONNX messages, written byte for byte. Only the fields that our programs need.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers)
 */

import { ProtobufWriter } from "orrery-lm/base";
import type { Dimension } from "../dimension.ts";

/** ONNX element types by name, with their codes. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;

/** Element types that may stand in an ONNX file of ours. */
export type OnnxType = keyof typeof elementTypes;

/** Attribute of a node. `{ float }` marks a float, since 1 and 1.0 are equal in JavaScript. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { float: number }
  | { graph: OnnxGraph };

/** A node of the graph. Empty input names stand for inputs left out. */
export interface OnnxNode {
  operator: string;
  domain: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant. `external` puts its bytes in another file, at `offset`. */
export interface OnnxTensor {
  name: string;
  type: OnnxType;
  shape: readonly number[];
  bytes: Uint8Array;
  external?: { file: string; offset: number } | undefined;
}

/** An input or output. */
export interface OnnxValueInfo {
  name: string;
  type: OnnxType;
  shape: readonly Dimension[] | undefined;
}

/** A graph: the whole program, or the body of a loop. */
export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  constants: readonly OnnxTensor[];
  inputs: readonly OnnxValueInfo[];
  outputs: readonly OnnxValueInfo[];
}

function attributeProto(name: string, value: OnnxAttribute): ProtobufWriter {
  const message = new ProtobufWriter().string(1, name);
  if (typeof value === "string") return message.string(4, value).integer(20, 3);
  if (typeof value === "number") return message.integer(3, value).integer(20, 2);
  if ("float" in value) return message.float(2, value.float).integer(20, 1);
  if ("graph" in value) return message.message(6, graphProto(value.graph)).integer(20, 5);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
}

/** What a node is called in the file. */
export function nodeName({ operator, outputs }: Pick<OnnxNode, "operator" | "outputs">): string {
  return `${operator}:${outputs[0]}`;
}

function nodeProto(node: OnnxNode): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of node.inputs) message.string(1, input);
  for (const output of node.outputs) message.string(2, output);
  message.string(3, nodeName(node)).string(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, attributeProto(name, value));
  }
  if (node.domain !== "") message.string(7, node.domain);
  return message;
}

function tensorProto(tensor: OnnxTensor): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const size of tensor.shape) message.integer(1, size);
  message.integer(2, elementTypes[tensor.type]).string(8, tensor.name);
  if (!tensor.external) return message.bytes(9, tensor.bytes);
  const entries = {
    location: tensor.external.file,
    offset: String(tensor.external.offset),
    length: String(tensor.bytes.length),
  };
  for (const [key, value] of Object.entries(entries)) {
    message.message(13, new ProtobufWriter().string(1, key).string(2, value));
  }
  return message.integer(14, 1); // data_location: EXTERNAL
}

function valueInfoProto({ name, type, shape }: OnnxValueInfo): ProtobufWriter {
  const tensorType = new ProtobufWriter().integer(1, elementTypes[type]);
  if (shape) {
    const dimensions = new ProtobufWriter();
    for (const dimension of shape) {
      const entry = new ProtobufWriter();
      if (typeof dimension === "number") entry.integer(1, dimension);
      else entry.string(2, dimension);
      dimensions.message(1, entry);
    }
    tensorType.message(2, dimensions);
  }
  return new ProtobufWriter()
    .string(1, name)
    .message(2, new ProtobufWriter().message(1, tensorType));
}

function graphProto(graph: OnnxGraph): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const node of graph.nodes) message.message(1, nodeProto(node));
  message.string(2, graph.name);
  for (const tensor of graph.constants) message.message(5, tensorProto(tensor));
  for (const input of graph.inputs) message.message(11, valueInfoProto(input));
  for (const output of graph.outputs) message.message(12, valueInfoProto(output));
  return message;
}

/**
 * The bytes of an ONNX model.
 *
 * @param extensions whether the graph uses onnxruntime's own operators (`com.microsoft`)
 */
export function encodeOnnxModel(graph: OnnxGraph, extensions: boolean): Uint8Array {
  const model = new ProtobufWriter()
    .integer(1, 10) // ir_version 10 goes with opset 21
    .string(2, "orrery-lm")
    .message(7, graphProto(graph))
    .message(8, new ProtobufWriter().string(1, "").integer(2, 21));
  if (extensions) {
    model.message(8, new ProtobufWriter().string(1, "com.microsoft").integer(2, 1));
  }
  return model.finish();
}
