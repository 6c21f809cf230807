/** A network as a tensor program: from ids to logits and losses. */

import type { CausalLM } from "orrery-lm/nn";
import {
  iota,
  input,
  linearCrossEntropy,
  matmul,
  meanLoss,
  named,
  multiplyDimensions,
  parameter,
  reshape,
  slice,
  subtractDimensions,
  type Dimension,
  type Value,
} from "orrery-lm/tensor";

/** What a program is to read and give. */
export interface ProgramOptions {
  /** Sizes: numbers for training, symbols for everything else. */
  batch: Dimension;
  tokens: Dimension;
  /** Whether `attentionMask` [batch, tokens] bool is an input. */
  hasMask: boolean;
  /** Whether `positionIds` [batch, tokens] int32 is an input; else they count from 0. */
  hasPositions: boolean;
  /** Which logits to give. */
  logits: "all" | "last" | "none";
  /** Whether `labels` [batch, tokens] int32 is an input and `loss` an output. */
  hasLabels: boolean;
}

/** The values of a language model's program. */
export interface LanguageModelProgram {
  /** [batch, tokens, vocab], or [batch, 1, vocab] for `last`. */
  logits?: Value;
  /** [] nats: the mean over the labels that are not negative. */
  loss?: Value;
}

/**
 * Builds the program. `labels[b, t]` is what the model should say after token t (already shifted);
 * a negative one does not count. The losses of all tokens, [batch, tokens], are named `tokenLosses`.
 */
export function languageModelProgram(
  network: CausalLM,
  options: ProgramOptions,
): LanguageModelProgram {
  const { batch, tokens, hasMask, hasPositions, logits, hasLabels } = options;
  const shape = [batch, tokens];
  const specs = network.parameters();
  const values = new Map(
    Object.entries(specs).map(([name, spec]) => [name, parameter(name, spec.shape)]),
  );
  const lookup = (name: string): Value => values.get(name)!;
  const hidden = network.hidden(lookup, input("inputIds", shape, "int32"), {
    positions: hasPositions
      ? input("positionIds", shape, "int32")
      : reshape(iota(tokens), [1, tokens]),
    attentionMask: hasMask ? input("attentionMask", shape, "bool") : undefined,
  });
  const head = network.head(lookup);
  const result: LanguageModelProgram = {};
  if (logits !== "none") {
    const rows =
      logits === "all" ? hidden : slice(hidden, 1, subtractDimensions(tokens, 1), tokens);
    result.logits = matmul(rows, head, { transposeB: true });
  }
  if (hasLabels) {
    const count = multiplyDimensions(batch, tokens);
    const labels = reshape(input("labels", shape, "int32"), [count]);
    const rows = reshape(hidden, [count, hidden.shape[2]!]);
    const losses = reshape(linearCrossEntropy(rows, head, labels), shape);
    result.loss = meanLoss(reshape(named(losses, "tokenLosses"), [count]), labels);
  }
  return result;
}
