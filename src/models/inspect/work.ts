/** How much a model computes for a token, from what its parts declare. */

import type { ParameterSpecs, PartDescription } from "orrery-lm/nn";
import { blocksOf, stacksOf } from "./block-kinds.ts";

/** Multiplications and additions for one token, forward. */
export interface Work {
  /** Tokens of the text. */
  readonly length: number;
  /** In matrices of weights: two for each number that is read. */
  readonly matrices: number;
  /** In scores and sums of attention, for a token that sees as much as the mean token does. */
  readonly attention: number;
  /** Both. An encoder–decoder's is that of one token on each side. */
  readonly perToken: number;
  readonly activeParameters: number;
}

/** Tables that are looked up, not multiplied with. */
const table = /^(?:(?:encoder|decoder)\.)?(?:embedding|tokenTypes|positions)\./;

/** Sums up the work of a network. */
export function workOf(network: PartDescription, specs: ParameterSpecs, length: number): Work {
  let matrices = 0;
  let activeParameters = 0;
  for (const [name, { shape }] of Object.entries(specs)) {
    const count = shape.reduce((a, b) => a * b, 1) * shareOf(network, name);
    activeParameters += count;
    if (shape.length === 2 && !table.test(name)) matrices += 2 * count * repeats(network, name);
  }
  const [rows = 0, columns = 0] = specs["embedding.weight"]?.shape ?? [];
  // A tied head multiplies with the table of the embeddings.
  if (!("head.weight" in specs)) matrices += 2 * rows * columns;
  let attention = 0;
  for (const [, stack] of stacksOf(network)) {
    for (const block of blocksOf(stack)) attention += attentionOf(block, length);
  }
  return { length, matrices, attention, perToken: matrices + attention, activeParameters };
}

/** How many parameters each kind of part has; layers are taken together. */
export function parametersByPart(specs: ParameterSpecs): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, { shape }] of Object.entries(specs)) {
    const inner = name.replace(/^(encoder|decoder)\./, "").replace(/^layers\.\d+\./, "");
    const [first = inner] = inner.split(".");
    const part = first.endsWith("Norm") ? "norms" : first;
    counts[part] = (counts[part] ?? 0) + shape.reduce((a, b) => a * b, 1);
  }
  return counts;
}

/** Which share of a parameter's work one token makes: all, but for experts that it may not choose. */
function shareOf(network: PartDescription, name: string): number {
  const at = name.indexOf(".experts.");
  if (at < 0) return 1;
  const experts = partAt(network, name.slice(0, at));
  const all = experts?.options["numExperts"];
  const read = experts?.parts["router"]?.options["topK"];
  return typeof all === "number" && typeof read === "number" ? read / all : 1;
}

/** How many layers have the numbers of this parameter: one, or all where they are shared. */
function repeats(network: PartDescription, name: string): number {
  if (network.options["sharesLayers"] !== true || !name.startsWith("layers.")) return 1;
  return blocksOf(network).length;
}

function partAt(part: PartDescription, path: string): PartDescription | undefined {
  if (path === "") return part;
  for (const [name, inner] of Object.entries(part.parts)) {
    if (path === name) return inner;
    if (path.startsWith(`${name}.`)) {
      const found = partAt(inner, path.slice(name.length + 1));
      if (found) return found;
    }
  }
  return undefined;
}

function attentionOf(block: PartDescription, length: number): number {
  let sum = 0;
  for (const part of [block.parts["attention"], block.parts["crossAttention"]]) {
    if (!part) continue;
    const { numHeads, headDim, keyWidth = headDim, valueDim = headDim } = part.options;
    sum += 2 * Number(numHeads) * (Number(keyWidth) + Number(valueDim)) * meanSight(part, length);
  }
  return sum;
}

/** How many keys a query sees, in the mean over a text. */
function meanSight({ options }: PartDescription, length: number): number {
  const window = typeof options["window"] === "number" ? options["window"] : length;
  const most = Math.min(window, length);
  if (options["isCausal"] === true)
    return (most * (most + 1)) / 2 / length + (most * (length - most)) / length;
  if (options["window"] === undefined) return length;
  let sum = 0;
  for (let query = 0; query < length; query++) {
    sum += Math.min(length - 1, query + most - 1) - Math.max(0, query - most + 1) + 1;
  }
  return sum / length;
}
