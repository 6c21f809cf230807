import type { AddedTokenJson, ModelJson } from "orrery-lm/formats";
import { AlignedText } from "./aligned-text.ts";
import { BYTE_CHARACTERS } from "./byte-alphabet.ts";
import type { Normalizer } from "./normalizers/normalizer.ts";

/**
 * The tokens of a model and the added ones, by id and by text. Indexed when first asked.
 *
 * Trap: an added token that is `normalized` is found by its text as the file spells it, but its id
 * gives what the normalizer makes of that, as in Hugging Face `tokenizers`: "<FOO>" decodes as "<foo>".
 */
export class Vocabulary {
  readonly #model: ModelJson;
  readonly #addedTokens: readonly AddedTokenJson[];
  readonly #normalizer: Normalizer | undefined;
  #index: Index | undefined;

  constructor(model: ModelJson, addedTokens: readonly AddedTokenJson[], normalizer?: Normalizer) {
    this.#model = model;
    this.#addedTokens = addedTokens;
    this.#normalizer = normalizer;
  }

  /** One more than the highest id. */
  get size(): number {
    return this.#indexed().tokens.length;
  }

  idOf(token: string): number | undefined {
    return this.#indexed().ids.get(token);
  }

  tokenOf(id: number): string | undefined {
    return this.#indexed().tokens[id];
  }

  #indexed(): Index {
    this.#index ??= makeIndex(this.#model, this.#addedTokens, this.#normalizer);
    return this.#index;
  }
}

interface Index {
  readonly ids: ReadonlyMap<string, number>;
  readonly tokens: readonly (string | undefined)[];
}

function makeIndex(
  model: ModelJson,
  addedTokens: readonly AddedTokenJson[],
  normalizer: Normalizer | undefined,
): Index {
  const ids = new Map<string, number>();
  let size = 0;
  for (const [token, id] of tokensOf(model)) {
    if (!ids.has(token)) ids.set(token, id);
    size = Math.max(size, id + 1);
  }
  for (const { content, id } of addedTokens) {
    ids.set(content, id);
    size = Math.max(size, id + 1);
  }
  const tokens = Array.from<string | undefined>({ length: size });
  for (const [token, id] of tokensOf(model)) tokens[id] = token;
  for (const { content, id, normalized } of addedTokens) {
    const isMade = normalized && normalizer !== undefined;
    tokens[id] = isMade ? normalizer.normalize(new AlignedText(content, true)).text : content;
  }
  return { ids, tokens };
}

/**
 * The tokens of a model; those of tiktoken spelled in the byte alphabet.
 * @yields each token with its id
 */
export function* tokensOf(model: ModelJson): Generator<readonly [token: string, id: number]> {
  switch (model.type) {
    case "BPE":
    case "WordPiece":
    case "WordLevel":
      yield* model.vocab;
      return;
    case "Unigram":
      for (const [id, [piece]] of model.vocab.entries()) yield [piece, id];
      return;
    case "SentencePiece":
      for (const [id, { piece }] of model.pieces.entries()) yield [piece, id];
      return;
    case "tiktoken":
      for (const [id, end] of model.ends.entries()) {
        const bytes = model.bytes.subarray(id === 0 ? 0 : model.ends[id - 1], end);
        if (bytes.length > 0) yield [spellBytes(bytes), id];
      }
  }
}

function spellBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += BYTE_CHARACTERS[byte]!;
  return text;
}

/** The id that stands for what a model does not know, if it has one. */
export function unknownIdOf(model: ModelJson): number | undefined {
  switch (model.type) {
    case "BPE":
      return model.unkToken === null ? undefined : model.vocab.get(model.unkToken);
    case "WordPiece":
    case "WordLevel":
      return model.vocab.get(model.unkToken);
    case "Unigram":
      return model.unkId ?? undefined;
    case "SentencePiece": {
      const id = model.pieces.findIndex(({ type }) => type === "UNKNOWN");
      return id < 0 ? undefined : id;
    }
    case "tiktoken":
      return undefined;
  }
}
