import { codePointCount } from "./code-point-count.ts";
import type { Affixes } from "./initial-symbols.ts";

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
  static from(
    known: ReadonlyMap<string, number>,
    size: number,
    affixes: Affixes,
  ): GrowingVocabulary {
    const vocabulary = new GrowingVocabulary();
    for (let id = 0; id < size; id++) {
      vocabulary.tokens.push("");
      vocabulary.lengths.push(0);
    }
    for (const [token, id] of known) {
      vocabulary.tokens[id] = token;
      vocabulary.lengths[id] = codePointCount(withoutMarkers(token, affixes));
      vocabulary.ids.set(token, id);
    }
    return vocabulary;
  }

  /**
   * The id of a token, which is the next one if it is new. One that is known, as a special token may
   * be, has from now on the length that is given: that of what it is made of.
   */
  add(token: string, length = 1): number {
    const known = this.ids.get(token);
    if (known !== undefined) {
      this.lengths[known] = length;
      return known;
    }
    this.ids.set(token, this.tokens.length);
    this.tokens.push(token);
    this.lengths.push(length);
    return this.tokens.length - 1;
  }
}

function withoutMarkers(token: string, { prefix, suffix }: Affixes): string {
  const start = token.startsWith(prefix) ? prefix.length : 0;
  const end = token.endsWith(suffix) ? token.length - suffix.length : token.length;
  return token.slice(start, end);
}
