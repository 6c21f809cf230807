import type { SentencePieceJson, WordLevelJson } from "orrery-lm/formats";
import { type Segmenter, Segments } from "../models/segmenter.ts";
import { SentencePieceChar } from "../models/sentencepiece-char.ts";
import { SentencePieceWord } from "../models/sentencepiece-word.ts";
import type { ModelSteps } from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";

/** Explains `WordLevel`. */
export class WordLevelExplainer implements ModelExplainer {
  readonly #vocab: WordLevelJson["vocab"];

  constructor({ vocab }: WordLevelJson) {
    this.#vocab = vocab;
  }

  explain(text: string): ModelSteps {
    return { type: "lookUps", lookUps: [{ text, id: this.#vocab.get(text) ?? null }] };
  }
}

/** Explains the word and the char model of a SentencePiece `.model`. */
export class SentencePieceLookUpExplainer implements ModelExplainer {
  readonly #segmenter: Segmenter;
  readonly #unkId: number;

  constructor(json: SentencePieceJson, unkId: number) {
    const Part = json.algorithm === "word" ? SentencePieceWord : SentencePieceChar;
    this.#segmenter = new Part(json, unkId);
    this.#unkId = unkId;
  }

  explain(text: string): ModelSteps {
    const bytes = new TextEncoder().encode(text);
    const segments = new Segments();
    this.#segmenter.segment({ bytes, start: 0, end: bytes.length }, segments);
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const lookUps = Array.from({ length: segments.count }, (_, i) => {
      const part = bytes.subarray(i === 0 ? 0 : segments.ends.data[i - 1], segments.ends.data[i]);
      const id = segments.ids.data[i]!;
      return { text: utf8.decode(part), id: id === this.#unkId ? null : id };
    });
    return { type: "lookUps", lookUps };
  }
}
