/**
 * A stretch of a token, in the stream of tokens between two steps of a `Sequence`. A token whose end
 * is not known yet, as that of `Fuse`, comes in several parts.
 */
export interface TokenPart {
  readonly text: string;
  readonly isLast: boolean;
}

/** A step of decoding: makes other tokens of the tokens of a text. */
export interface DecoderStep {
  /** Begins a new text. */
  start(): DecoderStepRun;
}

/** What a step does to the tokens of one text, which may come in portions. */
export interface DecoderStepRun {
  /** The parts that these parts settle; what later ones can still change is held back. */
  push(parts: readonly TokenPart[]): TokenPart[];
  /** The rest. */
  end(): TokenPart[];
}

/** A whole token. */
export function wholeToken(text: string): TokenPart {
  return { text, isLast: true };
}
