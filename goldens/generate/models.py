"""Writes goldens/models/: tiny random models in the Hugging Face layout, with what they compute.

    python goldens/generate/models.py

Needs torch, transformers and safetensors; the versions that were used stand in the metadata of each
expected.safetensors. Everything is float32 and seeded. Gains are not one and biases not zero, so
that a part that forgets them is seen.

expected.safetensors has input_ids [2, 12], logits, loss (of the next token), grad.<tensor of the file>;
padded.* with the second row padded by 3 on the left, positions counting real tokens (logits at padding
mean nothing); greedy, two rows of 4 given tokens and 12 continued ones.
"""
import inspect
import pathlib

import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    Cohere2Config,
    Cohere2ForCausalLM,
    DeepseekV2Config,
    DeepseekV2ForCausalLM,
    DeepseekV3Config,
    DeepseekV3ForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    GraniteMoeConfig,
    GraniteMoeForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    OlmoConfig,
    OlmoForCausalLM,
    OlmoeConfig,
    OlmoeForCausalLM,
    Qwen2MoeConfig,
    Qwen2MoeForCausalLM,
    Qwen3MoeConfig,
    Qwen3MoeForCausalLM,
)

VOCAB, TOKENS, PADDING = 32, 12, 3
GIVEN, CONTINUED = 4, 12
TOKEN_IDS = {"bos_token_id": 1, "eos_token_id": 2}

SIZES = {
    "vocab_size": VOCAB,
    "max_position_embeddings": 32,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "pad_token_id": 0,
    **TOKEN_IDS,
}
EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 8}
# Widths that are all different, so that none stands for another; one layer without experts.
LATENT = {
    **SIZES,
    "num_key_value_heads": 4,
    "kv_lora_rank": 10,
    "qk_nope_head_dim": 6,
    "qk_rope_head_dim": 4,
    "v_head_dim": 7,
    "moe_intermediate_size": 8,
    "n_routed_experts": 6,
    "num_experts_per_tok": 2,
    "n_shared_experts": 2,
    "first_k_dense_replace": 1,
    "n_group": 2,
    "topk_group": 1,
}
YARN = {
    "rope_type": "yarn",
    "rope_theta": 10000.0,
    "factor": 4.0,
    "original_max_position_embeddings": 8,
    "beta_fast": 32,
    "beta_slow": 1,
}

MODELS = {
    "gpt2": (
        GPT2LMHeadModel,
        GPT2Config(vocab_size=VOCAB, n_positions=16, n_embd=16, n_layer=2, n_head=2, **TOKEN_IDS),
    ),
    "llama": (
        LlamaForCausalLM,
        LlamaConfig(
            vocab_size=VOCAB,
            max_position_embeddings=32,
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            pad_token_id=0,
            **TOKEN_IDS,
        ),
    ),
    "bloom": (
        BloomForCausalLM,
        # Three heads are no power of two, where slopes are interleaved; 12 channels divide by them.
        BloomConfig(vocab_size=VOCAB, hidden_size=12, n_layer=2, n_head=3, pad_token_id=0, **TOKEN_IDS),
    ),
    "cohere2": (
        Cohere2ForCausalLM,
        Cohere2Config(
            **{**SIZES, "sliding_window": 5, "layer_types": ["sliding_attention", "full_attention"], "logit_scale": 0.5}
        ),
    ),
    "olmo": (OlmoForCausalLM, OlmoConfig(**{**SIZES, "clip_qkv": 0.8})),
    "qwen2_moe": (
        Qwen2MoeForCausalLM,
        Qwen2MoeConfig(**{**SIZES, **EXPERTS, "shared_expert_intermediate_size": 12, "norm_topk_prob": False}),
    ),
    "qwen3_moe": (
        Qwen3MoeForCausalLM,
        Qwen3MoeConfig(**{**SIZES, **EXPERTS, "head_dim": 6, "norm_topk_prob": True, "mlp_only_layers": [0]}),
    ),
    "olmoe": (
        OlmoeForCausalLM,
        OlmoeConfig(**{**SIZES, "num_experts": 4, "num_experts_per_tok": 2, "norm_topk_prob": False, "clip_qkv": 1.1}),
    ),
    "deepseek_v2": (
        DeepseekV2ForCausalLM,
        DeepseekV2Config(
            **{
                **LATENT,
                "q_lora_rank": None,
                "topk_method": "group_limited_greedy",
                "routed_scaling_factor": 1.5,
                "norm_topk_prob": False,
                "rope_parameters": {**YARN, "mscale": 0.707, "mscale_all_dim": 0.9},
            }
        ),
    ),
    "deepseek_v3": (
        DeepseekV3ForCausalLM,
        DeepseekV3Config(
            **{
                **LATENT,
                "q_lora_rank": 12,
                "routed_scaling_factor": 2.5,
                "norm_topk_prob": True,
                "rope_parameters": {**YARN, "mscale": 1.0, "mscale_all_dim": 1.0},
            }
        ),
    ),
    "granitemoe": (
        GraniteMoeForCausalLM,
        GraniteMoeConfig(
            **{
                **SIZES,
                "num_local_experts": 3,
                "num_experts_per_tok": 2,
                "embedding_multiplier": 3.0,
                "attention_multiplier": 0.3,
                "residual_multiplier": 0.7,
                "logits_scaling": 2.0,
                "rms_norm_eps": 1e-4,
            }
        ),
    ),
}


def randomize(model, seed):
    """Matrices so large that attention prefers some keys; gains around one; biases around zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            noise = torch.randn(tensor.shape, generator=generator)
            if tensor.dim() >= 2:
                tensor.copy_(noise * 0.6 / 16**0.5 if "emb" not in name and "wte" not in name else noise * 0.5)
            elif name.endswith("bias"):
                tensor.copy_(noise * 0.25)
            else:
                tensor.copy_(1 + noise * 0.25)
        # Routers of DeepSeek-V3 have numbers that are no parameters, and would be zero.
        for name, tensor in model.named_buffers():
            if name.endswith("correction_bias"):
                tensor.copy_(torch.randn(tensor.shape, generator=generator) * 0.25)
    model.tie_weights()


def padded(model, ids):
    mask = torch.ones_like(ids)
    mask[1, :PADDING] = 0
    inputs = {"input_ids": ids * mask, "attention_mask": mask}
    extra = {}
    if "position_ids" in inspect.signature(model.forward).parameters:
        extra["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)
    with torch.no_grad():
        logits = model(**inputs, **extra, use_cache=False).logits
    return {**inputs, "logits": logits}


def greedy(model, ids):
    with torch.no_grad():
        for _ in range(CONTINUED):
            last = model(input_ids=ids, use_cache=False).logits[:, -1]
            ids = torch.cat([ids, last.argmax(1, keepdim=True)], 1)
    return ids


def write(name, folder):
    create, config = MODELS[name]
    config._attn_implementation = "eager"
    model = create(config).float().eval()
    randomize(model, seed=list(MODELS).index(name))
    ids = torch.randint(3, VOCAB, (2, TOKENS), generator=torch.Generator().manual_seed(7))
    result = model(input_ids=ids, use_cache=False)
    loss = torch.nn.functional.cross_entropy(result.logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    loss.backward()
    expected = {
        "input_ids": ids,
        "logits": result.logits,
        "loss": loss,
        "greedy": greedy(model, ids[:, :GIVEN]),
        **{f"padded.{key}": value for key, value in padded(model, ids).items()},
        **{f"grad.{key}": tensor.grad for key, tensor in model.named_parameters()},
    }
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    # One entry only: the order of several is another in every run.
    versions = f"torch {torch.__version__}, transformers {transformers.__version__}"
    metadata = {"generator": f"goldens/generate/models.py with {versions}"}
    tensors = {key: tensor.detach().contiguous().clone() for key, tensor in expected.items()}
    save_file(tensors, folder / "expected.safetensors", metadata)
    print(name, f"mean |logit| {result.logits.abs().mean():.2f}", f"loss {loss:.2f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    models = pathlib.Path(__file__).parents[1] / "models"
    for model_name in MODELS:
        write(model_name, models / model_name)
