export type { Attention } from "./attention/attention.ts";
export { CrossAttention, type CrossAttentionOptions } from "./attention/cross-attention.ts";
export { LatentAttention, type LatentAttentionOptions } from "./attention/latent-attention.ts";
export {
  SelfAttention,
  type QueryKeyNorm,
  type SelfAttentionOptions,
} from "./attention/self-attention.ts";
export {
  EncoderDecoder,
  type DecoderContext,
  type EncoderDecoderOptions,
} from "./encoder-decoder.ts";
export {
  activationCurves,
  celuCurve,
  geluCurve,
  geluTanhCurve,
  swishBetaDerivative,
  swishCurve,
  xieluCurve,
  type ActivationCurve,
} from "./ffn/activation-curves.ts";
export { activate, activationNames, type Activation } from "./ffn/activation.ts";
export type { FFN, FFNOptions } from "./ffn/ffn.ts";
export { GatedMLP, type GatedMLPOptions } from "./ffn/gated-mlp.ts";
export { clampedSwiglu, type Gating } from "./ffn/gating.ts";
export { LearnedSwish, learnedXielu, type LearnedActivation } from "./ffn/learned-activation.ts";
export { MixtureOfExperts, type MixtureOfExpertsOptions } from "./ffn/mixture-of-experts.ts";
export { MLP, type MLPOptions } from "./ffn/mlp.ts";
export type { ExpertGroups } from "./ffn/routing/expert-groups.ts";
export { loadBalance, loadBalancingLoss } from "./ffn/routing/load-balancing.ts";
export type { Router, Routing } from "./ffn/routing/router.ts";
export { SigmoidRouter, type SigmoidRouterOptions } from "./ffn/routing/sigmoid-router.ts";
export { SoftmaxRouter, type SoftmaxRouterOptions } from "./ffn/routing/softmax-router.ts";
export { TokenGated, type TokenGatedOptions } from "./ffn/token-gated.ts";
export { equalGatedWidth, ffnCost, gatedWidth } from "./ffn/widths.ts";
export { alibiMultipliedFoil } from "./foils/alibi-multiplied.ts";
export {
  batchNormFoil,
  batchStatistics,
  movingStatistics,
  type BatchStatistics,
} from "./foils/batch-norm.ts";
export { DeepNormMlpFoil, type DeepNormMlpFoilOptions } from "./foils/deep-norm-mlp.ts";
export { selfGatedFoil } from "./foils/self-gated.ts";
export { weightNormFoil } from "./foils/weight-norm.ts";
export {
  deviationOf,
  fansOf,
  initialGains,
  kaimingNormal,
  kaimingUniform,
  xavierNormal,
  xavierUniform,
  type Fans,
} from "./initializers/fans.ts";
export {
  deepNormInitializers,
  gpt2Initializers,
  initializedBy,
  smallInitializers,
  t5Initializers,
  truncatedInitializers,
  type InitializationScheme,
} from "./initializers/schemes.ts";
export { LanguageHead, type LanguageHeadOptions } from "./language-head.ts";
export { LanguageModel, type LanguageModelOptions } from "./language-model.ts";
export { linear, linearSpecs, type LinearOptions } from "./linear.ts";
export type { Network, NetworkInputs, NetworkKind } from "./network.ts";
export type { Gain } from "./norms/gain.ts";
export { LayerNorm, type LayerNormOptions } from "./norms/layer-norm.ts";
export type { Norm } from "./norms/norm.ts";
export { PerHeadNorm, type PerHeadNormOptions } from "./norms/per-head-norm.ts";
export { RMSNorm, type RMSNormOptions } from "./norms/rms-norm.ts";
export {
  matrixSpec,
  nest,
  vectorSpec,
  within,
  type Initializer,
  type ParameterLookup,
  type ParameterSpec,
  type ParameterSpecs,
  type Part,
} from "./part.ts";
export { AlibiBias, alibiSlopes, type AlibiBiasOptions } from "./positions/alibi-bias.ts";
export { alibiBias, type AlibiMatrixOptions } from "./positions/alibi-matrix.ts";
export { FalconAlibi, type FalconAlibiOptions } from "./positions/falcon-alibi.ts";
export {
  BlockRotaryEmbedding,
  blockPositions,
  type BlockPositionsOptions,
} from "./positions/block-rotary-embedding.ts";
export {
  DisentangledTable,
  DisentangledTerms,
  disentangledBucket,
  type DisentangledBucketOptions,
  type DisentangledTableOptions,
  type DisentangledTermsOptions,
} from "./positions/disentangled-terms.ts";
export { interpolateTable } from "./positions/interpolate-table.ts";
export { LayerBias, type BiasEncoding } from "./positions/layer-bias.ts";
export { LearnedEmbedding, type LearnedEmbeddingOptions } from "./positions/learned-embedding.ts";
export { noPositions } from "./positions/no-positions.ts";
export type { PositionEncoding, RotatedSide } from "./positions/position-encoding.ts";
export type { RelativeScope, RelativeTerms } from "./positions/relative-terms.ts";
export { reversed } from "./positions/reversed.ts";
export { dynamicNtkScaling, type DynamicNtkOptions } from "./positions/rope/dynamic-ntk-scaling.ts";
export {
  linearAttentionWithRope,
  type LinearAttentionOptions,
} from "./positions/rope/linear-attention.ts";
export { linearScaling } from "./positions/rope/linear-scaling.ts";
export { llama3Scaling, type Llama3ScalingOptions } from "./positions/rope/llama3-scaling.ts";
export {
  longRopeAttentionFactor,
  longRopeScaling,
  type LongRopeOptions,
} from "./positions/rope/long-rope-scaling.ts";
export { ntkScaling } from "./positions/rope/ntk-scaling.ts";
export {
  proportionalScaling,
  type ProportionalOptions,
} from "./positions/rope/proportional-scaling.ts";
export { ropeDecayBound, rotaryAngles, rotateComplex } from "./positions/rope/rotary-formulas.ts";
export { noScaling, rotaryFrequencies } from "./positions/rope/rotary-frequencies.ts";
export type { RotaryBase, RotaryByLength, RotaryScaling } from "./positions/rope/rotary-scaling.ts";
export {
  yarnAttentionFactor,
  yarnScaling,
  type YarnOptions,
} from "./positions/rope/yarn-scaling.ts";
export { RotaryEmbedding, type RotaryEmbeddingOptions } from "./positions/rotary-embedding.ts";
export { ShawTerms, shawIndex, type ShawTermsOptions } from "./positions/shaw-terms.ts";
export { shiftChange, type ShiftChangeOptions } from "./positions/shift-change.ts";
export {
  SinusoidalEmbedding,
  sinusoidFrequencies,
  type SinusoidalEmbeddingOptions,
} from "./positions/sinusoidal-embedding.ts";
export { sinusoidalTable, type SinusoidalTableOptions } from "./positions/sinusoidal-table.ts";
export { T5Bias, t5Bucket, type T5BiasOptions, type T5BucketOptions } from "./positions/t5-bias.ts";
export {
  TransformerXlTerms,
  relativeShift,
  type TransformerXlTermsOptions,
} from "./positions/transformer-xl-terms.ts";
export { Xpos, xposDecay, type XposOptions } from "./positions/xpos.ts";
export { branchNorm } from "./residuals/branch-norm.ts";
export {
  deepNorm,
  deepNormCoefficients,
  glmDeepNorm,
  glmDeepNormCoefficients,
  type DeepNormCoefficients,
} from "./residuals/deep-norm.ts";
export { normedStream } from "./residuals/normed-stream.ts";
export { parallelNorm, parallelNorms } from "./residuals/parallel.ts";
export { postNorm } from "./residuals/post-norm.ts";
export { preNorm } from "./residuals/pre-norm.ts";
export type { Branch, ResidualTopology } from "./residuals/residual-topology.ts";
export { sandwichNorm } from "./residuals/sandwich-norm.ts";
export { scaledPreNorm } from "./residuals/scaled-pre-norm.ts";
export type {
  KeyValueCache,
  Memory,
  MemoryKeys,
  PastKeys,
  SequenceContext,
} from "./sequence-context.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.ts";
export { TransformerStack, type TransformerStackOptions } from "./transformer-stack.ts";
export type { DescribedValue, PartDescription } from "./description.ts";
