/** Choice of experts from the best groups only, so that a token visits few machines. */

import { ConfigError } from "orrery-lm/base";
import {
  expand,
  reduceMax,
  reduceSum,
  reshape,
  scalar,
  topKMask,
  where,
  type Value,
} from "orrery-lm/tensor";

/** How the choice is limited to groups of neighboring experts. */
export interface ExpertGroups {
  /** Into how many groups the experts are divided. */
  readonly count: number;
  /** How many of them a token may use. */
  readonly topK: number;
  /** What a group is worth: its best score (DeepSeek-V2), or the sum of its two best (V3). */
  readonly by: "best" | "two-best";
}

/**
 * Checks how many experts are to be chosen.
 *
 * @throws {ConfigError} if there are not so many, or they do not divide into the groups.
 */
export function checkExpertChoice(
  where: string,
  {
    numExperts,
    topK,
    groups,
  }: { numExperts: number; topK: number; groups?: ExpertGroups | undefined },
): void {
  if (topK > numExperts) {
    throw new ConfigError(
      `${where}: num_experts_per_tok: expected at most ${numExperts}, the number of experts, got ${topK}`,
    );
  }
  if (!groups) return;
  const size = numExperts / groups.count;
  if (!Number.isInteger(size) || (groups.by === "two-best" && size < 2)) {
    throw new ConfigError(
      `${where}: ${numExperts} experts do not divide into ${groups.count} groups${groups.by === "two-best" ? " of two or more" : ""}`,
    );
  }
  if (groups.topK > groups.count || groups.topK < 1) {
    throw new ConfigError(
      `${where}: topk_group: expected 1 to ${groups.count}, got ${groups.topK}`,
    );
  }
}

/** Below every score; minus infinity never enters arithmetic. */
const HIDDEN = -3e38;

/**
 * The scores of experts in the best groups; the others' are below every score.
 *
 * @param scores [N, E]
 * @returns [N, E], for choosing by; nothing flows back through it
 */
export function withinBestGroups(scores: Value, { count, topK, by }: ExpertGroups): Value {
  const [tokens, experts] = scores.shape as [number, number];
  const grouped = reshape(scores, [tokens, count, experts / count]);
  const best = by === "best" ? reduceMax(grouped, [2]) : sumOfTwoBest(grouped);
  const isOpen = reshape(topKMask(reshape(best, [tokens, count]), topK), [tokens, count, 1]);
  const open = where(isOpen, grouped, expand(scalar(HIDDEN), grouped.shape));
  return reshape(open, [tokens, experts]);
}

function sumOfTwoBest(grouped: Value): Value {
  return reduceSum(where(topKMask(grouped, 2), grouped, scalar(0)), [2], true);
}
