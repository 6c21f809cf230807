import type { AlignedText } from "../aligned-text.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/** `Sequence`: each pre-tokenizer cuts the pieces of the one before it. */
export class SequencePreTokenizer implements PreTokenizer {
  readonly #steps: readonly PreTokenizer[];

  constructor(steps: readonly PreTokenizer[]) {
    this.#steps = steps;
  }

  *split(text: AlignedText): Generator<AlignedText> {
    // Of each step that has begun: what is left of the pieces of the one before it.
    const open: Iterator<AlignedText>[] = [[text].values()];
    while (open.length > 0) {
      const { value: piece, done } = open.at(-1)!.next();
      if (done === true) open.pop();
      else if (open.length > this.#steps.length) yield piece;
      else if (piece.text !== "") {
        open.push(this.#steps[open.length - 1]!.split(piece)[Symbol.iterator]());
      }
    }
  }
}
