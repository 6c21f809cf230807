import { cleanUp } from "./clean-up.ts";
import type { DecoderStep } from "./decoder-step.ts";
import { replaceAll } from "./replace-all.ts";
import { TokenMapper } from "./token-mapper.ts";

/** Options of {@link ctcStep}. */
export interface CtcStepOptions {
  /** Stands between two equal tokens that are meant to stay two, and vanishes. */
  readonly padToken: string;
  /** Becomes a blank, if `cleanup` is asked for. */
  readonly wordDelimiterToken: string;
  readonly cleanup: boolean;
}

/**
 * `CTC`: equal tokens in a row are one, then the padding vanishes, from inside of tokens too.
 *
 * @see Graves et al. 2006, "Connectionist Temporal Classification", §3.1
 */
export function ctcStep({ padToken, wordDelimiterToken, cleanup }: CtcStepOptions): DecoderStep {
  return new TokenMapper(() => {
    let last: string | undefined;
    return {
      push(token) {
        if (token === last) return [];
        last = token;
        const unpadded = token.replaceAll(padToken, "");
        const text = cleanup ? replaceAll(cleanUp(unpadded), wordDelimiterToken, " ") : unpadded;
        return text === "" ? [] : [text];
      },
    };
  });
}
