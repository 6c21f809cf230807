import type { Value } from "orrery-lm/tensor";
import type { ParameterLookup } from "./part.ts";

/** What parts know about the sequences that they read. */
export interface SequenceContext {
  /** Position of each token, [B, T] or [1, T] int32. */
  positions: Value;
  /** Which tokens are real, [B, T] bool; undefined: all. */
  attentionMask?: Value | undefined;
  /** Which text of a packed row a token belongs to, [B, T] int32; tokens see only their own text. */
  sequenceIds?: Value | undefined;
  /** How many first places of each text all its tokens see, in spite of a causal mask, [B] int32. */
  prefixLengths?: Value | undefined;
  /** The network's position encoding has its parameters here. */
  positionParameters?: ParameterLookup | undefined;
  /** What cross-attention reads. */
  memory?: Memory | undefined;
  /** Which of two texts a token belongs to, [B, T] int32; undefined: all belong to one. */
  tokenTypeIds?: Value | undefined;
  /** Keys and values of tokens that were read before; undefined: there are none. */
  cache?: KeyValueCache | undefined;
  /** Scope of the part, such as `layers.3`; names for `capture` start with it. */
  name: string;
}

/** The states of an encoder. */
export interface Memory {
  /** [B, S, C]; undefined: a cache remembers what was made of them. */
  readonly states?: Value | undefined;
  /** Which of them are real, [B, S] bool; undefined: all. */
  readonly mask?: Value | undefined;
}

/** What cross-attention makes of an encoder's states. */
export interface MemoryKeys {
  /** [B, H, 1, S, D] */
  readonly keys: Value;
  /** [B, H, 1, S, D] */
  readonly values: Value;
}

/** Keys and values of earlier tokens, layer by layer. */
export interface KeyValueCache {
  /** Position of each earlier token, [B, P] int32. */
  readonly positions: Value;
  /**
   * Hands over a layer's new keys and values, and gets the earlier ones.
   *
   * @param name scope of the attention, such as `layers.3.attention`
   * @param keys [B, K, 1, T, D], turned and normalized: as queries meet them
   * @param values [B, K, 1, T, Dv]
   * @param rotationAt of the position encoding that turned the keys
   */
  exchange(
    name: string,
    keys: Value,
    values: Value,
    rotationAt?: (length: number) => number,
  ): PastKeys;
  /**
   * Keys and values of an encoder's states, which do not change while a text is written.
   *
   * @param name scope of the cross-attention, such as `decoder.layers.3.crossAttention`
   * @param compute makes them; for the first token, or always
   */
  remember?(name: string, compute: () => MemoryKeys): MemoryKeys;
}

/** What a {@link KeyValueCache} holds: a buffer of P places, of which the first `length` are filled. */
export interface PastKeys {
  /** [B, K, 1, P, D] */
  readonly keys: Value;
  /** [B, K, 1, P, Dv] */
  readonly values: Value;
  /** Position of each key, [B, P] int32. */
  readonly positions: Value;
  /** Which places hold a real token, [B, P] bool. */
  readonly mask: Value;
  /** How many places are filled, [1] int32. */
  readonly length: Value;
}
