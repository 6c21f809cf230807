import type { TiktokenJson } from "orrery-lm/formats";
import { BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { tokensOf } from "../vocabulary.ts";
import type { ExplainedSymbol, ModelSteps } from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";
import { recordMerges } from "./record-merges.ts";

/** Explains `tiktoken`, in the byte alphabet. */
export class TiktokenExplainer implements ModelExplainer {
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #longest: number;

  constructor(json: TiktokenJson) {
    this.#ranks = new Map(tokensOf(json));
    this.#longest = [...this.#ranks.keys()].reduce((most, { length }) => Math.max(most, length), 0);
  }

  explain(text: string): ModelSteps {
    const bytes = Array.from(new TextEncoder().encode(text), (byte) => BYTE_CHARACTERS[byte]!);
    if (this.#ranks.has(bytes.join(""))) return { type: "wholeToken" };
    const symbols = bytes.map((byte): ExplainedSymbol => this.#symbol(byte)!);
    const { merges } = recordMerges(symbols, (left, right) => {
      if (left.text.length + right.text.length > this.#longest) return undefined;
      const result = this.#symbol(left.text + right.text);
      return result && { result, rank: result.id, score: null };
    });
    return { type: "merges", symbols, merges, takenApart: [] };
  }

  #symbol(text: string): { readonly text: string; readonly id: number } | undefined {
    const id = this.#ranks.get(text);
    return id === undefined ? undefined : { text, id };
  }
}
