/** What differs between two models, part by part. */

import type { PartDescription } from "orrery-lm/nn";
import type { ModelInspection } from "./inspection.ts";

/** One difference; undefined where a model has no such thing. */
export interface ModelDifference {
  /** Such as `block.attention.numKeyValueHeads`. */
  readonly path: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Lists what differs: choices first, then counts. Kinds of blocks are compared in their order. */
export function compareModels(a: ModelInspection, b: ModelInspection): ModelDifference[] {
  const [left, right] = [factsOf(a), factsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) =>
    left.get(path) === right.get(path) ? [] : [{ path, a: left.get(path), b: right.get(path) }],
  );
}

function factsOf({
  description,
  blocks,
  parameters,
  work,
  kept,
  ...rest
}: ModelInspection): Map<string, string> {
  const facts = new Map<string, string>([["model_type", rest.modelType]]);
  const outside = Object.entries(description.parts).filter(([name]) => !name.startsWith("layers."));
  flatten("", { ...description, parts: Object.fromEntries(outside) }, facts);
  for (const [i, { stack, layers, block }] of blocks.entries()) {
    const kind = `${stack === "" ? "" : `${stack}.`}block${blocks.length > 1 ? ` ${i + 1}` : ""}`;
    facts.set(`${kind}.layers`, String(layers.length));
    flatten(`${kind}.`, block, facts);
  }
  for (const [part, count] of Object.entries(parameters.byPart))
    facts.set(`parameters in ${part}`, String(count));
  facts.set("parameters", String(parameters.total));
  facts.set("operations per token", String(Math.round(work.perToken)));
  if (kept) facts.set("bytes kept per token", String(kept.bytesPerToken));
  return facts;
}

function flatten(prefix: string, part: PartDescription, facts: Map<string, string>): void {
  facts.set(prefix === "" ? "kind" : prefix.slice(0, -1), part.name);
  for (const [name, value] of Object.entries(part.options)) facts.set(prefix + name, String(value));
  for (const [name, inner] of Object.entries(part.parts)) {
    if (!name.startsWith("layers.")) flatten(`${prefix}${name}.`, inner, facts);
  }
}
