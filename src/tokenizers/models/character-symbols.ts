import type { BPEJson } from "orrery-lm/formats";

/** Where a character stands in its piece. */
export interface PlaceInPiece {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * The tokens that stand for single characters: behind the continuing prefix ("##") unless the
 * character is the first of its piece, before the end-of-word suffix ("</w>") if it is the last.
 */
export class CharacterSymbols {
  readonly #prefix: Uint8Array; // UTF-8
  readonly #suffix: Uint8Array; // UTF-8
  readonly #ids: readonly ReadonlyMap<number, number>[]; // by place, then by code point
  readonly #bytes: readonly (number | undefined)[]; // [256]; undefined everywhere without fallback

  constructor({ vocab, byteFallback, ...marks }: BPEJson) {
    const prefix = marks.continuingSubwordPrefix ?? "";
    const suffix = marks.endOfWordSuffix ?? "";
    this.#prefix = new TextEncoder().encode(prefix);
    this.#suffix = new TextEncoder().encode(suffix);
    const inside = charactersOf(vocab, prefix, "");
    const first = prefix === "" ? inside : charactersOf(vocab, "", "");
    const last = suffix === "" ? inside : charactersOf(vocab, prefix, suffix);
    const only = suffix === "" ? first : charactersOf(vocab, "", suffix);
    this.#ids = [inside, first, last, only];
    this.#bytes = Array.from({ length: 256 }, (_, byte) =>
      byteFallback ? vocab.get(byteToken(byte)) : undefined,
    );
  }

  /** The most symbols that a piece of so many bytes can start from. */
  mostSymbols(byteLength: number): number {
    return byteLength * (1 + this.#prefix.length) + this.#suffix.length;
  }

  find(codePoint: number, { isFirst, isLast }: PlaceInPiece): number | undefined {
    return this.#ids[(isFirst ? 1 : 0) + (isLast ? 2 : 0)]!.get(codePoint);
  }

  /** The ids of a character's bytes with its marks, or undefined unless all are tokens. */
  byteIds(character: Uint8Array, { isFirst, isLast }: PlaceInPiece): readonly number[] | undefined {
    const bytes = [...(isFirst ? [] : this.#prefix), ...character, ...(isLast ? this.#suffix : [])];
    const ids: number[] = [];
    for (const byte of bytes) {
      const id = this.#bytes[byte];
      if (id === undefined) return undefined;
      ids.push(id);
    }
    return ids;
  }
}

/** How `tokenizer.json` and SentencePiece spell a byte: `<0x0A>`. */
export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

/** The ids of the tokens that are one character between the marks, by code point. */
function charactersOf(
  vocab: ReadonlyMap<string, number>,
  prefix: string,
  suffix: string,
): ReadonlyMap<number, number> {
  const ids = new Map<number, number>();
  const marks = prefix.length + suffix.length;
  for (const [token, id] of vocab) {
    const length = token.length - marks;
    if (length < 1 || length > 2 || !token.startsWith(prefix) || !token.endsWith(suffix)) continue;
    const codePoint = token.codePointAt(prefix.length)!;
    if (length === (codePoint > 0xffff ? 2 : 1)) ids.set(codePoint, id);
  }
  return ids;
}
