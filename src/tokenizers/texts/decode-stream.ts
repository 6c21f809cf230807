import type { DecoderRun } from "../decoders/decoder.ts";

/** Decodes ids that come in portions. The texts it gives, joined, are what `decode` gives at once. */
export class DecodeStream {
  readonly #run: DecoderRun;
  readonly #tokensOf: (ids: ArrayLike<number>) => readonly string[];

  constructor(run: DecoderRun, tokensOf: (ids: ArrayLike<number>) => readonly string[]) {
    this.#run = run;
    this.#tokensOf = tokensOf;
  }

  /** The text that these ids complete; the start of an unfinished character is held back. */
  push(ids: ArrayLike<number>): string {
    return this.#run.push(this.#tokensOf(ids));
  }

  /** What was held back: U+FFFD for a character that never became complete. */
  end(): string {
    return this.#run.end();
  }
}
