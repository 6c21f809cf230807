import {
  attention,
  concat,
  expand,
  matmul,
  reshape,
  slice,
  transpose,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { linear, linearSpecs } from "../linear.ts";
import type { Norm } from "../norms/norm.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { PositionEncoding, RotatedSide } from "../positions/position-encoding.ts";
import type { SequenceContext } from "../sequence-context.ts";
import type { Attention } from "./attention.ts";

/** Options of {@link LatentAttention}. */
export interface LatentAttentionOptions {
  /** Channels, C. */
  hiddenSize: number;
  numHeads: number;
  /** Through how few channels queries pass, and their norm there; undefined: straight from C. */
  queryLatent?: { size: number; norm: Norm } | undefined;
  /** The few channels that keys and values are made from, R, and their norm. */
  keyValueLatent: { size: number; norm: Norm };
  /** Channels per head that positions do not turn. */
  plainDim: number;
  /** Channels per head that they do; all heads share these of the keys. */
  rotaryDim: number;
  /** Channels per head of the values. */
  valueDim: number;
  /** Whether what leads to the latents and to the output has biases. */
  hasBias: boolean;
  positions: PositionEncoding;
  isCausal: boolean;
  /** Multiplies the scores. */
  scale: number;
  /** Standard deviation of the initial weights, and of the output projection's. */
  std: number;
  outputStd: number;
}

/** Queries, keys and values as attention takes them. */
interface Projected {
  queries: Value;
  keys: Value;
  values: Value;
}

/**
 * Multi-head latent attention (MLA): keys and values of all heads are made from few channels, which
 * are all that needs to be kept of a token.
 *
 *     c = norm(x Wdownᵀ),  k = [c Wkeyᵀ, rotate(x Wrotaryᵀ)],  v = c Wvalueᵀ
 *
 * A rotation between query and key would keep `Wkey` from being moved over to the query, so it works
 * on channels of its own. With a cache, it is moved: `q·(Wkey c) = (Wkeyᵀ q)·c`, all heads read the
 * one `c`, and `Wvalue` comes after the sum. Without one, keys and values are written out, which
 * takes fewer multiplications when many queries read them.
 *
 * @see DeepSeek-AI 2024, §2.1, https://arxiv.org/abs/2405.04434
 */
export class LatentAttention implements Attention {
  readonly #options: LatentAttentionOptions;

  constructor(options: LatentAttentionOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { hiddenSize, numHeads, queryLatent, keyValueLatent, hasBias, std } = this.#options;
    const { plainDim, rotaryDim, valueDim, outputStd } = this.#options;
    const latent = keyValueLatent.size;
    const matrix = (inSize: number, outSize: number): ParameterSpecs =>
      linearSpecs({ inSize, outSize, hasBias: false, std });
    const down = (outSize: number): ParameterSpecs =>
      linearSpecs({ inSize: hiddenSize, outSize, hasBias, std });
    const queryWidth = numHeads * (plainDim + rotaryDim);
    return nest({
      ...(queryLatent && {
        queryDown: down(queryLatent.size),
        queryNorm: queryLatent.norm.parameters(),
      }),
      query: matrix(queryLatent?.size ?? hiddenSize, queryWidth),
      latent: down(latent),
      rotaryKey: down(rotaryDim),
      latentNorm: keyValueLatent.norm.parameters(),
      key: matrix(latent, numHeads * plainDim),
      value: matrix(latent, numHeads * valueDim),
      output: linearSpecs({
        inSize: numHeads * valueDim,
        outSize: hiddenSize,
        hasBias,
        std: outputStd,
      }),
    });
  }

  describe(): PartDescription {
    const { plainDim, rotaryDim } = this.#options;
    return describePart(
      "latent attention (MLA)",
      { ...this.#options, keyWidth: plainDim + rotaryDim },
      "c = norm(x Wdown); k = [c Wkey, rotate(x Wrotary)], v = c Wvalue",
    );
  }

  apply(lookup: ParameterLookup, x: Value, context: SequenceContext): Value {
    const { numHeads, valueDim, hasBias, positions: encoding } = this.#options;
    const { isCausal, scale, keyValueLatent } = this.#options;
    const { positions, cache, name } = context;
    const [batch, tokens] = x.shape as [number, number, number];
    const keyPositions = cache ? concat([cache.positions, positions], 1) : positions;
    const turn = (y: Value, side: RotatedSide): Value =>
      encoding.rotate?.(y, positions, keyPositions, side) ?? y;
    const down = linear(within(lookup, "latent"), x, hasBias);
    const latent = keyValueLatent.norm.apply(within(lookup, "latentNorm"), down);
    const rotary = this.#split(linear(within(lookup, "rotaryKey"), x, hasBias), 1);
    const parts = {
      query: this.#query(lookup, x, (y) => turn(y, "query")),
      latent,
      rotary: turn(rotary, "key"),
    };
    const projected = cache ? this.#absorbed(lookup, parts) : this.#expanded(lookup, parts);
    const past = cache?.exchange(
      name,
      projected.keys,
      projected.values,
      encoding.rotationAt?.bind(encoding),
    );
    const read = attention({
      ...projected,
      scale,
      isCausal,
      keyMask: context.attentionMask,
      sequenceIds: context.sequenceIds,
      prefixLengths: context.prefixLengths,
      positions: { queries: positions, keys: positions },
      past,
      name,
    });
    const result = reshape(read, [batch, numHeads, tokens, read.shape.at(-1)!]);
    const values = cache
      ? matmul(result, this.#byHead(lookup, "value", valueDim), { transposeB: true })
      : result;
    const joined = reshape(transpose(values, [0, 2, 1, 3]), [batch, tokens, numHeads * valueDim]);
    return linear(within(lookup, "output"), joined, hasBias);
  }

  /** The two parts of the queries, [B, H, 1, T, ·], the second turned. */
  #query(lookup: ParameterLookup, x: Value, turn: (y: Value) => Value): [Value, Value] {
    const { numHeads, queryLatent, plainDim, rotaryDim, hasBias } = this.#options;
    const narrow = queryLatent
      ? queryLatent.norm.apply(
          within(lookup, "queryNorm"),
          linear(within(lookup, "queryDown"), x, hasBias),
        )
      : x;
    const query = this.#split(linear(within(lookup, "query"), narrow, false), numHeads);
    const rotary = slice(query, -1, plainDim, plainDim + rotaryDim);
    return [slice(query, -1, 0, plainDim), turn(rotary)];
  }

  /** Keys and values of each head. */
  #expanded(
    lookup: ParameterLookup,
    { query, latent, rotary }: { query: [Value, Value]; latent: Value; rotary: Value },
  ): Projected {
    const { numHeads, rotaryDim } = this.#options;
    const [batch, tokens] = latent.shape as [number, number, number];
    const keys = this.#split(linear(within(lookup, "key"), latent, false), numHeads);
    const values = this.#split(linear(within(lookup, "value"), latent, false), numHeads);
    const shared = expand(rotary, [batch, numHeads, 1, tokens, rotaryDim]);
    return { queries: concat(query, -1), keys: concat([keys, shared], -1), values };
  }

  /** One key and one value for all heads: the latents themselves. */
  #absorbed(
    lookup: ParameterLookup,
    { query, latent, rotary }: { query: [Value, Value]; latent: Value; rotary: Value },
  ): Projected {
    const { numHeads, plainDim, rotaryDim, keyValueLatent } = this.#options;
    const { size } = keyValueLatent;
    const [batch, tokens] = latent.shape as [number, number, number];
    const [plain, turned] = query;
    const moved = matmul(
      reshape(plain, [batch, numHeads, tokens, plainDim]),
      this.#byHead(lookup, "key", plainDim),
    );
    const values = reshape(latent, [batch, 1, 1, tokens, size]);
    const queries = [
      reshape(moved, [batch, 1, numHeads, tokens, size]),
      reshape(turned, [batch, 1, numHeads, tokens, rotaryDim]),
    ];
    return { queries: concat(queries, -1), keys: concat([values, rotary], -1), values };
  }

  /** A matrix from the latents as one matrix per head, [H, D, R]. */
  #byHead(lookup: ParameterLookup, name: "key" | "value", dim: number): Value {
    const { numHeads, keyValueLatent } = this.#options;
    return reshape(lookup(`${name}.weight`), [numHeads, dim, keyValueLatent.size]);
  }

  /** Channels as heads: [B, T, H·D] → [B, H, 1, T, D]. */
  #split(y: Value, heads: number): Value {
    const [batch, tokens, width] = y.shape as [number, number, number];
    return transpose(reshape(y, [batch, tokens, heads, 1, width / heads]), [0, 2, 3, 1, 4]);
  }
}
