import type { ModelJson, SentencePieceJson } from "orrery-lm/formats";

/**
 * Whether a model may join a blank, spelled as `sign`, with a character before it into one token, or
 * one unknown stretch. If not, a text can be cut there.
 *
 * Unigram models are said to join: they add up scores from the start of the text, and rounding the sum
 * decides near-ties.
 */
export function joinsAtBlanks(model: ModelJson, sign: string): boolean {
  switch (model.type) {
    case "BPE":
      if (model.ignoreMerges || model.continuingSubwordPrefix || model.endOfWordSuffix) return true;
      return !model.vocab.has(sign) || hasJoint(model.vocab.keys(), sign);
    case "SentencePiece":
      return model.algorithm !== "bpe" || !isKnown(model, sign) || hasUnusedOrJoint(model, sign);
    case "Unigram":
    case "WordLevel":
    case "WordPiece":
    case "tiktoken":
      return true;
  }
}

function isKnown({ pieces }: SentencePieceJson, sign: string): boolean {
  return pieces.some(({ piece, type }) => piece === sign && type === "NORMAL");
}

/** A piece of type UNUSED is taken apart as it was put together anywhere in the text. */
function hasUnusedOrJoint({ pieces }: SentencePieceJson, sign: string): boolean {
  if (pieces.some(({ type }) => type === "UNUSED")) return true;
  return hasJoint(
    pieces.map(({ piece }) => piece),
    sign,
  );
}

/** Whether a token has the sign behind another character. */
function hasJoint(tokens: Iterable<string>, sign: string): boolean {
  for (const token of tokens) {
    let place = token.lastIndexOf(sign);
    while (place > 0 && token.startsWith(sign, place - sign.length)) place -= sign.length;
    if (place > 0) return true;
  }
  return false;
}
