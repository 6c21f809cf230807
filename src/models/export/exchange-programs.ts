/** A model as programs with the inputs and outputs that other programs know. */

import type { EncoderDecoder, Network, ParameterLookup } from "orrery-lm/nn";
import {
  add,
  addDimensions,
  cast,
  constant,
  cumulativeSum,
  equal,
  input,
  maximum,
  not,
  reshape,
  size,
  slice,
  subtract,
  type Dimension,
  type Value,
} from "orrery-lm/tensor";
import { parametersOf } from "../program.ts";
import { ConcatenatedPast, countedPositions, KNOWN_STATES } from "./concatenated-past.ts";

/** Outputs of a program by their names. */
type Outputs = Readonly<Record<string, Value>>;

// Names that Optimum gives; transformers.js looks for `batch_size`.
const BATCH = "batch_size";
const TOKENS = "sequence_length";
const PAST = "past_sequence_length";
const STATES = "encoder_sequence_length";

/**
 * The programs of a model by the names of their files. Whole numbers are `input_ids`,
 * `attention_mask`, `position_ids`, `token_type_ids` [batch_size, sequence_length].
 *
 * @see https://huggingface.co/docs/optimum-onnx (names)
 */
export function exchangePrograms(network: Network): Readonly<Record<string, Outputs>> {
  if (network.kind === "encoder-decoder") {
    const both = network as EncoderDecoder;
    return { encoder_model: encoderOf(both), decoder_model_merged: decoderOf(both) };
  }
  return { model: network.kind === "encoder" ? encoder(network) : decoder(network) };
}

/** Gives `logits` [batch_size, sequence_length, V] of hidden tokens. */
function encoder(network: Network): Outputs {
  const lookup = parametersOf(network);
  const inputIds = ids(TOKENS);
  const hidden = network.hidden(
    lookup,
    {
      inputIds,
      tokenTypeIds: network.tokenTypes === undefined ? undefined : ids(TOKENS, "token_type_ids"),
    },
    {
      positions: network.positionsOf?.(inputIds) ?? countedPositions(TOKENS),
      attentionMask: maskInput(TOKENS),
    },
  );
  return { logits: logitsOf(network, lookup, hidden) };
}

/** Gives `logits` and `present.*`; `attention_mask` is that of all tokens, the past ones first. */
function decoder(network: Network): Outputs {
  const lookup = parametersOf(network);
  const length = addDimensions(PAST, TOKENS);
  const mask = maskInput(length);
  const cache = new ConcatenatedPast({
    length: PAST,
    positions: slice(countReal(mask), 1, 0, PAST),
    mask: slice(mask, 1, 0, PAST),
    scope: "",
  });
  const hidden = network.hidden(
    lookup,
    { inputIds: ids(TOKENS) },
    {
      positions: ids(TOKENS, "position_ids"),
      attentionMask: slice(mask, 1, PAST, length),
      cache,
    },
  );
  return { logits: logitsOf(network, lookup, hidden), ...cache.present };
}

/** Gives `last_hidden_state` [batch_size, encoder_sequence_length, C]. */
function encoderOf(network: EncoderDecoder): Outputs {
  const states = network.encode(parametersOf(network), ids(STATES), {
    positions: countedPositions(STATES),
    attentionMask: maskInput(STATES),
  });
  return { last_hidden_state: states };
}

/** Reads `encoder_hidden_states`; gives `logits` and `present.*`. */
function decoderOf(network: EncoderDecoder): Outputs {
  const lookup = parametersOf(network);
  const [row, past] = [reshape(cast(size(PAST), "int32"), [1, 1]), countedPositions(PAST)];
  const batch = input("encoder_hidden_states", [BATCH, STATES, network.stateSize]);
  const inputIds = ids(TOKENS);
  const cache = new ConcatenatedPast({
    length: PAST,
    positions: past,
    mask: equal(past, past),
    scope: "decoder.",
  });
  const hidden = network.decode(lookup, inputIds, {
    positions: add(countedPositions(TOKENS), row),
    memory: {
      states: slice(batch, 1, KNOWN_STATES, STATES),
      mask: maskInput(STATES, "encoder_attention_mask"),
    },
    cache,
  });
  return { logits: logitsOf(network, lookup, hidden), ...cache.present };
}

function logitsOf(network: Network, lookup: ParameterLookup, hidden: Value): Value {
  const head: ParameterLookup = (name) => lookup(`head.${name}`);
  return network.head.logits(head, hidden, lookup("embedding.weight"));
}

function ids(length: Dimension, name = "input_ids"): Value {
  return input(name, [BATCH, length], "int32");
}

function maskInput(length: Dimension, name = "attention_mask"): Value {
  return not(equal(input(name, [BATCH, length], "int32"), constant([0], [], "int32")));
}

/** Positions that count real tokens, as transformers has them, [B, T] int32. */
function countReal(mask: Value): Value {
  const before = subtract(cumulativeSum(cast(mask, "int32")), constant([1], [], "int32"));
  return maximum(before, constant([0], [], "int32"));
}
