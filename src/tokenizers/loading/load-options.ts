import { ConfigError } from "orrery-lm/base";
import {
  type ModelJson,
  SPLIT_PATTERNS,
  type TokenizerJson,
  specialToken,
  splitAtPatterns,
} from "orrery-lm/formats";
import { tokensOf } from "../vocabulary.ts";

/** Options of {@link Tokenizer.load}: what some formats leave out. */
export interface LoadOptions {
  /**
   * What cuts the text into pieces: a name ("gpt2", "r50k", "p50k", "cl100k", "o200k", "llama3",
   * "qwen2", "deepseek-v3", "tekken", "starcoder"), or a regular expression whose matches are the
   * pieces. A rank file does not say it, and it is never guessed; `vocab.json` with `merges.txt` is
   * GPT-2's without it; in a GGUF file it goes before the name that stands there.
   */
  readonly pattern?: string;
  /**
   * Special tokens with their ids, for a rank file or `vocab.json` with `merges.txt`:
   * `{ "<|endoftext|>": 100257 }`. @default {}
   */
  readonly specialTokens?: Readonly<Record<string, number>>;
  /**
   * Make text lower case and take off accents, for a `vocab.txt`, which does not say it: models named
   * "uncased" need it, models named "cased" need false. @default true
   */
  readonly lowercase?: boolean;
}

/** The rules that the user gave for a file that leaves them out. */
export class RuleOptions {
  /** Patterns to cut at, one after the other; undefined if none was given. */
  readonly patterns: readonly string[] | undefined;
  readonly #specialTokens: Readonly<Record<string, number>> | undefined;
  readonly #lowercase: boolean | undefined;

  /** @throws {ConfigError} if the name of the pattern is not known. */
  constructor({ pattern, specialTokens, lowercase }: LoadOptions) {
    this.patterns = pattern === undefined ? undefined : patternsOf(pattern);
    this.#specialTokens = specialTokens;
    this.#lowercase = lowercase;
  }

  /** What becomes of capital letters, for a file that leaves it open. */
  get lowercase(): boolean {
    return this.#lowercase ?? true;
  }

  /** @throws {ConfigError} if there is no pattern. */
  needPatterns(what: string): void {
    if (this.patterns !== undefined) return;
    throw new ConfigError(
      `Tokenizer.load: ${what} does not say how text is cut into pieces; name it: { pattern: "cl100k" }, one of ${knownNames()}, or a regular expression`,
    );
  }

  /** @throws {ConfigError} if `lowercase` was given for a format that has a normalizer of its own. */
  refuseLowercase(what: string): void {
    if (this.#lowercase === undefined) return;
    throw new ConfigError(
      `Tokenizer.load: ${what} says itself how text is normalized; leave out lowercase`,
    );
  }

  /** @throws {ConfigError} if rules were given for a format that has its own. */
  refuse(what: string): void {
    if (this.patterns !== undefined) {
      throw new ConfigError(`Tokenizer.load: ${what} has a pattern of its own; leave out pattern`);
    }
    this.refuseSpecialTokens(what);
  }

  /** @throws {ConfigError} if special tokens were given for a format that has its own. */
  refuseSpecialTokens(what: string): void {
    if (this.#specialTokens === undefined) return;
    throw new ConfigError(
      `Tokenizer.load: ${what} has special tokens of its own; leave out specialTokens`,
    );
  }

  /**
   * A tokenizer with these patterns and special tokens, where they were given.
   * @throws {ConfigError} if the id of a special token is impossible, or that of another token.
   */
  applyTo(json: TokenizerJson): TokenizerJson {
    const given = Object.entries(this.#specialTokens ?? {});
    const tokens = tokensWithIds(json.model, new Set(given.map(([, id]) => id)));
    const addedTokens = new Map(json.addedTokens.map((token) => [token.id, token]));
    for (const [content, id] of given) {
      if (content === "" || !Number.isInteger(id) || id < 0 || id >= 2 ** 24) {
        throw new ConfigError(
          `Tokenizer.load: specialTokens: expected names and ids, got ${JSON.stringify({ [content]: id })}`,
        );
      }
      const other = addedTokens.get(id)?.content ?? tokens.get(id) ?? content;
      if (other !== content) {
        throw new ConfigError(
          `Tokenizer.load: specialTokens: the id ${id} of ${JSON.stringify(content)} is that of ${JSON.stringify(other)}`,
        );
      }
      addedTokens.set(id, specialToken(content, id));
    }
    return {
      ...json,
      addedTokens: [...addedTokens.values()].toSorted((a, b) => a.id - b.id),
      preTokenizer:
        this.patterns === undefined ? json.preTokenizer : splitAtPatterns(this.patterns),
    };
  }
}

function patternsOf(pattern: string): readonly string[] {
  const named = SPLIT_PATTERNS.get(pattern.replace(/_base$/, ""));
  if (named !== undefined) return named;
  if (!/^[\w.-]*$/.test(pattern)) return [pattern];
  throw new ConfigError(
    `Tokenizer.load: pattern: expected one of ${knownNames()}, or a regular expression, got ${JSON.stringify(pattern)}`,
  );
}

function knownNames(): string {
  return [...SPLIT_PATTERNS.keys()].map((name) => `"${name}"`).join(", ");
}

/** The tokens of a model that have one of some ids. */
function tokensWithIds(model: ModelJson, ids: ReadonlySet<number>): ReadonlyMap<number, string> {
  const tokens = new Map<number, string>();
  if (model.type === "tiktoken") {
    // A look at each id instead of at each of a hundred thousand tokens.
    for (const id of ids) {
      const bytes = model.bytes.subarray(model.ends[id - 1] ?? 0, model.ends[id] ?? 0);
      if (bytes.length > 0) tokens.set(id, new TextDecoder().decode(bytes));
    }
    return tokens;
  }
  for (const [token, id] of tokensOf(model)) if (ids.has(id)) tokens.set(id, token);
  return tokens;
}
