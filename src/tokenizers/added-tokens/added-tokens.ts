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

/**
 * Finds the added tokens in a text: leftmost first, longest first, those that are not `normalized`
 * before all others. `lstrip` and `rstrip` take spaces along, and those belong to the token.
 * A match inside a word that `singleWord` forbids still hides what starts inside it, as in the
 * reference.
 */
export class AddedTokens {
  readonly #specialIds: ReadonlySet<number>;
  readonly #all: readonly Matcher[];
  readonly #ordinary: readonly Matcher[];

  constructor(tokens: readonly AddedTokenJson[]) {
    this.#specialIds = new Set(tokens.filter(({ special }) => special).map(({ id }) => id));
    this.#all = makeMatchers(tokens);
    this.#ordinary = makeMatchers(tokens.filter(({ special }) => !special));
  }

  isSpecial(id: number): boolean {
    return this.#specialIds.has(id);
  }

  /** @throws {SpecialTokenError} if the mode is "refuse" and a special token is found. */
  split(text: string, mode: SpecialTokens): readonly Section[] {
    let sections: readonly Section[] = [{ start: 0, end: text.length, id: undefined }];
    const matchers = mode === "text" ? this.#ordinary : this.#all;
    for (const matcher of matchers) {
      sections = sections.flatMap((section) =>
        section.id === undefined ? splitSection(text, section, matcher) : [section],
      );
    }
    if (mode === "refuse") {
      const special = sections.find(({ id }) => id !== undefined && this.isSpecial(id));
      if (special !== undefined) {
        throw new SpecialTokenError(text.slice(special.start, special.end), special.start);
      }
    }
    return sections;
  }
}

/** One for the text as it came, one for the normalized text between what that found. */
function makeMatchers(tokens: readonly AddedTokenJson[]): readonly Matcher[] {
  return [false, true]
    .map((normalized) => tokens.filter((token) => token.normalized === normalized))
    .filter((group) => group.length > 0)
    .map((group) => new TokenTrie(group.map((token) => [token.content, token])));
}

function splitSection(text: string, section: Section, matcher: Matcher): Section[] {
  // Each section is looked at by itself: its ends are ends of the text.
  const local = text.slice(section.start, section.end);
  const found: Section[] = [];
  let done = 0;
  const push = (start: number, end: number, id: number | undefined): void => {
    found.push({ start: section.start + start, end: section.start + end, id });
  };
  for (let match = matcher.find(local, 0); match; match = matcher.find(local, match.end)) {
    const { value: token } = match;
    if (token.singleWord && touchesWord(local, match)) continue;
    const start = token.lstrip ? spacesStart(local, match.start, done) : match.start;
    // Inside spaces that the token before took along, those spaces end where it ends.
    const spaces = match.end < done ? done : match.end;
    const end = token.rstrip ? spacesEnd(local, spaces) : match.end;
    if (done < start) push(done, start, undefined);
    push(start, end, token.id);
    done = end;
  }
  if (done < local.length) push(done, local.length, undefined);
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
