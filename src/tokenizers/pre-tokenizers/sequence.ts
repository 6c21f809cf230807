import type { AlignedText } from "../aligned-text.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/** `Sequence`: each pre-tokenizer cuts the pieces of the one before it. */
export class SequencePreTokenizer implements PreTokenizer {
  readonly #steps: readonly PreTokenizer[];

  constructor(steps: readonly PreTokenizer[]) {
    this.#steps = steps;
  }

  split(text: AlignedText): readonly AlignedText[] {
    let pieces: readonly AlignedText[] = [text];
    for (const step of this.#steps) {
      pieces = pieces.flatMap((piece) => (piece.text === "" ? [] : step.split(piece)));
    }
    return pieces;
  }
}
