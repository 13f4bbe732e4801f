"""Write what transformers renders with chat templates of well-known shapes.

The templates are written here in the style of their families, and one uses every feature
that templates lean on. Makes `fixtures/chat-templates.json`: `{templates, conversations, rows}`,
a row `{template, conversation, add_generation_prompt, text}`; text is null where it refuses.

Usage: python tools/make_templates.py
"""

from __future__ import annotations

import json
from pathlib import Path

import transformers
from transformers.utils.chat_template_utils import render_jinja_template

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "chat-templates.json"
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "boi_token": "<boi>"}

TEMPLATES = {
    "chatml": """{% if not messages[0]['role'] == 'system' %}{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}
{% for message in messages %}
{{ '<|im_start|>' + message.role + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
{% endfor %}
{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""",
    "llama2": """{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    "mistral": """{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}
{%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for message in loop_messages %}
    {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
        {{- raise_exception("After the optional system message, conversation roles must alternate user/assistant") }}
    {%- endif %}
    {%- set ns.index = ns.index + 1 %}
{%- endfor %}
{{- bos_token }}
{%- for message in loop_messages %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST] " + system_message + "\\n\\n" + message["content"] + "[/INST]" }}
        {%- else %}
            {{- "[INST] " + message["content"] + "[/INST]" }}
        {%- endif %}
    {%- else %}
        {{- " " + message["content"] + eos_token}}
    {%- endif %}
{%- endfor %}
""",
    "zephyr": """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '<|user|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '<|system|>\\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '<|assistant|>\\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '<|assistant|>' }}
{% endif %}
{% endfor %}""",
    "llama3": """{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' if add_generation_prompt else '' }}""",
    "gemma": """{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}""",
    "phi3": """{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\\n' + message['content'] + '<|end|>\\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}""",
    "generation": """{%- for message in messages %}
    {%- if message.role == 'assistant' %}
        {{- '<a>' }}
        {%- generation %}
        {{- message.content + eos_token }}
        {%- endgeneration %}
    {%- else %}
        {{- '<' ~ message.role[0] ~ '>' ~ message.content }}
    {%- endif %}
{%- endfor %}
{%- generation -%} g {% endgeneration -%} x
{% if add_generation_prompt %}<a>{% endif %}""",
    "features": """{#- a comment -#}
{%- macro turn(message, mark='*') -%}
    {{ mark }}{{ message.role | upper }}: {{ message.content | tojson }}{{ '\\n' }}
{%- endmacro -%}
{%- for message in messages if message.role != 'system' -%}
    {%- if loop.index > 3 %}{% break %}{% endif -%}
    {%- if message.content | length == 0 %}{% continue %}{% endif -%}
    {{ turn(message, mark='-') }}
    {{- loop.index0 ~ '/' ~ loop.length ~ loop.first ~ loop.last }}
{%- else -%}
    nobody
{%- endfor %}
{{ {'b': [1, 2.5, none, true], 'a': '<é\\n"', 'c': {}, 'd': []} | tojson }} {{ {'b': 1, 'a': [2]} | tojson(indent=2) }}
{{ messages | map(attribute='role') | join(', ') }} {{ messages[-1]['content'].split(' ')[0] | default('none') }} {{ messages[::-1][0].role }}
{{ boi_token }}{{ unk_token }}{{ pad_token }} {{ missing | default('gone') }} {{ missing is defined }} {{ none }}{{ missing }} {{ 'a' ~ none ~ true ~ 1 ~ 2.0 }} {{ 7 // 2 }} {{ 7 % 4 }} {{ 'a' in 'cat' }} {{ (1, 2) | length }}
{{ 'x' if messages is iterable and messages is not string and messages is not mapping else 'y' }} {{ messages[0].content.title() }} {{ messages[0].content.replace('e', 'E') | trim }} {{ 'ab'.startswith('a') }}
{% set parts = messages[0].content.split('l') %}{{ parts | length }} {{ strftime_now('%Y') | length }} {{- ' end' -}}
{% if add_generation_prompt %}
  indented {% endif %}
{{ raise_exception('no tools here') if messages[0].role == 'tool' }}""",
}

CONVERSATIONS = {
    "one": [{"role": "user", "content": "Hello there"}],
    "system": [{"role": "system", "content": " Be brief.\n"}, {"role": "user", "content": "안녕하세요? <b>&amp;\"'</b>"}],
    "long": [
        {"role": "user", "content": " Q1 "}, {"role": "assistant", "content": "\nA1\n"}, {"role": "user", "content": "Q2"},
        {"role": "assistant", "content": ""}, {"role": "user", "content": "Q3 é 👩\u200d👧"},
    ],
    "order": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}],
    "tool": [{"role": "tool", "content": "{}"}],
}  # fmt: skip


def main() -> None:
    rows = []
    for name, template in TEMPLATES.items():
        for conversation, messages in CONVERSATIONS.items():
            for generation in (False, True):
                row = {"template": name, "conversation": conversation, "add_generation_prompt": generation, "text": None}
                try:
                    row["text"] = render_jinja_template([messages], None, None, template, add_generation_prompt=generation, **SPECIAL)[0][0]
                except Exception as error:
                    row["error"] = str(error)
                rows.append(row)
    content = {"made_by": f"tools/make_templates.py; transformers {transformers.__version__}", "special_tokens": SPECIAL,
               "templates": TEMPLATES, "conversations": CONVERSATIONS, "rows": rows}  # fmt: skip
    OUT.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(rows)} rows, {sum(row['text'] is None for row in rows)} refused")


if __name__ == "__main__":
    main()
