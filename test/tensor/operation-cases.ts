import type { OperationCase } from "../contracts/operation.ts";
import { attentionCases } from "./cases/attention.ts";
import { choiceCases } from "./cases/choices.ts";
import { chunkCases } from "./cases/chunks.ts";
import { activationCases, arithmeticCases, comparisonCases } from "./cases/elementwise.ts";
import { layoutCases, sliceCases, sourceCases } from "./cases/layout.ts";
import { lossCases } from "./cases/losses.ts";
import { indexCases, matmulCases, rowCases } from "./cases/products.ts";
import { rotationCases } from "./cases/rotations.ts";

/** Every case of every operation, by kind. */
export const operationCases: Readonly<Record<string, readonly OperationCase[]>> = {
  arithmetic: arithmeticCases,
  activations: activationCases,
  comparison: comparisonCases,
  sources: sourceCases,
  layout: layoutCases,
  slices: sliceCases,
  products: matmulCases,
  indices: indexCases,
  rows: rowCases,
  choices: choiceCases,
  rotations: rotationCases,
  chunks: chunkCases,
  attention: attentionCases,
  losses: lossCases,
};
