"""Makes goldens/tokenizers/chat-templates.json: chats as Hugging Face `transformers` renders them.

The tokenizer is the one of goldens/tokenizers/byte-level-bpe.json; the templates were written for this
purpose, in the manners of those in use (ChatML with and without generation marks, [INST], tools).

    pip install transformers==5.18.0 tokenizers==0.23.2
    python goldens/generate/chat-templates.py
"""

import json
import pathlib

import tokenizers
import transformers
from transformers import PreTrainedTokenizerFast

GOLDENS = pathlib.Path(__file__).resolve().parent.parent / "tokenizers"

CHATML = """{%- for message in messages %}
    {{- '<|im_start|>' + message['role'] + '\\n' }}
    {%- if message['role'] == 'assistant' %}
        {% generation %}
        {{- message['content'] + '<|im_end|>' }}
        {%- endgeneration %}
    {%- else %}
        {{- message['content'] + '<|im_end|>' }}
    {%- endif %}
    {{- '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""
# Trimming of blocks decides which blanks stay here.
BLOCKS = """{{ bos_token }}
{% for message in messages %}
  {% if message.role == 'assistant' %}
A: {% generation %}{{ message.content | trim }}{{ eos_token }}{% endgeneration %}
  {% else %}
{{ message.role | upper }}: {{ message.content | trim }}
  {% endif %}

{% endfor %}
{% if add_generation_prompt %}
A:
{% endif %}
"""
INST = """{%- if messages[0]['role'] == 'system' %}
    {%- set system = messages[0]['content'] + '\\n\\n' %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set system = '' %}
    {%- set turns = messages %}
{%- endif %}
{{- bos_token }}
{%- for message in turns %}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('roles must alternate') }}
    {%- endif %}
    {%- if message['role'] == 'user' %}
        {{- '[INST] ' + (system if loop.first else '') + message['content'].strip() + ' [/INST]' }}
    {%- else %}
        {{- ' ' + message['content'] + eos_token }}
    {%- endif %}
{%- endfor %}
"""
TOOLS = """{%- if tools %}
    {{- 'tools:\\n' }}
    {%- for tool in tools %}
        {{- tool | tojson }}
        {{- '\\n' }}
    {%- endfor %}
{%- endif %}
{%- for document in documents or [] %}
    {{- '[' ~ loop.index ~ '] ' ~ document.title ~ ': ' ~ document.text ~ '\\n' }}
{%- endfor %}
{%- for message in messages %}
    {%- if message.tool_calls is defined %}
        {%- for call in message.tool_calls %}
            {{- '<call>' + call.function.name + ' ' + (call.function.arguments | tojson) + '</call>' }}
        {%- endfor %}
    {%- elif message.content is string %}
        {{- message.role + ': ' + message.content + '\\n' }}
    {%- else %}
        {%- for part in message.content if part.type == 'text' %}
            {{- message.role + ': ' + part.text + '\\n' }}
        {%- endfor %}
    {%- endif %}
{%- endfor %}
{%- if thinking is defined and thinking %}{{- 'think: ' }}{%- endif %}
"""

TURNS = [
    {"role": "user", "content": "Which planet turns?"},
    {"role": "assistant", "content": " The little one. "},
    {"role": "user", "content": "行星 🪐?"},
    {"role": "assistant", "content": "转动。"},
]
SYSTEM = [{"role": "system", "content": "Be exact."}]
TOOL = {
    "type": "function",
    "function": {
        "name": "turn",
        "parameters": {"type": "object", "properties": {"角": {"type": "number"}}},
    },
}
CALLS = [
    {"role": "user", "content": [{"type": "text", "text": "Turn é!"}]},
    {
        "role": "assistant",
        "tool_calls": [
            {"type": "function", "function": {"name": "turn", "arguments": {"角": 1.5, "n": 2}}}
        ],
    },
    {"role": "tool", "content": "turned"},
]

CASES = [
    ("chatml", CHATML, SYSTEM + TURNS, {}),
    ("chatml", CHATML, TURNS[:1], {"add_generation_prompt": True}),
    ("blocks", BLOCKS, TURNS, {}),
    ("blocks", BLOCKS, SYSTEM + TURNS[:3], {"add_generation_prompt": True}),
    ("inst", INST, SYSTEM + TURNS, {}),
    ("inst", INST, TURNS[:2], {}),
    ("tools", TOOLS, CALLS, {"tools": [TOOL]}),
    (
        "tools",
        TOOLS,
        TURNS[:1],
        {"documents": [{"title": "t", "text": "brass"}], "thinking": True},
    ),
]


def tokenizer() -> PreTrainedTokenizerFast:
    file = json.loads((GOLDENS / "byte-level-bpe.json").read_text())["written"]
    made = PreTrainedTokenizerFast(tokenizer_object=tokenizers.Tokenizer.from_str(file))
    made.add_special_tokens(
        {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"},
    )
    return made


def answer(name: str, template: str, messages: list, options: dict) -> dict:
    made = tokenizer()
    text = made.apply_chat_template(messages, chat_template=template, tokenize=False, **options)
    has_marks = "generation %}" in template
    ids = made.apply_chat_template(
        messages,
        chat_template=template,
        tokenize=True,
        return_dict=True,
        return_assistant_tokens_mask=has_marks,
        **options,
    )
    return {
        "name": name,
        "template": template,
        "messages": messages,
        "options": options,
        "text": text,
        "ids": ids["input_ids"],
        "mask": ids["assistant_masks"] if has_marks else None,
    }


golden = {
    "generator": "goldens/generate/chat-templates.py with "
    f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}",
    "file": tokenizer().backend_tokenizer.to_str(),
    "cases": [answer(*case) for case in CASES],
}
path = GOLDENS / "chat-templates.json"
path.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n")
print(path.name, path.stat().st_size, "bytes")
