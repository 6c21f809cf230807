/** The one place that knows every model family. */

import { ConfigError, suggestion } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "./architecture.ts";
import { checkParameterSizes, checkSizes } from "./size-limits.ts";
import { albert } from "../families/albert.ts";
import { baichuan } from "../families/baichuan.ts";
import { bart, m2m100, marian, mbart, pegasus } from "../families/bart.ts";
import { bert } from "../families/bert.ts";
import { bloom } from "../families/bloom.ts";
import { cohere, cohere2 } from "../families/cohere.ts";
import { debertaV2 } from "../families/deberta-v2.ts";
import { deepseekV2, deepseekV3 } from "../families/deepseek.ts";
import { distilbert } from "../families/distilbert.ts";
import { electra } from "../families/electra.ts";
import { falcon } from "../families/falcon.ts";
import { gemma } from "../families/gemma.ts";
import { gemma2 } from "../families/gemma2.ts";
import { gemma3 } from "../families/gemma3.ts";
import { glm, glm4 } from "../families/glm.ts";
import { gptNeo } from "../families/gpt-neo.ts";
import { gptNeox } from "../families/gpt-neox.ts";
import { gptOss } from "../families/gpt-oss.ts";
import { gpt2 } from "../families/gpt2.ts";
import { codegen, gptj } from "../families/gptj.ts";
import { granite } from "../families/granite.ts";
import { graniteMoe } from "../families/granite-moe.ts";
import { llama } from "../families/llama.ts";
import { mistral } from "../families/mistral.ts";
import { mixtral } from "../families/mixtral.ts";
import { modernbert } from "../families/modernbert.ts";
import { mpt } from "../families/mpt.ts";
import { nanochat } from "../families/nanochat.ts";
import { nemotron } from "../families/nemotron.ts";
import { olmo } from "../families/olmo.ts";
import { olmo2 } from "../families/olmo2.ts";
import { olmoe } from "../families/olmoe.ts";
import { openaiGpt } from "../families/openai-gpt.ts";
import { opt } from "../families/opt.ts";
import { orrery } from "../families/orrery.ts";
import { persimmon } from "../families/persimmon.ts";
import { phi } from "../families/phi.ts";
import { phi3 } from "../families/phi3.ts";
import { qwen2Moe } from "../families/qwen2-moe.ts";
import { qwen2, qwen3 } from "../families/qwen2.ts";
import { qwen3Moe } from "../families/qwen3-moe.ts";
import { roberta } from "../families/roberta.ts";
import { smollm3 } from "../families/smollm3.ts";
import { stablelm } from "../families/stablelm.ts";
import { starcoder2 } from "../families/starcoder2.ts";
import { t5, umt5 } from "../families/t5.ts";
import { xglm } from "../families/xglm.ts";
import { xlnet } from "../families/xlnet.ts";

const families: Readonly<Record<string, (config: ConfigReader) => Architecture>> = {
  albert,
  baichuan,
  bart,
  bert,
  bloom,
  camembert: roberta,
  codegen,
  cohere,
  cohere2,
  "deberta-v2": debertaV2,
  deepseek_v2: deepseekV2,
  deepseek_v3: deepseekV3,
  distilbert,
  electra,
  falcon,
  gemma,
  gemma2,
  gemma3_text: gemma3,
  glm,
  glm4,
  gpt2,
  gpt_neo: gptNeo,
  gpt_neox: gptNeox,
  gpt_oss: gptOss,
  gptj,
  granite,
  granitemoe: graniteMoe,
  llama,
  m2m_100: m2m100,
  marian,
  mbart,
  mistral,
  mixtral,
  modernbert,
  mpt,
  mt5: t5,
  nanochat,
  nemotron,
  olmo,
  olmo2,
  olmoe,
  "openai-gpt": openaiGpt,
  opt,
  orrery,
  pegasus,
  persimmon,
  phi,
  phi3,
  qwen2,
  qwen2_moe: qwen2Moe,
  qwen3,
  qwen3_moe: qwen3Moe,
  roberta,
  smollm3,
  stablelm,
  starcoder2,
  t5,
  umt5,
  xglm,
  "xlm-roberta": roberta,
  xlnet,
};

/** The families that are known, by `model_type`. */
export const modelFamilies: readonly string[] = Object.keys(families).sort();

/** Keys that say nothing about the computation. */
const ignoredKeys: readonly string[] = [
  "_name_or_path",
  "activation_dropout",
  "architectures",
  "attention_dropout",
  "attention_probs_dropout_prob",
  "attention_softmax_in_fp32",
  "attn_pdrop",
  "bos_token_id",
  "classifier_dropout",
  "classifier_dropout_prob",
  "cls_token_id",
  "decoder_layerdrop",
  "decoder_start_token_id",
  "directionality",
  "dropout",
  "dropout_rate",
  "dtype",
  "early_stopping",
  "emb_pdrop",
  "embd_pdrop",
  "embed_dropout",
  "embedding_dropout",
  "encoder_layerdrop",
  "eos_token_id",
  "gradient_checkpointing",
  "hidden_dropout",
  "hidden_dropout_prob",
  "id2label",
  "is_decoder",
  "is_encoder_decoder",
  "label2id",
  "layerdrop",
  "masked_softmax_fusion",
  "max_position_embeddings",
  "model_type",
  "num_beams",
  "offset_alibi",
  "output_past",
  "output_router_logits",
  "pad_token_id",
  "pooler_fc_size",
  "pooler_num_attention_heads",
  "pooler_num_fc_layers",
  "pooler_size_per_head",
  "pooler_type",
  "pretraining_tp",
  "problem_type",
  "qa_dropout",
  "reorder_and_upcast_attn",
  "resid_dropout",
  "resid_pdrop",
  "residual_dropout",
  "router_aux_loss_coef",
  "router_jitter_noise",
  "sep_token_id",
  "seq_classif_dropout",
  "seq_length",
  "skip_bias_add",
  "skip_bias_add_qkv",
  "slow_but_exact",
  "summary_activation",
  "summary_first_dropout",
  "summary_last_dropout",
  "summary_proj_to_labels",
  "summary_type",
  "summary_use_proj",
  "task_specific_params",
  "tokenizer_class",
  "torch_dtype",
  "transformers_version",
  "unk_token_id",
  "use_cache",
];

/**
 * Builds the model that a config.json describes.
 *
 * @throws {ConfigError} if the family is unknown, a value is missing or cannot work, or a key is
 *   one that the family's page does not know.
 */
export function createArchitecture(config: ConfigReader): Architecture {
  const modelType = config.string("model_type");
  const family = Object.hasOwn(families, modelType) ? families[modelType] : undefined;
  if (!family) {
    throw new ConfigError(
      `config.json: model_type: expected one of ${modelFamilies.join(", ")}, got ${JSON.stringify(modelType.slice(0, 100))}${suggestion(modelType.slice(0, 100), modelFamilies)}`,
    );
  }
  checkSizes(config.values);
  const architecture = family(config);
  checkParameterSizes(architecture.network.parameters());
  const unknown = config.unknownKeys(ignoredKeys);
  if (unknown.length > 0) {
    throw new ConfigError(
      `config.json: ${modelType} does not know ${unknown.join(", ")}; the model might compute something else, so it is refused. Remove the keys if they have no effect`,
    );
  }
  return architecture;
}
