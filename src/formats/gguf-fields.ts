import { type ByteSource, FormatError } from "orrery-lm/base";
import { GGUF, type GgufValue, readGguf } from "./gguf.ts";
import type { SentencePieceType } from "./tokenizer-json/models.ts";

const PREFIX = "tokenizer.ggml.";

// By number in the file; 0 is for what the converter did not know.
const TOKEN_TYPES: readonly SentencePieceType[] = [
  "NORMAL",
  "NORMAL",
  "UNKNOWN",
  "CONTROL",
  "USER_DEFINED",
  "UNUSED",
  "BYTE",
];

/** The fields of a GGUF file that are about its tokenizer, `tokenizer.ggml.…`. */
export class GgufFields {
  readonly #values: ReadonlyMap<string, GgufValue>;

  constructor(values: ReadonlyMap<string, GgufValue>) {
    this.#values = values;
  }

  /** @throws {FormatError} if the source is no GGUF file, or a broken one. */
  static async read(source: ByteSource): Promise<GgufFields> {
    return new GgufFields(await readGguf(source, (key) => key.startsWith(PREFIX)));
  }

  string(name: string): string | undefined {
    const value = this.#get(name);
    return value === undefined || typeof value === "string" ? value : fail(name, "a string");
  }

  boolean(name: string): boolean | undefined {
    const value = this.#get(name);
    return value === undefined || typeof value === "boolean" ? value : fail(name, "true or false");
  }

  strings(name: string): readonly string[] | undefined {
    const value = this.#get(name);
    return value === undefined || Array.isArray(value) ? value : fail(name, "a list of strings");
  }

  numbers(name: string): Float64Array | undefined {
    const value = this.#get(name);
    if (value === undefined || value instanceof Float64Array) return value;
    return fail(name, "a list of numbers");
  }

  /** The tokens by id, all different and none empty. */
  tokens(): readonly string[] {
    const tokens = this.strings("tokens") ?? fail("tokens", "the vocabulary");
    const ids = new Map<string, number>();
    for (const [id, token] of tokens.entries()) {
      const other = ids.get(token);
      if (other !== undefined) {
        const shown = JSON.stringify(token);
        throw new FormatError(GGUF, `${PREFIX}tokens: ${other} and ${id} are both ${shown}`);
      }
      if (token === "") throw new FormatError(GGUF, `${PREFIX}tokens: ${id} is empty`);
      ids.set(token, id);
    }
    return tokens;
  }

  /** What each token is; NORMAL where the file does not say. */
  tokenTypes(count: number): SentencePieceType[] {
    const types = this.numbers("token_type");
    if (types === undefined) return Array.from({ length: count }, () => "NORMAL");
    if (types.length !== count) fail("token_type", `${count} numbers, one for each token`);
    return Array.from(types, (type) => TOKEN_TYPES[type] ?? fail("token_type", "types 0 to 6"));
  }

  /** The id in a field such as `bos_token_id`. */
  tokenId(name: string, count: number): number | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    const isId = typeof value === "number" && Number.isInteger(value) && value >= 0;
    // Some files have a number far off for a token that the model lacks.
    if (!isId) fail(name, "the id of a token");
    return value < count ? value : undefined;
  }

  #get(name: string): GgufValue | undefined {
    return this.#values.get(PREFIX + name);
  }
}

function fail(name: string, expected: string): never {
  throw new FormatError(GGUF, `${PREFIX}${name}: expected ${expected}`);
}
