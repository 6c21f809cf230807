import { cleanUp } from "./clean-up.ts";
import type { DecoderStep } from "./decoder-step.ts";
import { TokenMapper } from "./token-mapper.ts";

/** Options of {@link wordPieceStep}. */
export interface WordPieceStepOptions {
  /** What tokens that go on start with, such as "##". */
  readonly prefix: string;
  /** Take blanks before punctuation away again. */
  readonly cleanup: boolean;
}

/**
 * `WordPiece`: glues tokens that go on to those before them and puts a blank before all others. The
 * first token of a text is taken as it is, prefix and all. The cleanup sees one token at a time, with
 * its blank.
 */
export function wordPieceStep({ prefix, cleanup }: WordPieceStepOptions): DecoderStep {
  return new TokenMapper(() => {
    let isFirst = true;
    return {
      push(token) {
        const text = isFirst ? token : joined(token, prefix);
        isFirst = false;
        return [cleanup ? cleanUp(text) : text];
      },
    };
  });
}

function joined(token: string, prefix: string): string {
  return token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
}
