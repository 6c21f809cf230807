import { FormatError } from "orrery-lm/base";
import type { AddedTokenJson } from "orrery-lm/formats";
import { checkChoice } from "../check-choice.ts";
import { SpecialTokenError } from "../special-token-error.ts";
import { SPACE, WORD, hasClass } from "../unicode/classes.ts";
import { TokenTrie } from "./token-trie.ts";

/**
 * What special tokens in the text mean: `"text"`: nothing, they are plain text (other added tokens
 * always match); `"match"`: the token, as in the reference library; `"refuse"`: an error.
 */
export type SpecialTokens = "text" | "match" | "refuse";

/** @throws {ConfigError} if it is none of the three. */
export function checkSpecialTokens(mode: SpecialTokens): void {
  checkChoice("specialTokens", mode, ["text", "match", "refuse"]);
}

/** A stretch of a text, in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A stretch of a text: an added token, or what lies between two. */
export interface Section extends Stretch {
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
  readonly #hasSingleWord: boolean;

  /**
   * @param normalize what the normalizer makes of a text; undefined without one
   * @throws {FormatError} if a token is longer than any published one.
   */
  constructor(tokens: readonly AddedTokenJson[], normalize?: (text: string) => string) {
    this.#specialIds = new Set(tokens.filter(({ special }) => special).map(({ id }) => id));
    this.takesBlanksBefore = tokens.some(({ lstrip }) => lstrip);
    this.#hasSingleWord = tokens.some(({ singleWord }) => singleWord);
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

  /** Some tokens take blanks before them along. */
  readonly takesBlanksBefore: boolean;

  isSpecial(id: number): boolean {
    return this.#specialIds.has(id);
  }

  /** True if {@link splitNormalized} can find something. */
  isNormalizing(mode: SpecialTokens): boolean {
    return this.#hasNormalizer && matcherFor(this.#normalized, mode) !== undefined;
  }

  /**
   * The first special token in a text; one that stands only in the normalized text has no place.
   * @param normalize what the normalizer makes of a text
   */
  findSpecial(
    text: string,
    normalize: (text: string) => string,
  ): { token: string; offset: number } | undefined {
    const raw = this.specialIn(this.split(text, "match"));
    if (raw !== undefined) return { token: text.slice(raw.start, raw.end), offset: raw.start };
    if (!this.isNormalizing("match")) return undefined;
    const normalized = normalize(text);
    const found = this.specialIn(this.splitNormalized(normalized, "match"));
    return found && { token: normalized.slice(found.start, found.end), offset: 0 };
  }

  /**
   * Splits a text as it came; without a normalizer at the `normalized` tokens too.
   * @param plainStarts places, in UTF-16 units, where a special token is plain text
   * @throws {SpecialTokenError} if the mode is "refuse" and a special token is found.
   */
  split(text: string, mode: SpecialTokens, plainStarts?: ReadonlySet<number>): readonly Section[] {
    checkSpecialTokens(mode);
    const raw = splitAt(this.#raw, text, mode, (start) => plainStarts?.has(start) === true);
    const sections = this.#hasNormalizer
      ? raw
      : raw.flatMap((section) => {
          if (section.id !== undefined) return [section];
          const part = text.slice(section.start, section.end);
          const isPlain: IsPlain = (start) => plainStarts?.has(section.start + start) === true;
          return splitAt(this.#normalized, part, mode, isPlain).map(({ start, end, id }) => ({
            start: section.start + start,
            end: section.start + end,
            id,
          }));
        });
    const special = mode === "refuse" ? this.specialIn(sections) : undefined;
    if (special === undefined) return sections;
    throw new SpecialTokenError(text.slice(special.start, special.end), special.start);
  }

  /** The first special token. */
  specialIn(sections: readonly Section[]): Section | undefined {
    return sections.find(({ id }) => id !== undefined && this.isSpecial(id));
  }

  /**
   * Where the text that {@link split} splits has tokens that `singleWord` forbids, in order: what is
   * beside them decides that, so nobody may cut there.
   */
  forbidden(text: string, mode: SpecialTokens): readonly Stretch[] {
    if (!this.#hasSingleWord) return [];
    const found = forbiddenIn(text, matcherFor(this.#raw, mode));
    if (this.#hasNormalizer) return found;
    const matcher = matcherFor(this.#normalized, mode);
    for (const { start, end, id } of splitAt(this.#raw, text, mode)) {
      if (id !== undefined) continue;
      for (const part of forbiddenIn(text.slice(start, end), matcher)) {
        found.push({ start: start + part.start, end: start + part.end });
      }
    }
    return found.toSorted((a, b) => a.start - b.start);
  }

  /** Splits what the normalizer made of a section; {@link refuseSpecialTokens} refuses. */
  splitNormalized(text: string, mode: SpecialTokens): readonly Section[] {
    return splitAt(this.#normalized, text, mode);
  }
}

/** Whether a special token that starts at a place is plain text. */
type IsPlain = (start: number) => boolean;

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

function splitAt(
  matchers: Matchers,
  text: string,
  mode: SpecialTokens,
  isPlain: IsPlain = () => false,
): readonly Section[] {
  const matcher = matcherFor(matchers, mode);
  if (matcher === undefined) return [{ start: 0, end: text.length, id: undefined }];
  return cutAtTokens(text, matcher, isPlain);
}

function matcherFor(matchers: Matchers, mode: SpecialTokens): Matcher | undefined {
  return mode === "text" ? matchers.ordinary : matchers.all;
}

/** The ends of the text are ends of words. */
function cutAtTokens(text: string, matcher: Matcher, isPlain: IsPlain): Section[] {
  const found: Section[] = [];
  let done = 0;
  let next = 0;
  for (let match = matcher.find(text, 0); match; match = matcher.find(text, next)) {
    const { value: token } = match;
    const isText = token.special && isPlain(match.start);
    // Inside a special token that is plain text, others can start.
    next = isText ? match.start + 1 : match.end;
    if (isText) continue;
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

function forbiddenIn(text: string, matcher: Matcher | undefined): Stretch[] {
  const found: Stretch[] = [];
  for (let match = matcher?.find(text, 0); match; match = matcher?.find(text, match.end)) {
    if (match.value.singleWord && touchesWord(text, match)) found.push(match);
  }
  return found;
}

function touchesWord(text: string, { start, end }: Stretch): boolean {
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
