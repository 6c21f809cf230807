import type { AlignedText } from "../aligned-text.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";

/** `Sequence`: each pre-tokenizer cuts the pieces of the one before it. */
export class SequencePreTokenizer implements PreTokenizer {
  readonly #steps: readonly PreTokenizer[];

  constructor(steps: readonly PreTokenizer[]) {
    this.#steps = steps;
  }

  split(text: AlignedText): Iterable<AlignedText> {
    let pieces: Iterable<AlignedText> = [text];
    for (const step of this.#steps) pieces = splitAll(pieces, step);
    return pieces;
  }
}

function* splitAll(pieces: Iterable<AlignedText>, step: PreTokenizer): Generator<AlignedText> {
  for (const piece of pieces) if (piece.text !== "") yield* step.split(piece);
}
