import type { DecoderStep } from "./decoder-step.ts";
import { replaceAll } from "./replace-all.ts";
import { TokenMapper } from "./token-mapper.ts";

/**
 * `BPEDecoder`: the suffix that ends words ("</w>") becomes a blank, and vanishes in the last token.
 * So a token with a suffix is held back until another one follows.
 */
export function bpeDecoderStep(suffix: string): DecoderStep {
  return new TokenMapper(() => {
    let held: string | undefined;
    const release = (replacement: string): string[] => {
      const released = held === undefined ? [] : [replaceAll(held, suffix, replacement)];
      held = undefined;
      return released;
    };
    return {
      push(token) {
        const settled = release(" ");
        if (!token.includes(suffix)) return [...settled, token];
        held = token;
        return settled;
      },
      end: () => release(""),
    };
  });
}
