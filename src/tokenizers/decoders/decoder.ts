/** Turns tokens back into text. */
export interface Decoder {
  /** Begins a new text. */
  start(): DecoderRun;
}

/** The decoding of one text, whose tokens may come in portions. */
export interface DecoderRun {
  /** The text that these tokens settle; what later tokens can still change is held back. */
  push(tokens: readonly string[]): string;
  /** The rest. */
  end(): string;
}
