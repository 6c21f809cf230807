export { SelfAttention, type SelfAttentionOptions } from "./attention/self-attention.ts";
export { CausalLM, type CausalLMOptions } from "./causal-lm.ts";
export { activate, activationNames, type Activation } from "./ffn/activation.ts";
export type { FFN, FFNOptions } from "./ffn/ffn.ts";
export { GatedMLP } from "./ffn/gated-mlp.ts";
export { MLP } from "./ffn/mlp.ts";
export { linear, linearSpecs, type LinearOptions } from "./linear.ts";
export { LayerNorm, type LayerNormOptions } from "./norms/layer-norm.ts";
export type { Norm } from "./norms/norm.ts";
export { RMSNorm, type RMSNormOptions } from "./norms/rms-norm.ts";
export {
  nest,
  within,
  type Initializer,
  type ParameterLookup,
  type ParameterSpec,
  type ParameterSpecs,
  type Part,
} from "./part.ts";
export { AlibiBias, alibiSlopes, type AlibiBiasOptions } from "./positions/alibi-bias.ts";
export { LearnedEmbedding, type LearnedEmbeddingOptions } from "./positions/learned-embedding.ts";
export { noPositions } from "./positions/no-positions.ts";
export type { PositionEncoding, ScoreBias } from "./positions/position-encoding.ts";
export {
  RotaryEmbedding,
  rotaryFrequencies,
  type RotaryEmbeddingOptions,
} from "./positions/rotary-embedding.ts";
export {
  SinusoidalEmbedding,
  sinusoidFrequencies,
  type SinusoidalEmbeddingOptions,
} from "./positions/sinusoidal-embedding.ts";
export { preNorm, type ResidualTopology } from "./residual.ts";
export type { SequenceContext } from "./sequence-context.ts";
export { TransformerBlock, type TransformerBlockOptions } from "./transformer-block.ts";
