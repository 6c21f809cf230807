/** What a model page gives: a network, and how its weights are stored. */

import type { CausalLM } from "orrery-lm/nn";
import type { StorageEntry } from "./storage.ts";

/** A model without numbers. */
export interface Architecture {
  readonly network: CausalLM;
  readonly storage: readonly StorageEntry[];
}

/** Storage entries for a part's parameters that the file has under `tensor` + `.weight`/`.bias`. */
export function renamed(
  tensor: string,
  parameter: string,
  suffixes: readonly string[],
): StorageEntry[] {
  return suffixes.map((suffix) => ({
    tensor: `${tensor}.${suffix}`,
    parameters: [`${parameter}.${suffix}`],
  }));
}

/** Weight and bias. */
export const weightAndBias: readonly string[] = ["weight", "bias"];

/** Weight alone. */
export const weightOnly: readonly string[] = ["weight"];

/** Query, key and value of a layer, as parameters with one suffix. */
export function queryKeyValue(layer: string, suffix: string): string[] {
  return ["query", "key", "value"].map((name) => `${layer}.attention.${name}.${suffix}`);
}
