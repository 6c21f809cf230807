/** Layers that are alike, told once. */

import type { PartDescription } from "orrery-lm/nn";

/** One kind of block. */
export interface BlockKind {
  /** Which stack it is in: empty, `encoder` or `decoder`. */
  readonly stack: string;
  /** Its layers, from 0. */
  readonly layers: readonly number[];
  readonly block: PartDescription;
}

/** The stacks of a network by their prefix: one without, or an encoder's and a decoder's. */
export function stacksOf(network: PartDescription): [prefix: string, stack: PartDescription][] {
  const { encoder, decoder } = network.parts;
  if (!encoder || !decoder) return [["", network]];
  return [
    ["encoder", encoder],
    ["decoder", decoder],
  ];
}

/** The blocks of a stack, in order. */
export function blocksOf(stack: PartDescription): PartDescription[] {
  return Object.entries(stack.parts).flatMap(([name, part]) =>
    name.startsWith("layers.") ? [part] : [],
  );
}

/** The different blocks of a network, in the order in which they come first. */
export function blockKinds(network: PartDescription): BlockKind[] {
  return stacksOf(network).flatMap(([stack, description]) => {
    const kinds = new Map<string, { block: PartDescription; layers: number[] }>();
    for (const [layer, block] of blocksOf(description).entries()) {
      const key = JSON.stringify(block);
      const kind = kinds.get(key);
      if (kind) kind.layers.push(layer);
      else kinds.set(key, { block, layers: [layer] });
    }
    return [...kinds.values()].map((kind) => ({ stack, ...kind }));
  });
}
