import {
  type DecoderStep,
  type DecoderStepRun,
  type TokenPart,
  wholeToken,
} from "./decoder-step.ts";

/** What becomes of the tokens of one text, for a step that looks at whole tokens. */
export interface TokenMapperRun {
  push(token: string): readonly string[];
  end?(): readonly string[];
}

/** A step that needs whole tokens: it waits for the last part of each. */
export class TokenMapper implements DecoderStep {
  readonly #start: () => TokenMapperRun;

  constructor(start: () => TokenMapperRun) {
    this.#start = start;
  }

  start(): DecoderStepRun {
    const run = this.#start();
    let waiting: string[] = [];
    return {
      push(parts) {
        const out: TokenPart[] = [];
        for (const { text, isLast } of parts) {
          waiting.push(text);
          if (!isLast) continue;
          const token = waiting.length === 1 ? text : waiting.join("");
          waiting = [];
          for (const mapped of run.push(token)) out.push(wholeToken(mapped));
        }
        return out;
      },
      end: () => (run.end?.() ?? []).map(wholeToken),
    };
  }
}
