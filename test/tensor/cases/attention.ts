import * as tensor from "orrery-lm/tensor";
import type { Bindings, Dimension, ScorePart, Value } from "orrery-lm/tensor";
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
  /** Which queries see anything, repeated. */
  readonly queryMask?: readonly (0 | 1)[];
  readonly blindRows?: "mean";
  readonly hasBias?: boolean;
  readonly hasValueTerm?: boolean;
  readonly hasSinks?: boolean;
  readonly window?: number;
  readonly sinkTokens?: number;
  readonly softCap?: number;
  /** Which text each token belongs to, repeated. */
  readonly sequenceIds?: readonly number[];
  readonly prefixLengths?: readonly number[];
  /** A buffer of so many places, of which the first two are filled. */
  readonly past?: Dimension;
  readonly sizes?: readonly Bindings[];
  readonly tolerance?: number;
}

function attentionCase(options: AttentionCase): OperationCase {
  const { name, batch = 2, tokens, keys, groups = 1, keyHeads = 2, isCausal, past } = options;
  const { keyMask, hasBias, hasValueTerm, hasSinks, sequenceIds, prefixLengths, sizes } = options;
  const hasPositions = hasBias || hasValueTerm || options.sinkTokens !== undefined;
  const inputs: Record<string, CaseInput> = {
    q: floatInput([batch, keyHeads, groups, tokens, 4]),
    k: floatInput([batch, keyHeads, 1, keys, 4]),
    v: floatInput([batch, keyHeads, 1, keys, 4]),
    ...(keyMask && { mask: boolInput([batch, keys], keyMask) }),
    ...(options.queryMask && { queryMask: boolInput([batch, tokens], options.queryMask) }),
    ...(hasPositions && {
      queryPositions: intInput([batch, tokens], [2, 3, 4, 5, 6, 7]),
      keyPositions: intInput([batch, keys], [0, 1, 2, 3, 4, 5, 6, 7]),
    }),
    ...(hasBias && { slopes: floatInput([keyHeads, groups, 1, 1]) }),
    ...(hasValueTerm && { table: floatInput([4]) }),
    ...(hasSinks && { sinks: floatInput([1, keyHeads, groups, 1, 1]) }),
    ...(sequenceIds && { sequences: intInput([batch, tokens], sequenceIds) }),
    ...(prefixLengths && { prefixes: intInput([batch], prefixLengths) }),
    ...(past !== undefined && {
      pastKeys: floatInput([batch, keyHeads, 1, past, 4]),
      pastValues: floatInput([batch, keyHeads, 1, past, 4]),
      pastMask: boolInput([1, past], [1, 1, 0, 0, 0, 0]),
      pastPositions: intInput([batch, past], [0, 1, 0, 0, 0, 0]),
      length: intInput([1], [2]),
    }),
  };
  const build: OperationCase["build"] = (at) =>
    tensor.attention({
      queries: at["q"]!,
      keys: at["k"]!,
      values: at["v"]!,
      scale: 0.5,
      isCausal,
      window: options.window,
      sinkTokens: options.sinkTokens,
      softCap: options.softCap,
      prefixLengths: at["prefixes"],
      keyMask: at["mask"],
      queryMask: at["queryMask"],
      blindRows: options.blindRows,
      sequenceIds: at["sequences"],
      sinks: at["sinks"],
      bias: hasBias ? { shared: [at["slopes"]!], compute: linearBias } : undefined,
      valueTerm: hasValueTerm ? { shared: [at["table"]!], compute: meanDistance } : undefined,
      positions: hasPositions
        ? { queries: at["queryPositions"]!, keys: at["keyPositions"]! }
        : undefined,
      past:
        past === undefined
          ? undefined
          : {
              keys: at["pastKeys"]!,
              values: at["pastValues"]!,
              mask: tensor.expand(at["pastMask"]!, [batch, past]),
              positions: at["pastPositions"]!,
              length: at["length"]!,
            },
      name: "attention",
    });
  const { tolerance } = options;
  return {
    of: "attention",
    name,
    inputs,
    build,
    ...(sizes && { sizes }),
    ...(tolerance !== undefined && { tolerance }),
  };
}

/** slope · (key - query), as ALiBi has it. */
function linearBias(part: ScorePart, [slopes]: readonly Value[]): Value {
  return tensor.multiply(distances(part), slopes!);
}

/** What a query reads beside values: how far it looks, times a row of parameters. */
function meanDistance(part: ScorePart, probabilities: Value, [row]: readonly Value[]): Value {
  const mean = tensor.multiply(probabilities, distances(part));
  return tensor.multiply(tensor.reduceSum(mean, [-1], true), row!);
}

function distances({ queryPositions, keyPositions }: ScorePart): Value {
  const [batch, tokens] = queryPositions.shape;
  const keys = tensor.axisSize(keyPositions, 1);
  const distance = tensor.subtract(
    tensor.reshape(keyPositions, [batch!, 1, 1, 1, keys]),
    tensor.reshape(queryPositions, [batch!, 1, 1, tokens!, 1]),
  );
  return tensor.cast(distance, "float32");
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
  {
    name: "no key may be seen, and the mean of all values is read",
    tokens: 2,
    keys: 3,
    groups: 2,
    isCausal: false,
    keyMask: [0],
    blindRows: "mean",
  },
  {
    name: "a window to both sides and padding, where the mean is read",
    batch: "batch",
    tokens: "tokens",
    keys: "tokens",
    isCausal: false,
    window: 2,
    keyMask: [1, 1, 0, 0, 0] as const,
    blindRows: "mean",
    tolerance: 1e-5, // With two keys to see, their terms of the queries' gradient nearly cancel.
    sizes: openSizes,
  },
  {
    name: "queries that see nothing",
    tokens: 3,
    keys: 4,
    isCausal: false,
    queryMask: [1, 0, 1, 0, 1, 1],
  },
  {
    name: "queries that read the mean, and a term of values",
    tokens: 3,
    keys: 3,
    isCausal: false,
    hasValueTerm: true,
    queryMask: [1, 0, 1, 0, 1, 1],
    keyMask: [1, 1, 0],
    blindRows: "mean",
  },
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
  { name: "a window", tokens: 6, keys: 6, isCausal: true, window: 3 },
  { name: "a window, more keys than queries", tokens: 3, keys: 6, isCausal: true, window: 2 },
  { name: "a window to both sides", tokens: 6, keys: 6, isCausal: false, window: 2 },
  {
    name: "a window and padding: some queries see nothing",
    tokens: 5,
    keys: 5,
    isCausal: true,
    window: 2,
    keyMask: [0, 0, 0, 1, 1, 1, 1, 1, 1, 1],
  },
  {
    name: "a window to both sides, symbols",
    batch: "batch",
    tokens: "tokens",
    keys: "tokens",
    isCausal: false,
    window: 2,
    sizes: openSizes,
  },
  {
    name: "a window beside tokens that are always seen",
    tokens: 6,
    keys: 6,
    isCausal: true,
    window: 2,
    sinkTokens: 1,
  },
  { name: "a prefix", tokens: 5, keys: 5, isCausal: true, prefixLengths: [3, 0] },
  {
    name: "a prefix and padding",
    tokens: 4,
    keys: 4,
    isCausal: true,
    prefixLengths: [3, 2],
    keyMask: [0, 1, 1, 1, 1, 1, 1, 1],
  },
  {
    name: "packed texts",
    tokens: 6,
    keys: 6,
    groups: 2,
    isCausal: true,
    sequenceIds: [0, 0, 1, 1, 1, 2, 0, 0, 0, 0, 0, 1],
  },
  {
    name: "packed texts without a causal mask",
    tokens: 6,
    keys: 6,
    isCausal: false,
    sequenceIds: [0, 0, 1, 1, 1, 2],
  },
  { name: "bounded scores", tokens: 3, keys: 3, isCausal: true, softCap: 0.7 },
  {
    name: "bounded scores with a bias",
    tokens: 3,
    keys: 3,
    isCausal: true,
    softCap: 5,
    hasBias: true,
    // The slopes' gradient is a small sum of large distances.
    tolerance: 1e-5,
  },
  { name: "sinks", tokens: 4, keys: 4, groups: 3, isCausal: true, hasSinks: true },
  {
    name: "sinks and padding: the first queries see nothing else",
    tokens: 4,
    keys: 4,
    isCausal: true,
    hasSinks: true,
    keyMask: [0, 0, 1, 1, 1, 1, 1, 1],
  },
  { name: "sinks without any mask", tokens: 2, keys: 3, isCausal: false, hasSinks: true },
  { name: "a term of values", tokens: 4, keys: 4, groups: 2, isCausal: true, hasValueTerm: true },
  {
    name: "everything at once",
    tokens: 5,
    keys: 5,
    groups: 2,
    isCausal: true,
    window: 3,
    softCap: 2,
    hasSinks: true,
    hasBias: true,
    hasValueTerm: true,
    keyMask: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  },
  { name: "a past", tokens: 2, keys: 2, groups: 2, isCausal: true, past: 4 },
  { name: "a past that is full", tokens: 1, keys: 1, isCausal: true, past: 2 },
  { name: "a past and a window", tokens: 2, keys: 2, isCausal: true, past: 5, window: 2 },
  {
    name: "a past, padding and sinks",
    tokens: 2,
    keys: 2,
    isCausal: true,
    past: 3,
    hasSinks: true,
    keyMask: [0, 1, 1, 1],
  },
  {
    name: "a past, everything at once",
    batch: "batch",
    tokens: "tokens",
    keys: "tokens",
    groups: 2,
    isCausal: true,
    past: "past",
    window: 3,
    sinkTokens: 1,
    softCap: 2,
    hasSinks: true,
    hasBias: true,
    hasValueTerm: true,
    prefixLengths: [3],
    sizes: [
      { batch: 2, tokens: 3, past: 4 },
      { batch: 1, tokens: 1, past: 3 },
    ],
  },
].map((options) => attentionCase(options as AttentionCase));
