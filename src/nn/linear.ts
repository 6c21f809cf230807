/** A linear layer, `x Wᵀ + b`, with `W` as [out, in]. */

import { add, matmul, type Value } from "orrery-lm/tensor";
import { matrixSpec, vectorSpec, type ParameterLookup, type ParameterSpecs } from "./part.ts";

/** Size and start of a linear layer. */
export interface LinearOptions {
  inSize: number;
  outSize: number;
  hasBias: boolean;
  /** Standard deviation of the initial weights. */
  std: number;
}

/** Declares `weight` [out, in] and, with a bias, `bias` [out]. */
export function linearSpecs({ inSize, outSize, hasBias, std }: LinearOptions): ParameterSpecs {
  const weight = matrixSpec(outSize, inSize, std);
  return hasBias ? { weight, bias: vectorSpec(outSize, "zeros") } : { weight };
}

/** @param x [..., in]; @returns [..., out] */
export function linear(lookup: ParameterLookup, x: Value, hasBias: boolean): Value {
  const product = matmul(x, lookup("weight"), { transposeB: true });
  return hasBias ? add(product, lookup("bias")) : product;
}
