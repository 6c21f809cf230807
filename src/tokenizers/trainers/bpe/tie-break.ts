import { compareCodePoints } from "orrery-lm/base";
import { codePointCount } from "../code-point-count.ts";
import type { Candidate } from "./pair-queue.ts";

/**
 * Which of the most frequent pairs is merged first:
 *
 * - "idMin": the smaller left id, then the smaller right id, as Hugging Face `tokenizers`;
 * - "lexMax": the greater left token, then the greater right token, as subword-nmt;
 * - "first": the one that comes first in the texts, as tiktoken's educational trainer and minbpe;
 * - "shortLexMin": the one that makes fewer characters, then the smaller text, as SentencePiece.
 *
 * Texts are compared by code point.
 */
export type TieBreak = "idMin" | "lexMax" | "first" | "shortLexMin";

/** Tells which of two pairs of equal count goes first. */
export type GoesFirst = (a: Candidate, b: Candidate) => boolean;

/** @param tokens the text of each token, by id; it may grow */
export function goesFirstBy(tieBreak: TieBreak, tokens: readonly string[]): GoesFirst {
  const byIds: GoesFirst = (a, b) => (a.left !== b.left ? a.left < b.left : a.right < b.right);
  switch (tieBreak) {
    case "idMin":
      return byIds;
    case "first":
      return (a, b) => a.place < b.place;
    case "lexMax":
      return (a, b) => {
        const byLeft = compareCodePoints(tokens[a.left]!, tokens[b.left]!);
        return (byLeft || compareCodePoints(tokens[a.right]!, tokens[b.right]!)) > 0;
      };
    case "shortLexMin":
      return (a, b) => {
        const [one, other] = [textOf(a, tokens), textOf(b, tokens)];
        const byLength = codePointCount(one) - codePointCount(other);
        const byText = byLength || compareCodePoints(one, other);
        // The same text in two ways: only one of the pairs becomes a token.
        return byText !== 0 ? byText < 0 : byIds(a, b);
      };
  }
}

function textOf({ left, right }: Candidate, tokens: readonly string[]): string {
  return tokens[left]! + tokens[right]!;
}
