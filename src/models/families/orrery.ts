import type { ConfigReader } from "orrery-lm/formats";
import {
  GatedMLP,
  LayerNorm,
  MLP,
  RMSNorm,
  SelfAttention,
  TransformerBlock,
  activationNames,
  branchNorm,
  parallelNorm,
  parallelNorms,
  postNorm,
  preNorm,
  sandwichNorm,
  type FFN,
  type Norm,
  type ResidualTopology,
} from "orrery-lm/nn";
import type { Architecture } from "../assembly/architecture.ts";
import { decoder } from "../assembly/language-models.ts";
import { positionChoice } from "../assembly/position-choices.ts";

/** Where norms stand in a block, and which of a block's norms there are. */
const placements: Record<
  string,
  { residual: ResidualTopology; input: boolean; output: boolean; second: boolean; final: boolean }
> = {
  pre: { residual: preNorm, input: true, output: false, second: true, final: true },
  post: { residual: postNorm, input: true, output: false, second: true, final: false },
  sandwich: { residual: sandwichNorm, input: true, output: true, second: true, final: true },
  branch: { residual: branchNorm, input: false, output: true, second: true, final: true },
  parallel: { residual: parallelNorm, input: true, output: false, second: false, final: true },
  "parallel-two": {
    residual: parallelNorms,
    input: true,
    output: false,
    second: true,
    final: true,
  },
};

/**
 * Orrery's own decoder, for experiments: every part is a choice in config.json, and two models that
 * differ in one choice are equal in everything else. Embeddings are tied, there are no biases but
 * those of norms, and parameters are stored under their own names.
 *
 * - `position_encoding`: see {@link positionChoice}
 * - `norm`: `rms_norm` (default), `layer_norm`
 * - `norm_placement`: `pre` (default), `post`, `sandwich`, `branch`, `parallel`, `parallel-two`
 * - `ffn`: `gated` (default), `mlp`; `hidden_act`: any activation, `silu` by default
 */
export function orrery(config: ConfigReader): Architecture {
  const hiddenSize = config.number("hidden_size");
  const numHeads = config.number("num_attention_heads");
  const numLayers = config.number("num_hidden_layers");
  const eps = config.positive("rms_norm_eps", 1e-5);
  const std = config.positive("initializer_range", 0.02);
  const outputStd = std / Math.sqrt(2 * numLayers);
  const headDim = config.divide("hidden_size", "num_attention_heads");

  const { positions, relative } = positionChoice(config, { hiddenSize, numHeads, headDim, std });
  const norms: Record<string, () => Norm> = {
    rms_norm: () => new RMSNorm({ size: hiddenSize, eps }),
    layer_norm: () => new LayerNorm({ size: hiddenSize, eps }),
  };
  const norm = norms[config.choice("norm", Object.keys(norms), "rms_norm")]!();
  const placement = placements[config.choice("norm_placement", Object.keys(placements), "pre")]!;
  const ffnOptions = {
    hiddenSize,
    intermediateSize: config.number("intermediate_size"),
    activation: config.choice("hidden_act", activationNames, "silu"),
    hasBias: false,
    std,
    outputStd,
  };
  const ffns: Record<string, () => FFN> = {
    gated: () => new GatedMLP(ffnOptions),
    mlp: () => new MLP(ffnOptions),
  };
  const ffn = ffns[config.choice("ffn", Object.keys(ffns), "gated")]!();
  const block = new TransformerBlock({
    attentionNorm: placement.input ? norm : undefined,
    attention: new SelfAttention({
      hiddenSize,
      numHeads,
      numKeyValueHeads: numHeads,
      headDim,
      hasBias: false,
      positions,
      relative,
      isCausal: true,
      std,
      outputStd,
    }),
    attentionOutputNorm: placement.output ? norm : undefined,
    ffnNorm: placement.input && placement.second ? norm : undefined,
    ffn,
    ffnOutputNorm: placement.output ? norm : undefined,
    residual: placement.residual,
  });
  const network = decoder({
    vocabSize: config.number("vocab_size"),
    hiddenSize,
    positions,
    blocks: Array.from({ length: numLayers }, () => block),
    finalNorm: placement.final ? norm : undefined,
    isTied: true,
    std,
  });
  const storage = Object.keys(network.parameters()).map((name) => ({
    tensor: name,
    parameters: [name],
  }));
  return { network, storage };
}
