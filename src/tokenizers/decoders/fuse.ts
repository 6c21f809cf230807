import type { DecoderStep, DecoderStepRun } from "./decoder-step.ts";

/** `Fuse`: one token of all, so that the next step sees the text as a whole. */
export class FuseStep implements DecoderStep {
  start(): DecoderStepRun {
    return {
      push: (parts) => parts.map(({ text }) => ({ text, isLast: false })),
      end: () => [{ text: "", isLast: true }],
    };
  }
}
