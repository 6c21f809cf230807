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
from transformers import BloomConfig, BloomForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

VOCAB, TOKENS, PADDING = 32, 12, 3
GIVEN, CONTINUED = 4, 12
TOKEN_IDS = {"bos_token_id": 1, "eos_token_id": 2}

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
}


def randomize(model, seed):
    """Matrices so large that attention prefers some keys; gains around one; biases around zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            noise = torch.randn(tensor.shape, generator=generator)
            if tensor.dim() == 2:
                tensor.copy_(noise * 0.6 / 16**0.5 if "emb" not in name and "wte" not in name else noise * 0.5)
            elif name.endswith("bias"):
                tensor.copy_(noise * 0.25)
            else:
                tensor.copy_(1 + noise * 0.25)
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
