import type { BPEJson } from "orrery-lm/formats";
import { BYTE_CHARACTERS } from "../byte-alphabet.ts";
import { CharacterSymbols, byteToken } from "../models/character-symbols.ts";
import type { ExplainedSymbol, ModelSteps } from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";
import { type PossibleMerge, recordMerges } from "./record-merges.ts";

/** Explains `BPE`, over bytes or over characters. */
export class BPEExplainer implements ModelExplainer {
  readonly #json: BPEJson;
  readonly #readsBytes: boolean;
  readonly #unkId: number | undefined;
  readonly #characters: CharacterSymbols;
  readonly #byteTokens = new Map<number, string>(); // `<0x00>` … by id
  readonly #merges = new Map<string, PossibleMerge<ExplainedSymbol>>(); // by the ids of both parts

  /** @param readsBytes whether the tokens are spelled in the byte alphabet, but the pieces are not */
  constructor(json: BPEJson, readsBytes: boolean) {
    const { vocab, merges, unkToken } = json;
    this.#json = json;
    this.#readsBytes = readsBytes;
    this.#unkId = unkToken === null ? undefined : vocab.get(unkToken);
    this.#characters = new CharacterSymbols(json);
    for (let byte = 0; byte < 256; byte++) {
      const token = byteToken(byte);
      const id = vocab.get(token);
      if (id !== undefined) this.#byteTokens.set(id, token);
    }
    const prefix = json.continuingSubwordPrefix?.length ?? 0;
    for (const [rank, [left, right]] of merges.entries()) {
      const text = left + right.slice(prefix);
      const result = { text, id: vocab.get(text)! };
      // Of a pair that is listed twice the last counts.
      this.#merges.set(keyOf(vocab.get(left)!, vocab.get(right)!), { result, rank, score: null });
    }
  }

  explain(text: string): ModelSteps {
    const bytes = new TextEncoder().encode(text);
    const spelled = this.#readsBytes ? Array.from(bytes, spellByte).join("") : text;
    if (this.#json.ignoreMerges && this.#json.vocab.has(spelled)) return { type: "wholeToken" };
    const symbols = this.#readsBytes ? this.#byteSymbols(bytes) : this.#characterSymbols(text);
    const { merges } = recordMerges(symbols, (left, right) =>
      this.#merges.get(keyOf(left.id!, right.id!)),
    );
    return { type: "merges", symbols, merges, takenApart: [] };
  }

  #byteSymbols(bytes: Uint8Array): ExplainedSymbol[] {
    const { vocab, fuseUnk } = this.#json;
    const symbols: ExplainedSymbol[] = [];
    let isAfterUnknown = false;
    for (const byte of bytes) {
      const text = spellByte(byte);
      const id = vocab.get(text);
      const isUnknown = id === undefined && this.#unkId !== undefined;
      if (id !== undefined) symbols.push({ text, id });
      else if (isUnknown) addUnknown(symbols, { text, id: this.#unkId!, isFused: isAfterUnknown });
      isAfterUnknown = isUnknown && fuseUnk;
    }
    return symbols;
  }

  /** Unknown characters wait for the next known one, so that bytes between go first. */
  #characterSymbols(text: string): ExplainedSymbol[] {
    const symbols: ExplainedSymbol[] = [];
    const waiting: ExplainedSymbol[] = [];
    const characters = Array.from(text);
    const encoder = new TextEncoder();
    for (const [i, character] of characters.entries()) {
      const place = { isFirst: i === 0, isLast: i === characters.length - 1 };
      const id = this.#characters.find(character.codePointAt(0)!, place);
      if (id !== undefined) {
        symbols.push(...waiting.splice(0), { text: this.#withMarks(character, place), id });
        continue;
      }
      const byteIds = this.#characters.byteIds(encoder.encode(character), place);
      if (byteIds !== undefined) {
        for (const byteId of byteIds)
          symbols.push({ text: this.#byteTokens.get(byteId)!, id: byteId });
        continue;
      }
      if (this.#unkId === undefined) continue;
      if (!this.#json.fuseUnk) symbols.push(...waiting.splice(0));
      addUnknown(waiting, { text: character, id: this.#unkId, isFused: waiting.length > 0 });
    }
    return [...symbols, ...waiting];
  }

  #withMarks(
    character: string,
    place: { readonly isFirst: boolean; readonly isLast: boolean },
  ): string {
    const { continuingSubwordPrefix: prefix, endOfWordSuffix: suffix } = this.#json;
    return `${place.isFirst ? "" : (prefix ?? "")}${character}${place.isLast ? (suffix ?? "") : ""}`;
  }
}

function keyOf(left: number, right: number): string {
  return `${left} ${right}`;
}

function spellByte(byte: number): string {
  return BYTE_CHARACTERS[byte]!;
}

/** Appends an unknown symbol, or adds it to the one before. */
function addUnknown(
  symbols: ExplainedSymbol[],
  unknown: { readonly text: string; readonly id: number; readonly isFused: boolean },
): void {
  const before = unknown.isFused ? symbols.pop()!.text : "";
  symbols.push({ text: before + unknown.text, id: unknown.id });
}
