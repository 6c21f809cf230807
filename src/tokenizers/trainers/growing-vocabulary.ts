import { codePointCount } from "./bpe/tie-break.ts";

/** Tokens with their ids, in the order in which they come. */
export class GrowingVocabulary {
  /** By id. */
  readonly tokens: string[] = [];
  /** How many bytes or characters each token has, markers not counted, by id. */
  readonly lengths: number[] = [];
  /** By token. */
  readonly ids: Map<string, number> = new Map();

  constructor(tokens: Iterable<string> = []) {
    for (const token of tokens) this.add(token);
  }

  get size(): number {
    return this.tokens.length;
  }

  /** Goes on from tokens that have ids. Ids that no token has are not given to others. */
  static from(known: ReadonlyMap<string, number>, size: number): GrowingVocabulary {
    const vocabulary = new GrowingVocabulary();
    for (let id = 0; id < size; id++) {
      vocabulary.tokens.push("");
      vocabulary.lengths.push(0);
    }
    for (const [token, id] of known) {
      vocabulary.tokens[id] = token;
      vocabulary.lengths[id] = codePointCount(token);
      vocabulary.ids.set(token, id);
    }
    return vocabulary;
  }

  /** The id of a token, which is the next one if it is new. */
  add(token: string, length = 1): number {
    const known = this.ids.get(token);
    if (known !== undefined) return known;
    this.ids.set(token, this.tokens.length);
    this.tokens.push(token);
    this.lengths.push(length);
    return this.tokens.length - 1;
  }
}
