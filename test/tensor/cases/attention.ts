import * as tensor from "orrery-lm/tensor";
import type { Bindings, Dimension, Value } from "orrery-lm/tensor";
import {
  boolInput,
  floatInput,
  intInput,
  type CaseInput,
  type OperationCase,
} from "../../contracts/operation.ts";

interface AttentionCase {
  readonly name: string;
  readonly batch?: Dimension;
  readonly tokens: Dimension;
  readonly keys: Dimension;
  /** Query heads per key/value head, and key/value heads. */
  readonly groups?: number;
  readonly keyHeads?: number;
  readonly isCausal: boolean;
  /** Which keys may be seen, repeated. */
  readonly keyMask?: readonly (0 | 1)[];
  readonly hasBias?: boolean;
  readonly sizes?: readonly Bindings[];
}

function attentionCase(options: AttentionCase): OperationCase {
  const { name, batch = 2, tokens, keys, groups = 1, keyHeads = 2, isCausal } = options;
  const { keyMask, hasBias, sizes } = options;
  const inputs: Record<string, CaseInput> = {
    q: floatInput([batch, keyHeads, groups, tokens, 4]),
    k: floatInput([batch, keyHeads, 1, keys, 4]),
    v: floatInput([batch, keyHeads, 1, keys, 4]),
    ...(keyMask && { mask: boolInput([batch, keys], keyMask) }),
    ...(hasBias && {
      queryPositions: intInput([batch, tokens], [2, 3, 4, 5, 6, 7]),
      keyPositions: intInput([batch, keys], [0, 1, 2, 3, 4, 5, 6, 7]),
      slopes: floatInput([keyHeads, groups, 1, 1]),
    }),
  };
  const build: OperationCase["build"] = ({ q, k, v, mask, queryPositions, keyPositions, slopes }) =>
    tensor.attention({
      queries: q!,
      keys: k!,
      values: v!,
      scale: 0.5,
      isCausal,
      keyMask: mask,
      bias: hasBias
        ? {
            compute: linearBias,
            shared: [slopes!],
            queryPositions: queryPositions!,
            keyPositions: keyPositions!,
          }
        : undefined,
      name: "attention",
    });
  return { of: "attention", name, inputs, build, ...(sizes && { sizes }) };
}

/** slope · (key - query), as ALiBi has it. */
function linearBias(queryPositions: Value, keyPositions: Value, [slopes]: readonly Value[]): Value {
  const [batch, tokens] = queryPositions.shape;
  const keys = tensor.axisSize(keyPositions, 1);
  const distance = tensor.subtract(
    tensor.reshape(keyPositions, [batch!, 1, 1, 1, keys]),
    tensor.reshape(queryPositions, [batch!, 1, 1, tokens!, 1]),
  );
  return tensor.multiply(tensor.cast(distance, "float32"), slopes!);
}

const openSizes = [
  { batch: 2, tokens: 3 },
  { batch: 1, tokens: 5 },
];

/** A cache of `past` keys before the tokens; none in the second run. */
const cached = [
  { batch: 1, tokens: 3, past: 4 },
  { batch: 2, tokens: 2, past: 0 },
  { batch: 1, tokens: 1, past: 6 },
];

/** Attention in one chunk; `chunkCases` has the ends of chunks, `chunks.test.ts` its own. */
export const attentionCases: readonly OperationCase[] = [
  { name: "causal", tokens: 4, keys: 4, isCausal: true },
  { name: "without a causal mask", tokens: 3, keys: 5, isCausal: false },
  { name: "causal, more keys than queries", tokens: 2, keys: 5, isCausal: true },
  { name: "one token", tokens: 1, keys: 1, isCausal: true },
  {
    name: "three query heads for each of two key heads",
    tokens: 3,
    keys: 4,
    groups: 3,
    isCausal: true,
  },
  { name: "one key head for all", tokens: 3, keys: 3, groups: 4, keyHeads: 1, isCausal: true },
  {
    name: "padding on the right",
    tokens: 4,
    keys: 4,
    isCausal: true,
    keyMask: [1, 1, 1, 0, 1, 1, 1, 1],
  },
  {
    name: "padding on the left: the first queries see nothing",
    tokens: 4,
    keys: 4,
    isCausal: true,
    keyMask: [0, 0, 1, 1, 1, 1, 1, 1],
  },
  {
    name: "padding without a causal mask",
    tokens: 2,
    keys: 4,
    isCausal: false,
    keyMask: [1, 0, 0, 1, 0, 1, 1, 1],
  },
  { name: "no key may be seen", tokens: 2, keys: 3, isCausal: false, keyMask: [0] },
  { name: "with a bias", tokens: 3, keys: 5, isCausal: true, hasBias: true },
  {
    name: "with a bias and groups, not causal",
    tokens: 2,
    keys: 3,
    groups: 2,
    isCausal: false,
    hasBias: true,
  },
  {
    name: "with a bias and padding",
    tokens: 3,
    keys: 3,
    isCausal: true,
    hasBias: true,
    keyMask: [1, 1, 1, 0, 0, 1],
  },
  {
    name: "symbols",
    batch: "batch",
    tokens: "tokens",
    keys: "tokens",
    isCausal: true,
    sizes: openSizes,
  },
  {
    name: "symbols, not causal, with padding",
    batch: "batch",
    tokens: "tokens",
    keys: "tokens",
    isCausal: false,
    keyMask: [1, 0, 1, 1] as const,
    sizes: openSizes,
  },
  {
    name: "a cache",
    batch: "batch",
    tokens: "tokens",
    keys: "past+tokens",
    groups: 2,
    isCausal: true,
    sizes: cached,
  },
  {
    name: "a cache with a bias and padding",
    batch: "batch",
    tokens: "tokens",
    keys: "past+tokens",
    isCausal: true,
    hasBias: true,
    keyMask: [0, 1, 1, 1, 1, 1] as const,
    sizes: cached,
  },
].map((options) => attentionCase(options as AttentionCase));
