/** What a model that writes keeps of the tokens that it has read. */

import type { Network, PartDescription } from "orrery-lm/nn";
import { decodingProgram } from "../generation/decoding-program.ts";
import { blocksOf, stacksOf } from "./block-kinds.ts";

/** Numbers that are kept, and their bytes in float16. */
export interface KeptTokens {
  /** Numbers for one token, over all layers. */
  readonly numbersPerToken: number;
  readonly bytesPerToken: number;
  /** For a text of `length` tokens; layers with a window need only that many. */
  readonly length: number;
  readonly bytesAtLength: number;
}

/** Asks the program that writes, which hands over keys and values layer by layer. */
export function keptOf(network: Network, description: PartDescription, length: number): KeptTokens {
  const { layers } = decodingProgram(network);
  const [, stack] = stacksOf(description).at(-1)!;
  const blocks = blocksOf(stack);
  let numbersPerToken = 0;
  let numbers = 0;
  for (const [i, { heads, widths }] of layers.entries()) {
    const window = blocks[i]?.parts["attention"]?.options["window"];
    const perToken = heads * (widths[0] + widths[1]);
    numbersPerToken += perToken;
    numbers += perToken * (typeof window === "number" ? Math.min(window, length) : length);
  }
  return {
    numbersPerToken,
    bytesPerToken: 2 * numbersPerToken,
    length,
    bytesAtLength: 2 * numbers,
  };
}
