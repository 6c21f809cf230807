import type { WordPieceJson } from "orrery-lm/formats";
import type { ExplainedSymbol, MatchSteps, ModelSteps } from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";

/** Explains `WordPiece`. */
export class WordPieceExplainer implements ModelExplainer {
  readonly #json: WordPieceJson;
  readonly #longest: number;

  constructor(json: WordPieceJson) {
    this.#json = json;
    this.#longest = [...json.vocab.keys()].reduce((most, { length }) => Math.max(most, length), 0);
  }

  explain(text: string): ModelSteps {
    const limit = this.#json.maxInputCharsPerWord;
    const characters = Array.from(text).length;
    if (characters > limit) {
      const failure = { reason: "tooLong", characters, limit } as const;
      return { type: "longestMatches", matches: [], failure };
    }
    const matches: ExplainedSymbol[] = [];
    let failure: MatchSteps["failure"] = null;
    for (let from = 0; from < text.length;) {
      const prefix = from === 0 ? "" : this.#json.continuingSubwordPrefix;
      const match = this.#longestMatch(text, from, prefix);
      if (match === undefined) {
        failure = { reason: "noToken", rest: text.slice(from) };
        break;
      }
      matches.push(match);
      from += match.text.length - prefix.length;
    }
    return { type: "longestMatches", matches, failure };
  }

  #longestMatch(text: string, from: number, prefix: string): ExplainedSymbol | undefined {
    const longest = Math.min(text.length, from + this.#longest);
    for (let to = longest; to > from; to--) {
      const token = prefix + text.slice(from, to);
      const id = this.#json.vocab.get(token);
      if (id !== undefined) return { text: token, id };
    }
    return undefined;
  }
}
