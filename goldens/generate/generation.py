"""Writes goldens/models/generation.json: which tokens transformers lets be drawn, and what its beam search finds.

    python goldens/generate/generation.py [CHECKPOINTS]

Needs torch and transformers. CHECKPOINTS is a folder with encoder-decoders named t5 and bart, each with the
ids that it reads in expected.safetensors; without it their rows are left out.
"""
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file
from transformers import LogitsProcessorList
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

HERE = pathlib.Path(__file__).parent.parent / "models"
VOCAB = 40
SEEN = [3, 3, 17, 29, 8]

CHOICES = [
    {},
    {"temperature": 0.7},
    {"temperature": 3},
    {"topK": 5},
    {"topK": 100},
    {"topP": 0.5},
    {"topP": 0.9},
    {"topP": 0.999},
    {"minP": 0.1},
    {"minP": 1},
    {"repetitionPenalty": 1.3},
    {"repetitionPenalty": 0.8},
    {"repetitionPenalty": 2, "temperature": 0.5, "topK": 20, "topP": 0.8, "minP": 0.02},
    {"temperature": 2, "topK": 10, "topP": 0.7},
    {"temperature": 2, "topP": 0.95, "minP": 0.2},
]


def processors(options):
    known = [
        ("repetitionPenalty", lambda x: RepetitionPenaltyLogitsProcessor(float(x))),
        ("temperature", lambda x: TemperatureLogitsWarper(float(x))),
        ("topK", TopKLogitsWarper),
        ("topP", lambda x: TopPLogitsWarper(float(x))),
        ("minP", lambda x: MinPLogitsWarper(float(x))),
    ]
    return LogitsProcessorList([make(options[name]) for name, make in known if name in options])


def choices():
    generator = torch.Generator().manual_seed(0)
    rows = []
    for spread in [0.5, 2, 6]:
        logits = torch.randn(VOCAB, generator=generator) * spread
        for options in CHOICES:
            scores = processors(options)(torch.tensor([SEEN]), logits[None].clone())[0]
            ids = torch.nonzero(scores > -float("inf"))[:, 0]
            probabilities = scores.softmax(-1)[ids]
            rows.append(
                {
                    "logits": [float(x) for x in logits],
                    "options": options,
                    "ids": ids.tolist(),
                    "probabilities": [float(f"{x:.7g}") for x in probabilities],
                }
            )
    return rows


BEAMS = [
    {"numBeams": 1},
    {"numBeams": 2},
    {"numBeams": 4},
    {"numBeams": 4, "earlyStopping": True},
    {"numBeams": 4, "earlyStopping": "never"},
    {"numBeams": 3, "lengthPenalty": 0},
    {"numBeams": 3, "lengthPenalty": 2, "earlyStopping": "never"},
    {"numBeams": 3, "lengthPenalty": -1},
    {"numBeams": 5, "stopIds": [2, 7, 11]},
]
NEW = 10


def beams(model, prompt, options):
    ends = options.get("stopIds", [2])
    model.generation_config.forced_eos_token_id = None
    with torch.no_grad():
        found = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
            num_beams=options["numBeams"],
            num_return_sequences=options["numBeams"],
            length_penalty=float(options.get("lengthPenalty", 1)),
            early_stopping=options.get("earlyStopping", False),
            max_new_tokens=NEW,
            eos_token_id=ends,
            pad_token_id=0,
            do_sample=False,
            return_dict_in_generate=True,
            output_scores=True,
        )
    given = 1 if model.config.is_encoder_decoder else len(prompt)
    results = []
    # A beam of one is greedy search in that library and has no score.
    scores = found.sequences_scores.tolist() if options["numBeams"] > 1 else [None]
    for row, score in zip(found.sequences, scores):
        ids = row[given:].tolist()
        end = next((i for i, x in enumerate(ids) if x in ends), len(ids) - 1)
        results.append({"ids": ids[: end + 1], "score": score and float(f"{score:.7g}")})
    return results


def searches():
    folders = {name: HERE / name for name in ["gpt2", "llama", "bloom"]}
    if len(sys.argv) > 1:
        folders.update({name: pathlib.Path(sys.argv[1]) / name for name in ["t5", "bart"]})
    rows = []
    for name, folder in folders.items():
        auto = transformers.AutoModelForSeq2SeqLM if name in ["t5", "bart"] else transformers.AutoModelForCausalLM
        model = auto.from_pretrained(folder, attn_implementation="eager").eval()
        for prompt in load_file(folder / "expected.safetensors")["input_ids"].tolist():
            for options in BEAMS:
                given = prompt if name in ["t5", "bart"] else prompt[:5]
                row = {"model": name, "prompt": given, "options": options, "found": beams(model, given, options)}
                rows.append(row)
    return rows


if __name__ == "__main__":
    golden = {
        "made with": f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}",
        "seen": SEEN,
        "newTokens": NEW,
        "choices": choices(),
        "searches": searches(),
    }
    rows = {k: v for k, v in golden.items() if not isinstance(v, list) or k == "seen"}
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in rows.items()]
    for key in ["choices", "searches"]:
        body = ",\n".join("    " + json.dumps(row) for row in golden[key])
        lines.append(f'"{key}": [\n{body}\n  ]')
    text = "{\n  " + ",\n  ".join(lines) + "\n}\n"
    json.loads(text)
    (HERE / "generation.json").write_text(text)
