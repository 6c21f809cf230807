import type { Decoder, DecoderRun } from "./decoder.ts";

/** What happens where a file names no decoder: the tokens as they are, with blanks between them. */
export class JoinWithBlanks implements Decoder {
  start(): DecoderRun {
    let isFirst = true;
    return {
      push(tokens) {
        const text = tokens.map((token, i) => (isFirst && i === 0 ? token : ` ${token}`)).join("");
        if (tokens.length > 0) isFirst = false;
        return text;
      },
      end: () => "",
    };
  }
}
