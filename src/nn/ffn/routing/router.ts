/** What decides which experts read a token. */

import type { Value } from "orrery-lm/tensor";
import type { ParameterLookup, Part } from "../../part.ts";

/** Which experts read each of N tokens, and how much each counts. */
export interface Routing {
  /** [N, E] bool */
  readonly chosen: Value;
  /** [N, E]; means something where `chosen` holds. */
  readonly weights: Value;
  /** What each expert scored before the choice, [N, E], from 0 to 1: a balance loss reads it. */
  readonly scores: Value;
}

/** Chooses experts for tokens. */
export interface Router extends Part {
  readonly numExperts: number;
  /** @param x tokens [N, C] */
  route(lookup: ParameterLookup, x: Value): Routing;
}
