import type { PatternJson } from "orrery-lm/formats";
import { createPattern } from "../patterns/create-pattern.ts";
import type { DecoderStep, DecoderStepRun, TokenPart } from "./decoder-step.ts";
import { StripStep } from "./strip.ts";
import { TokenMapper } from "./token-mapper.ts";

/** The regular expression of a blank at the end of a token. */
export const FINAL_BLANK: string = String.raw` \z`;

/**
 * `Replace`: another text for what a pattern matches in each token. The content is taken as it is,
 * "$1" too. A token of many parts is held back where a text may begin, and as a whole if the pattern
 * is a regular expression, unless that is {@link FINAL_BLANK}.
 */
export async function replaceStep(pattern: PatternJson, content: string): Promise<DecoderStep> {
  if ("string" in pattern && pattern.string !== "") return new ReplaceText(pattern.string, content);
  if ("regex" in pattern && pattern.regex === FINAL_BLANK && content === "") {
    return new StripStep({ content: " ", start: 0, stop: 1 });
  }
  const searched = await createPattern(pattern, {
    dialect: "oniguruma",
    origin: "decoder Replace",
  });
  return new TokenMapper(() => ({
    push(token) {
      let text = "";
      let last = 0;
      const matches = searched.findAll(token);
      for (let i = 0; i < matches.length; i += 2) {
        text += token.slice(last, matches[i]) + content;
        last = matches[i + 1]!;
      }
      return [text + token.slice(last)];
    },
  }));
}

class ReplaceText implements DecoderStep {
  readonly #searched: string;
  readonly #content: string;

  constructor(searched: string, content: string) {
    this.#searched = searched;
    this.#content = content;
  }

  start(): DecoderStepRun {
    const searched = this.#searched;
    let held = "";
    const replace = ({ text, isLast }: TokenPart): TokenPart => {
      const parts = (held + text).split(searched);
      const rest = parts.at(-1)!;
      held = isLast ? "" : beginningAtEnd(rest, searched);
      parts[parts.length - 1] = rest.slice(0, rest.length - held.length);
      return { text: parts.join(this.#content), isLast };
    };
    return { push: (parts) => parts.map(replace), end: () => [] };
  }
}

/** The longest end of a text with which `searched` begins. */
function beginningAtEnd(text: string, searched: string): string {
  let length = Math.min(text.length, searched.length - 1);
  while (!text.endsWith(searched.slice(0, length))) length--;
  return searched.slice(0, length);
}
