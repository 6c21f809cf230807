/** A network that writes: reads new tokens beside what is kept of earlier ones, and gives what comes next. */

import type { KeyValueCache, MemoryKeys, Network, PastKeys } from "orrery-lm/nn";
import { input, slice, subtractDimensions, type Value } from "orrery-lm/tensor";
import { parametersOf } from "../program.ts";

/** The sizes of what a layer keeps for each token. */
export interface KeptLayer {
  /** Key/value heads, K. */
  readonly heads: number;
  /** Channels of a key and of a value. */
  readonly widths: readonly [key: number, value: number];
}

/** The programs of a network that writes. */
export interface DecodingProgram {
  /**
   * From `decodedIds`, `decodedPositions` [batch, tokens] int32, `decodedMask` bool and what is kept, to `logits`
   * [batch, 1, vocab] of the last token and `new.<layer>.key`, `new.<layer>.value`
   * [batch, K, 1, tokens, D].
   */
  readonly decode: Readonly<Record<string, Value>>;
  /** From the text that an encoder reads, to `memory.<layer>.key` and `.value`; empty for decoders. */
  readonly encode: Readonly<Record<string, Value>>;
  readonly layers: readonly KeptLayer[];
  /** See `PositionEncoding.rotationAt`. */
  readonly rotations: readonly ((length: number) => number)[];
}

/** Keys and values as inputs and outputs of a program. */
class ProgramCache implements KeyValueCache {
  readonly positions: Value = input("past.positions", ["batch", "past"], "int32");
  readonly layers: KeptLayer[] = [];
  readonly rotations: ((length: number) => number)[] = [];
  readonly new: Record<string, Value> = {};
  readonly memory: Record<string, Value> = {};
  readonly #mask = input("past.mask", ["batch", "past"], "bool");
  readonly #length = input("past.length", [1], "int32");
  #memories = 0;

  exchange(
    _name: string,
    keys: Value,
    values: Value,
    rotationAt?: (length: number) => number,
  ): PastKeys {
    const layer = this.layers.length;
    const [heads, keyWidth] = [keys.shape[1] as number, keys.shape[4] as number];
    this.layers.push({ heads, widths: [keyWidth, values.shape[4] as number] });
    if (rotationAt) this.rotations.push(rotationAt);
    this.new[`new.${layer}.key`] = keys;
    this.new[`new.${layer}.value`] = values;
    return {
      keys: input(`past.${layer}.key`, keys.shape.with(3, "past")),
      values: input(`past.${layer}.value`, values.shape.with(3, "past")),
      positions: this.positions,
      mask: this.#mask,
      length: this.#length,
    };
  }

  /** What the encoder's program gives is what the decoder's reads. */
  remember(_name: string, compute: () => MemoryKeys): MemoryKeys {
    const { keys, values } = compute();
    const [key, value] = [`memory.${this.#memories}.key`, `memory.${this.#memories}.value`];
    this.#memories += 1;
    this.memory[key] = keys;
    this.memory[value] = values;
    return { keys: input(key, keys.shape), values: input(value, values.shape) };
  }
}

/** Builds the programs. Sizes are open: one session reads a prompt and each token after it. */
export function decodingProgram(network: Network): DecodingProgram {
  const lookup = parametersOf(network);
  const cache = new ProgramCache();
  const shape = ["batch", "tokens"];
  const ids = input("decodedIds", shape, "int32");
  const positions = input("decodedPositions", shape, "int32");
  const hidden =
    network.kind === "encoder-decoder"
      ? network.hidden(
          lookup,
          {
            inputIds: input("inputIds", ["batch", "memory"], "int32"),
            decoderInputIds: ids,
            decoderPositions: positions,
          },
          {
            positions: input("positionIds", ["batch", "memory"], "int32"),
            attentionMask: input("attentionMask", ["batch", "memory"], "bool"),
            cache,
          },
        )
      : network.hidden(
          lookup,
          { inputIds: ids },
          { positions, attentionMask: input("decodedMask", shape, "bool"), cache },
        );
  const last = slice(hidden, 1, subtractDimensions("tokens", 1), "tokens");
  const head = (name: string): Value => lookup(`head.${name}`);
  const logits = network.head.logits(head, last, lookup("embedding.weight"));
  const { layers, rotations, memory } = cache;
  return { decode: { logits, ...cache.new }, encode: memory, layers, rotations };
}
