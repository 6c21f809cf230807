import type { SentencePieceJson } from "orrery-lm/formats";
import { TokenTrie } from "../added-tokens/token-trie.ts";
import { ranksByScore } from "../models/sentencepiece-bpe.ts";
import { piecesInText } from "../models/sentencepiece-pieces.ts";
import type { ExplainedSymbol, MergeSteps, ModelSteps } from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";
import { recordMerges } from "./record-merges.ts";

interface Part extends ExplainedSymbol {
  /** A user-defined symbol, which never merges. */
  readonly isFrozen: boolean;
}

/** Explains the BPE of a SentencePiece `.model`. */
export class SentencePieceBPEExplainer implements ModelExplainer {
  readonly #pieces: SentencePieceJson["pieces"];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #ranks: Int32Array; // by id
  readonly #longest: number;
  readonly #userDefined: TokenTrie<true>;

  constructor({ pieces }: SentencePieceJson) {
    this.#pieces = pieces;
    this.#ids = new Map(piecesInText(pieces, ["NORMAL", "USER_DEFINED", "UNUSED"]));
    this.#ranks = ranksByScore(pieces.map(({ score }) => score));
    this.#longest = [...this.#ids.keys()].reduce((most, { length }) => Math.max(most, length), 0);
    this.#userDefined = new TokenTrie(
      piecesInText(pieces, ["USER_DEFINED"]).map(([piece]) => [piece, true]),
    );
  }

  explain(text: string): ModelSteps {
    const symbols = this.#split(text);
    /** How the UNUSED pieces came about last: the length of the left part. */
    const splits = new Map<string, number>();
    const { row, merges } = recordMerges<Part>(symbols, (left, right) => {
      if (left.isFrozen || right.isFrozen) return undefined;
      if (left.text.length + right.text.length > this.#longest) return undefined;
      const merged = left.text + right.text;
      const id = this.#ids.get(merged);
      if (id === undefined) return undefined;
      const { score, type } = this.#pieces[id]!;
      if (type === "UNUSED") splits.set(merged, left.text.length);
      return { result: { text: merged, id, isFrozen: false }, rank: this.#ranks[id]!, score };
    });
    return {
      type: "merges",
      symbols: symbols.map(({ text: its, id }) => ({ text: its, id })),
      merges,
      takenApart: row.flatMap((symbol) => takeApart(symbol.text, splits)),
    };
  }

  /** Characters and user-defined symbols. */
  #split(text: string): Part[] {
    const parts: Part[] = [];
    let found = this.#userDefined.find(text, 0);
    for (let at = 0; at < text.length;) {
      if (found !== undefined && found.start < at) found = this.#userDefined.find(text, at);
      const isFrozen = found?.start === at;
      const end = isFrozen ? found!.end : at + String.fromCodePoint(text.codePointAt(at)!).length;
      const part = text.slice(at, end);
      parts.push({ text: part, id: this.#ids.get(part) ?? null, isFrozen });
      at = end;
    }
    return parts;
  }
}

function takeApart(
  symbol: string,
  splits: ReadonlyMap<string, number>,
): MergeSteps["takenApart"][number][] {
  const steps: MergeSteps["takenApart"][number][] = [];
  const pending = [symbol];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    const left = splits.get(text);
    if (left === undefined) continue;
    const parts = [text.slice(0, left), text.slice(left)] as const;
    steps.push({ text, parts });
    pending.push(parts[1], parts[0]);
  }
  return steps;
}
