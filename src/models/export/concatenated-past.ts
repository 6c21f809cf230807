import type { KeyValueCache, MemoryKeys, PastKeys } from "orrery-lm/nn";
import {
  axisSize,
  cast,
  concat,
  input,
  iota,
  reshape,
  size,
  type Dimension,
  type Value,
} from "orrery-lm/tensor";

/** What a {@link ConcatenatedPast} is told of the tokens that were read before. */
export interface PastTokens {
  /** How many there are. */
  readonly length: Dimension;
  /** [B, P] int32 */
  readonly positions: Value;
  /** Which of them are real, [B, P] bool. */
  readonly mask: Value;
  /** What stands between a layer's number and `key` or `value`: `decoder.` beside an encoder. */
  readonly scope: "" | "decoder.";
}

/** Tokens of the encoder's text of which keys and values are known already. */
export const KNOWN_STATES = "past_encoder_sequence_length";

/**
 * Keys and values as files for other programs have them: what is kept goes in as
 * `past_key_values.<layer>.key` [B, K, P, D] and comes out with the new tokens behind it, as
 * `present.<layer>.key` [B, K, P + T, D], all of it at each token.
 *
 * Those of an encoder's text are computed for the states of which none are known: for all of them
 * at the first token, later for none. So one file serves for both, without a branch.
 */
export class ConcatenatedPast implements KeyValueCache {
  readonly positions: Value;
  /** Outputs by name. */
  readonly present: Record<string, Value> = {};
  readonly #tokens: PastTokens;
  readonly #length: Value;
  #layers = 0;
  #memories = 0;

  constructor(tokens: PastTokens) {
    this.#tokens = tokens;
    this.positions = tokens.positions;
    this.#length = reshape(cast(size(tokens.length), "int32"), [1]);
  }

  exchange(_name: string, keys: Value, values: Value): PastKeys {
    const { length, scope, positions, mask } = this.#tokens;
    const layer = this.#layers++;
    return {
      keys: this.#exchangeOne(`${layer}.${scope}key`, keys, length),
      values: this.#exchangeOne(`${layer}.${scope}value`, values, length),
      positions,
      mask,
      length: this.#length,
    };
  }

  remember(_name: string, compute: () => MemoryKeys): MemoryKeys {
    const { keys, values } = compute();
    const layer = this.#memories++;
    const known = (name: string, added: Value): Value => {
      const past = this.#exchangeOne(`${layer}.encoder.${name}`, added, KNOWN_STATES);
      return concat([past, added], 3);
    };
    return { keys: known("key", keys), values: known("value", values) };
  }

  /** Takes in what is kept, gives out what is to be kept; @returns [B, K, 1, P, D] */
  #exchangeOne(name: string, added: Value, length: Dimension): Value {
    const [batch, heads, , , width] = added.shape as [Dimension, Dimension, 1, Dimension, number];
    const past = input(`past_key_values.${name}`, [batch, heads, length, width]);
    const flat = reshape(added, [batch, heads, axisSize(added, 3), width]);
    this.present[`present.${name}`] = concat([past, flat], 2);
    return reshape(past, [batch, heads, 1, length, width]);
  }
}

/** Positions that count from 0, [1, length] int32. */
export function countedPositions(length: Dimension): Value {
  return reshape(iota(length), [1, length]);
}
