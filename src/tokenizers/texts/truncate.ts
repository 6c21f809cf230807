import { ConfigError } from "orrery-lm/base";
import { checkChoice } from "../check-choice.ts";
import type { TextCounting } from "./split-text.ts";

/**
 * Cuts a text between two of its tokens so that the rest takes at most `maxTokens`.
 *
 * The rest by itself can take more tokens than it did inside the whole text (`'re` cut to `'r` is two
 * pieces), so it is counted again, and cut further until it fits.
 * @throws {ConfigError} if `maxTokens` is not a non-negative integer, or `side` is neither.
 */
export function truncateText(
  text: string,
  options: TextCounting & { readonly maxTokens: number; readonly side: "left" | "right" },
): string {
  const { addedTokens, maxTokens, side, count } = options;
  checkChoice("Tokenizer.truncate: side", side, ["left", "right"]);
  if (!Number.isInteger(maxTokens) || maxTokens < 0) {
    throw new ConfigError(`Tokenizer.truncate: maxTokens must be 0, 1, 2, …, got ${maxTokens}`);
  }
  const room = maxTokens - addedTokens;
  const offsets = options.offsets(text);
  if (offsets.length <= room) return text;
  for (let kept = room; kept > 0; kept--) {
    const part = side === "right" ? head(text, offsets, kept) : tail(text, offsets, kept);
    if (count(part) <= room) return part;
  }
  return "";
}

type Offsets = ReturnType<TextCounting["offsets"]>;

/** The text of the first `kept` tokens, without a character that the next one shares. */
function head(text: string, offsets: Offsets, kept: number): string {
  return text.slice(0, Math.min(offsets[kept - 1]![1], offsets[kept]![0]));
}

/** The text of the last `kept` tokens, without a character that the one before shares. */
function tail(text: string, offsets: Offsets, kept: number): string {
  const first = offsets.length - kept;
  return text.slice(Math.max(offsets[first]![0], offsets[first - 1]![1]));
}
