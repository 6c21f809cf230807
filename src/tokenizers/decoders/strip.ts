import type { DecoderStep, DecoderStepRun, TokenPart } from "./decoder-step.ts";

/** Options of {@link StripStep}. */
export interface StripStepOptions {
  /** One character. */
  readonly content: string;
  /** How many of it to cut at most from the start of each token. */
  readonly start: number;
  /** How many of it to cut at most from the end. */
  readonly stop: number;
}

/** `Strip`: cuts a character from both ends of each token; the start is cut first. */
export class StripStep implements DecoderStep {
  readonly #options: StripStepOptions;

  constructor(options: StripStepOptions) {
    this.#options = options;
  }

  start(): DecoderStepRun {
    const { content, start, stop } = this.#options;
    let left = start; // of the characters that the start of this token may lose
    let held = 0; // of the characters at the end so far, which it may lose if nothing follows
    const strip = ({ text, isLast }: TokenPart): TokenPart => {
      let from = 0;
      while (left > 0 && text.startsWith(content, from)) {
        from += content.length;
        left--;
      }
      if (from < text.length) left = 0;
      const rest = text.slice(from);
      const atEnd = countAtEnd(rest, content, stop);
      // Of what is held nothing is looked at again: it may grow with every portion of a stream.
      const goesOn = atEnd * content.length === rest.length;
      const cut = Math.min(stop, goesOn ? held + atEnd : atEnd);
      const released = content.repeat(goesOn ? held + atEnd - cut : held);
      const kept = released + rest.slice(0, rest.length - atEnd * content.length);
      held = cut;
      if (isLast) {
        left = start;
        held = 0;
      }
      return { text: kept, isLast };
    };
    return { push: (parts) => parts.map(strip), end: () => [] };
  }
}

function countAtEnd(text: string, content: string, limit: number): number {
  let count = 0;
  let end = text.length;
  while (count < limit && text.endsWith(content, end)) {
    end -= content.length;
    count++;
  }
  return count;
}
