import type { AddedTokenJson } from "orrery-lm/formats";

/** The tokens of a model and the added ones, by id and by text. */
export class Vocabulary {
  /** One more than the highest id. */
  readonly size: number;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #tokens: readonly (string | undefined)[];

  constructor(vocab: ReadonlyMap<string, number>, addedTokens: readonly AddedTokenJson[]) {
    const ids = new Map(vocab);
    for (const { content, id } of addedTokens) ids.set(content, id);
    let size = 0;
    for (const id of ids.values()) size = Math.max(size, id + 1);
    const tokens = Array.from<string | undefined>({ length: size });
    for (const [token, id] of ids) tokens[id] = token;
    this.size = size;
    this.#ids = ids;
    this.#tokens = tokens;
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  tokenOf(id: number): string | undefined {
    return this.#tokens[id];
  }
}
