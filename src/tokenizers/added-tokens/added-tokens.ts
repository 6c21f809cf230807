import { FormatError } from "orrery-lm/base";
import type { AddedTokenJson } from "orrery-lm/formats";
import { SpecialTokenError } from "../special-token-error.ts";
import { SPACE, WORD, hasClass } from "../unicode/classes.ts";
import { TokenTrie } from "./token-trie.ts";

/**
 * What special tokens in the text mean: `"text"`: nothing, they are plain text (other added tokens
 * always match); `"match"`: the token, as in the reference library; `"refuse"`: an error.
 */
export type SpecialTokens = "text" | "match" | "refuse";

/** A stretch of a text, in UTF-16 units: an added token, or what lies between two. */
export interface Section {
  readonly start: number;
  readonly end: number;
  /** Undefined for text that the model is to encode. */
  readonly id: number | undefined;
}

type Matcher = TokenTrie<AddedTokenJson>;

// At each place of a text as much may have to be looked at.
const MAX_LENGTH = 1024;

/**
 * Finds the added tokens in a text: leftmost first, longest first. Those that are not `normalized`
 * are looked for in the text as it came, the others in what lies between them, after normalization.
 * `lstrip` and `rstrip` take spaces along, and those belong to the token.
 * A match inside a word that `singleWord` forbids still hides what starts inside it, as in the
 * reference.
 */
export class AddedTokens {
  /** Length of the longest, in UTF-16 units. */
  readonly longest: number;
  readonly #specialIds: ReadonlySet<number>;
  readonly #raw: Matchers;
  readonly #normalized: Matchers;
  readonly #hasNormalizer: boolean;

  /**
   * @param normalize what the normalizer makes of a text; undefined without one
   * @throws {FormatError} if a token is longer than any published one.
   */
  constructor(tokens: readonly AddedTokenJson[], normalize?: (text: string) => string) {
    this.#specialIds = new Set(tokens.filter(({ special }) => special).map(({ id }) => id));
    this.longest = tokens.reduce((most, { content }) => Math.max(most, content.length), 0);
    this.#raw = makeMatchers(
      tokens.filter(({ normalized }) => !normalized),
      (text) => text,
    );
    this.#normalized = makeMatchers(
      tokens.filter(({ normalized }) => normalized),
      normalize ?? ((text) => text),
    );
    this.#hasNormalizer = normalize !== undefined;
  }

  isSpecial(id: number): boolean {
    return this.#specialIds.has(id);
  }

  /** True if {@link splitNormalized} can find something. */
  isNormalizing(mode: SpecialTokens): boolean {
    return this.#hasNormalizer && matcherFor(this.#normalized, mode) !== undefined;
  }

  /** The special tokens in a text as it came. */
  findSpecial(text: string): readonly Section[] {
    return this.split(text, "match").filter(({ id }) => id !== undefined && this.isSpecial(id));
  }

  /**
   * Splits a text as it came; without a normalizer at the `normalized` tokens too.
   * @param plain stretches, in UTF-16 units, where special tokens are plain text
   * @throws {SpecialTokenError} if the mode is "refuse" and a special token is found.
   */
  split(
    text: string,
    mode: SpecialTokens,
    plain: readonly (readonly [start: number, end: number])[] = [],
  ): readonly Section[] {
    if (plain.length > 0) return this.#splitAround(text, plain);
    const sections = this.#splitAt(this.#raw, text, mode);
    if (this.#hasNormalizer || matcherFor(this.#normalized, mode) === undefined) return sections;
    return sections.flatMap((section) => {
      if (section.id !== undefined) return [section];
      const part = text.slice(section.start, section.end);
      return this.#splitAt(this.#normalized, part, mode).map(({ start, end, id }) => ({
        start: section.start + start,
        end: section.start + end,
        id,
      }));
    });
  }

  /** Joins again the stretches around special tokens that are plain text. */
  #splitAround(text: string, plain: readonly (readonly [number, number])[]): readonly Section[] {
    const isPlain = ({ start, end, id }: Section): boolean =>
      id === undefined ||
      (this.isSpecial(id) && plain.some(([from, to]) => start < to && end > from));
    const sections: Section[] = [];
    for (const section of this.split(text, "match")) {
      const before = sections.at(-1);
      if (!isPlain(section)) sections.push(section);
      else if (before?.id === undefined && before !== undefined) {
        sections[sections.length - 1] = { ...before, end: section.end };
      } else sections.push({ ...section, id: undefined });
    }
    return sections;
  }

  /**
   * Splits what the normalizer made of a section.
   * @throws {SpecialTokenError} if the mode is "refuse" and a special token is found.
   */
  splitNormalized(text: string, mode: SpecialTokens): readonly Section[] {
    return this.#splitAt(this.#normalized, text, mode);
  }

  #splitAt(matchers: Matchers, text: string, mode: SpecialTokens): readonly Section[] {
    const matcher = matcherFor(matchers, mode);
    if (matcher === undefined) return [{ start: 0, end: text.length, id: undefined }];
    const sections = splitText(text, matcher);
    if (mode === "refuse") {
      const special = sections.find(({ id }) => id !== undefined && this.isSpecial(id));
      if (special !== undefined) {
        throw new SpecialTokenError(text.slice(special.start, special.end), special.start);
      }
    }
    return sections;
  }
}

interface Matchers {
  readonly all: Matcher | undefined;
  readonly ordinary: Matcher | undefined;
}

function makeMatchers(
  tokens: readonly AddedTokenJson[],
  normalize: (text: string) => string,
): Matchers {
  const make = (group: readonly AddedTokenJson[]): Matcher | undefined => {
    const entries = group.map((token) => [normalize(token.content), token] as const);
    const findable = entries.filter(([text]) => text !== "");
    const tooLong = findable.find(([text]) => text.length > MAX_LENGTH);
    if (tooLong !== undefined) {
      const [{ length }, { id }] = tooLong;
      throw new FormatError(
        "tokenizer",
        `the added token ${id}: expected at most ${MAX_LENGTH} characters, got ${length}`,
      );
    }
    return findable.length === 0 ? undefined : new TokenTrie(findable);
  };
  return { all: make(tokens), ordinary: make(tokens.filter(({ special }) => !special)) };
}

function matcherFor(matchers: Matchers, mode: SpecialTokens): Matcher | undefined {
  return mode === "text" ? matchers.ordinary : matchers.all;
}

/** The ends of the text are ends of words. */
function splitText(text: string, matcher: Matcher): Section[] {
  const found: Section[] = [];
  let done = 0;
  for (let match = matcher.find(text, 0); match; match = matcher.find(text, match.end)) {
    const { value: token } = match;
    if (token.singleWord && touchesWord(text, match)) continue;
    const start = token.lstrip ? spacesStart(text, match.start, done) : match.start;
    // Inside spaces that the token before took along, those spaces end where it ends.
    const spaces = match.end < done ? done : match.end;
    const end = token.rstrip ? spacesEnd(text, spaces) : match.end;
    if (end <= start) continue;
    if (done < start) found.push({ start: done, end: start, id: undefined });
    found.push({ start, end, id: token.id });
    done = end;
  }
  if (done < text.length) found.push({ start: done, end: text.length, id: undefined });
  return found;
}

function touchesWord(text: string, { start, end }: { start: number; end: number }): boolean {
  return hasClass(codePointBefore(text, start), WORD) || hasClass(text.codePointAt(end), WORD);
}

function codePointBefore(text: string, end: number): number | undefined {
  const isPair = end >= 2 && text.codePointAt(end - 2)! > 0xffff;
  return end === 0 ? undefined : text.codePointAt(end - (isPair ? 2 : 1));
}

/** Where the spaces before a place start, `limit` at the earliest. Every space is one UTF-16 unit. */
function spacesStart(text: string, end: number, limit: number): number {
  // A match may start before the limit, in spaces that the token before took along.
  if (end < limit) return limit;
  let start = end;
  while (start > limit && hasClass(text.charCodeAt(start - 1), SPACE)) start--;
  return start;
}

function spacesEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && hasClass(text.charCodeAt(end), SPACE)) end++;
  return end;
}
