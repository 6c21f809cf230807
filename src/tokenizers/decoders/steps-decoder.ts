import type { Decoder, DecoderRun } from "./decoder.ts";
import { type DecoderStep, type TokenPart, wholeToken } from "./decoder-step.ts";

/** Steps one after the other (`Sequence`), each over the tokens that the one before it gives, joined. */
export class StepsDecoder implements Decoder {
  readonly #steps: readonly DecoderStep[];

  constructor(steps: readonly DecoderStep[]) {
    this.#steps = steps;
  }

  start(): DecoderRun {
    const runs = this.#steps.map((step) => step.start());
    const through = (from: number, parts: readonly TokenPart[]): string =>
      runs
        .slice(from)
        .reduce((passed, run) => run.push(passed), parts)
        .map(textOf)
        .join("");
    return {
      push: (tokens) => through(0, tokens.map(wholeToken)),
      end: () => runs.map((run, i) => through(i + 1, run.end())).join(""),
    };
  }
}

function textOf({ text }: TokenPart): string {
  return text;
}
