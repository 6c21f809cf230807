import type { Decoder } from "./decoder.ts";
import { type DecoderStep, wholeToken } from "./decoder-step.ts";
import { TokenMapper } from "./token-mapper.ts";

/** A step that makes one token of all, as a decoder does that reads the bytes of all tokens. */
export function fusingStep(decoder: Decoder): DecoderStep {
  return {
    start() {
      const words = new TokenMapper(() => ({ push: (token) => [token] })).start();
      const run = decoder.start();
      return {
        push: (parts) => {
          const tokens = words.push(parts).map(({ text }) => text);
          return [{ text: run.push(tokens), isLast: false }];
        },
        end: () => [wholeToken(run.end())],
      };
    },
  };
}
