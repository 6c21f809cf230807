import type { SentencePieceJson, TokenizerJson } from "orrery-lm/formats";
import { readsBytes } from "../models/reads-bytes.ts";
import { sentencePieceTokens } from "../models/sentencepiece-unigram.ts";
import { unigramTokens } from "../models/unigram.ts";
import { unknownIdOf } from "../vocabulary.ts";
import { BPEExplainer } from "./bpe-explainer.ts";
import { SentencePieceLookUpExplainer, WordLevelExplainer } from "./look-up-explainer.ts";
import type { ModelExplainer } from "./model-explainer.ts";
import { SentencePieceBPEExplainer } from "./sentencepiece-bpe-explainer.ts";
import { TiktokenExplainer } from "./tiktoken-explainer.ts";
import { UnigramExplainer } from "./unigram-explainer.ts";
import { WordPieceExplainer } from "./word-piece-explainer.ts";

/** Makes what explains the model that a tokenizer's file describes. */
export function createModelExplainer(json: TokenizerJson): ModelExplainer {
  const { model } = json;
  switch (model.type) {
    case "BPE":
      return new BPEExplainer(model, readsBytes(json));
    case "SentencePiece":
      return createSentencePiece(model);
    case "tiktoken":
      return new TiktokenExplainer(model);
    case "Unigram":
      return new UnigramExplainer(unigramTokens(model), "float64");
    case "WordLevel":
      return new WordLevelExplainer(model);
    case "WordPiece":
      return new WordPieceExplainer(model);
  }
}

function createSentencePiece(model: SentencePieceJson): ModelExplainer {
  const unkId = unknownIdOf(model)!;
  switch (model.algorithm) {
    case "bpe":
      return new SentencePieceBPEExplainer(model);
    case "unigram":
      return new UnigramExplainer(sentencePieceTokens(model.pieces, unkId), "float32");
    case "word":
    case "char":
      return new SentencePieceLookUpExplainer(model, unkId);
  }
}
