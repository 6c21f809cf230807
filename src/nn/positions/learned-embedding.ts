import { add, constant, gather, type Value } from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { matrixSpec, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { PositionEncoding } from "./position-encoding.ts";

/** Options of {@link LearnedEmbedding}. */
export interface LearnedEmbeddingOptions {
  /** Channels, C. */
  hiddenSize: number;
  /** How many positions there are, P: [0, P). */
  maxPositions: number;
  /** Rows of the table before that of position 0, of which padding may read the last: 2 in BART and OPT. @default 0 */
  offset?: number;
  /** The row that padding reads and that is not learned, as in RoBERTa. */
  fixedRow?: number;
  /** Standard deviation of the initial table. */
  std: number;
}

/**
 * Learned absolute positions: a table with a row per position, added to the token embeddings.
 * There is nothing past the table; a longer text is refused, not wrapped or clamped.
 *
 *     x[t] + weight[offset + t]
 *
 * @see Gehring et al. 2017, https://arxiv.org/abs/1705.03122; used by GPT-2 and BERT
 */
export class LearnedEmbedding implements PositionEncoding {
  readonly maxPositions: number;
  readonly #hiddenSize: number;
  readonly #offset: number;
  readonly #fixedRow: number | undefined;
  readonly #std: number;

  constructor({ hiddenSize, maxPositions, offset = 0, fixedRow, std }: LearnedEmbeddingOptions) {
    this.maxPositions = maxPositions;
    this.#hiddenSize = hiddenSize;
    this.#offset = offset;
    this.#fixedRow = fixedRow;
    this.#std = std;
  }

  parameters(): ParameterSpecs {
    return { weight: matrixSpec(this.maxPositions + this.#offset, this.#hiddenSize, this.#std) };
  }

  describe(): PartDescription {
    return describePart(
      "learned positions",
      { maxPositions: this.maxPositions, offset: this.#offset },
      "x + table[position]",
    );
  }

  embed(lookup: ParameterLookup, x: Value, positions: Value): Value {
    const rows =
      this.#offset === 0 ? positions : add(positions, constant([this.#offset], [], "int32"));
    return add(x, gather(lookup("weight"), rows, { fixedRow: this.#fixedRow }));
  }
}
