export { captureValues, type Captured } from "./capture.ts";
export {
  EXTERNAL_FILE,
  compile,
  portsOf,
  type CompileOptions,
  type CompiledProgram,
  type ExchangeOptions,
  type Port,
} from "./compile.ts";
export { gelu, relu, silu, swish } from "./composites/activations.ts";
export type {
  AttentionOptions,
  BlindRows,
  PastOptions,
  ScoreBias,
  ScorePart,
  ValueTerm,
} from "./composites/attention/attention-options.ts";
export { QUERIES_AT_A_TIME, attention } from "./composites/attention/attention.ts";
export { chunkMap, rowsWithin, type ChunkMapOptions } from "./composites/chunk-map.ts";
export {
  LOGITS_AT_A_TIME,
  crossEntropyRows,
  linearCrossEntropy,
  meanLoss,
  softCapped,
  type LogitOptions,
} from "./composites/cross-entropy.ts";
export { maskedSoftmax } from "./composites/masked-softmax.ts";
export { layerNorm, meanOfRow, rmsNorm } from "./composites/norms.ts";
export { rotate } from "./composites/rotate.ts";
export {
  addDimensions,
  bindDimension,
  multiplyDimensions,
  resolveDimension,
  sizeOf,
  subtractDimensions,
  type Bindings,
  type Dimension,
  type Shape,
} from "./dimension.ts";
export { gradients, vectorJacobian } from "./gradients.ts";
export { interpret, type Feeds } from "./interpreter.ts";
export type { NDArray } from "./ndarray.ts";
export {
  and,
  cast,
  equal,
  less,
  lessOrEqual,
  maximum,
  minimum,
  not,
  or,
  where,
} from "./ops/compare.ts";
export { constant, scalar } from "./ops/constant.ts";
export { cumulativeSum } from "./ops/cumulative-sum.ts";
export {
  add,
  cos,
  divide,
  erf,
  exp,
  log,
  multiply,
  negate,
  sigmoid,
  sin,
  sqrt,
  subtract,
  tanh,
} from "./ops/elementwise.ts";
export { expand, reduceSum } from "./ops/expand.ts";
export { addRows, gather, type GatherOptions } from "./ops/gather.ts";
export { input } from "./ops/input.ts";
export { iota, size } from "./ops/iota.ts";
export { flattenRows, matmul, type MatmulOptions } from "./ops/matmul.ts";
export { parameter } from "./ops/parameter.ts";
export { addAt, pick } from "./ops/pick.ts";
export { reduceMax } from "./ops/reduce-max.ts";
export { reshape } from "./ops/reshape.ts";
export { roundToBfloat16 } from "./ops/round-to-bfloat16.ts";
export { rowsWhere } from "./ops/rows-where.ts";
export { concat, padZeros, slice } from "./ops/slice.ts";
export { softmax } from "./ops/softmax.ts";
export { topKMask } from "./ops/top-k.ts";
export { transpose } from "./ops/transpose.ts";
export {
  axisSize,
  named,
  topologicalOrder,
  type Dtype,
  type Value,
  type ValueType,
} from "./value.ts";
