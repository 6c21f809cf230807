/** A network as a tensor program: from ids to logits and losses. */

import type { Network, ParameterLookup } from "orrery-lm/nn";
import {
  input,
  iota,
  meanLoss,
  multiplyDimensions,
  named,
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
  /** Tokens that the decoder of an encoder–decoder reads, `decoderInputIds` [batch, decoderTokens] int32. */
  decoderTokens?: Dimension | undefined;
  /** Whether `attentionMask` [batch, tokens] bool is an input. */
  hasMask: boolean;
  /** Whether `positionIds` [batch, tokens] int32 is an input; else they count from 0. */
  hasPositions: boolean;
  /** Whether `tokenTypeIds` [batch, tokens] int32 is an input. @default false */
  hasTokenTypes?: boolean;
  /** Whether `sequenceIds` [batch, tokens] int32 is an input: which text of a packed row a token belongs to. @default false */
  hasSequences?: boolean;
  /** Whether `prefixLengths` [batch] int32 is an input: how many first places all tokens of a row see. @default false */
  hasPrefixes?: boolean;
  /** Which logits to give. */
  logits: "all" | "last" | "none";
  /** Whether `labels` int32 is an input and `loss` an output; a label for each token that has logits. */
  hasLabels: boolean;
}

/** The values of a language model's program. */
export interface LanguageModelProgram {
  /** [batch, tokens, vocab], or [batch, 1, vocab] for `last`. */
  logits?: Value;
  /** [] nats: the mean over the labels that are not negative. */
  loss?: Value;
}

/** Gives the value of each of a network's parameters, one node for each name. */
export function parametersOf(network: Network): ParameterLookup {
  const values = new Map(
    Object.entries(network.parameters()).map(([name, { shape }]) => [name, parameter(name, shape)]),
  );
  return (name) => values.get(name)!;
}

/**
 * Builds the program. `labels[b, t]` is what the model should say at token t (already shifted, if
 * it is to say what comes next); a negative one does not count. The losses of all tokens,
 * [batch, tokens], are named `tokenLosses`.
 */
export function languageModelProgram(
  network: Network,
  options: ProgramOptions,
): LanguageModelProgram {
  const { batch, tokens, decoderTokens, logits, hasLabels } = options;
  const shape = [batch, tokens];
  const optional = (
    isThere: boolean | undefined,
    name: string,
    dtype: "int32" | "bool" = "int32",
  ) => (isThere ? input(name, shape, dtype) : undefined);
  const lookup = parametersOf(network);
  const inputIds = input("inputIds", shape, "int32");
  const hidden = network.hidden(
    lookup,
    {
      inputIds,
      tokenTypeIds: optional(options.hasTokenTypes, "tokenTypeIds"),
      decoderInputIds: decoderTokens
        ? input("decoderInputIds", [batch, decoderTokens], "int32")
        : undefined,
    },
    {
      positions:
        optional(options.hasPositions, "positionIds") ??
        network.positionsOf?.(inputIds) ??
        reshape(iota(tokens), [1, tokens]),
      attentionMask: optional(options.hasMask, "attentionMask", "bool"),
      sequenceIds: optional(options.hasSequences, "sequenceIds"),
      prefixLengths: options.hasPrefixes ? input("prefixLengths", [batch], "int32") : undefined,
    },
  );
  const head: ParameterLookup = (name) => lookup(`head.${name}`);
  const embedding = lookup("embedding.weight");
  const read = decoderTokens ?? tokens;
  const result: LanguageModelProgram = {};
  if (logits !== "none") {
    const rows = logits === "all" ? hidden : slice(hidden, 1, subtractDimensions(read, 1), read);
    result.logits = network.head.logits(head, rows, embedding);
  }
  if (hasLabels) {
    const count = multiplyDimensions(batch, read);
    const labels = reshape(input("labels", [batch, read], "int32"), [count]);
    const rows = reshape(hidden, [count, hidden.shape[2]!]);
    const losses = network.head.losses(head, rows, labels, embedding);
    const tokenLosses = named(reshape(losses, [batch, read]), "tokenLosses");
    result.loss = meanLoss(reshape(tokenLosses, [count]), labels);
  }
  return result;
}
