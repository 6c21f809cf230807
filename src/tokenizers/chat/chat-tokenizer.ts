import type { TokenizerConfigJson, TokenizerJson } from "orrery-lm/formats";
import { AddedTokens } from "../added-tokens/added-tokens.ts";
import { AlignedText } from "../aligned-text.ts";
import { addedTokensOf } from "../saving/convert-sentencepiece.ts";
import { withOffsetUnit } from "../encodings/encoding.ts";
import { type EncodingSteps, TextEncoding } from "../text-encoding.ts";
import type { ChatTokenizer } from "./apply-chat-template.ts";

/**
 * What chats need of a tokenizer. The control pieces of a SentencePiece `.model`, which no text ever
 * matches, are tokens where the template writes them.
 */
export function chatTokenizerOf(
  json: TokenizerJson,
  steps: EncodingSteps,
  config: TokenizerConfigJson,
): ChatTokenizer {
  const control =
    json.model.type === "SentencePiece"
      ? addedTokensOf(json.model.pieces).filter(({ special }) => special)
      : [];
  const tokens = [...json.addedTokens, ...control];
  const { normalizer } = steps;
  const normalize = (text: string): string =>
    normalizer?.normalize(new AlignedText(text.toWellFormed(), true)).text ?? text;
  const addedTokens =
    control.length === 0 ? steps.addedTokens : new AddedTokens(tokens, normalizer && normalize);
  const encoding = new TextEncoding({ ...steps, addedTokens });
  return {
    config,
    specialTokens: tokens.filter(({ special }) => special).map(({ content }) => content),
    findSpecial: (text) => addedTokens.findSpecial(text, normalize),
    encode: (text, plainStarts) =>
      withOffsetUnit(
        encoding.encodeFull(text, "match", () => "", plainStarts),
        [text, ""],
        "utf16",
      ),
  };
}
