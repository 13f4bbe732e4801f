"""Write the log-probabilities of checkpoints and adapters that are not as save_pretrained leaves them.

Each case is one of the tiny models with its config or its tensors changed, or an adapter on some
of its layers; the test makes the same change and must come to the same numbers. Makes
`fixtures/golden/checkpoints.json`: `{checkpoints, adapters, copies, split_special_tokens, chat}`. A checkpoint is `{name, model, config,
head, logps}`: `config` is laid over config.json; `head` says what becomes of the tensors: null leaves
them, `only` keeps the embedding's table under the head's name alone, `lost` keeps the head that was there, `copy` writes it under both,
`other` writes the table's rows in reverse under the head's name. An adapter is `{name, model, config,
modules, logps}`: `config` as PEFT's LoraConfig takes it, `modules` those that PEFT adapts, `ranks` theirs; A and B
are cut out of the model's golden adapter. `logps` are `[chosen, rejected]` of the first pairs, each
pair in one batch, as TRL's trainer has them. `copies`: names of the tensors that PEFT saves beside LoRA where it
saves embedding and head. `split_special_tokens`: `[text, ids, ids without the option]`. `chat`:
a template and `[prompt tokens, chosen, rejected]` of the first chat pairs. Makes `fixtures/golden/tiny-llama/dpo-layers/` too: six steps of TRL's DPO of an adapter on
one layer.

Usage: python tools/make_checkpoint_golden.py
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from make_golden import DPO_RUN, FIXTURES, load_base, read_jsonl, run_trainer, save_adapter, saved_name, trl_tokenise, write_json, write_jsonl
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer

PAIRS = 4
NAMES = {
    "tiny-llama": ("model.embed_tokens.weight", "lm_head.weight"),
    "tiny-qwen2": ("model.embed_tokens.weight", "lm_head.weight"),
    "tiny-gpt2": ("transformer.wte.weight", "lm_head.weight"),
    "tiny-gpt-neox": ("gpt_neox.embed_in.weight", "embed_out.weight"),
}
THETA = {"rope_theta": 10000.0}
# tiny-llama has rope_parameters; a null removes them, so that an older config's rope_scaling counts.
OLD = {"rope_parameters": None, "rope_theta": 10000.0}


def rope(**parameters) -> dict:
    return {"rope_parameters": {**THETA, **parameters}}


CHECKPOINTS = [
    ("the flag is set, the head has values of its own", "tiny-llama", {"tie_word_embeddings": True}, None),
    ("the flag is set, the head is a copy", "tiny-llama", {"tie_word_embeddings": True}, "copy"),
    ("the flag is set, the head alone is kept", "tiny-llama", {"tie_word_embeddings": True}, "only"),
    ("the flag is set, the table is lost and the head is not", "tiny-llama", {"tie_word_embeddings": True}, "lost"),
    ("the flag is the default, the head alone is kept", "tiny-gpt2", {}, "only"),
    ("the flag is the default, the head has values of its own", "tiny-gpt2", {}, "other"),
    ("the head alone is kept, with biases", "tiny-qwen2", {"tie_word_embeddings": True}, "only"),
    ("the flag is set, a head of the older name has values of its own", "tiny-gpt-neox", {"tie_word_embeddings": True}, None),
    ("YaRN", "tiny-llama", rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=64), None),
    ("YaRN, its ramp cut by hand", "tiny-llama",
     rope(rope_type="yarn", factor=8.0, original_max_position_embeddings=32, beta_fast=4.0, beta_slow=0.5, truncate=False), None),
    ("YaRN, mscale of both kinds", "tiny-llama",
     rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=64, mscale=1.2, mscale_all_dim=0.6), None),
    ("YaRN, the attention factor given", "tiny-llama",
     rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=64, attention_factor=1.5), None),
    ("YaRN of transformers 4, its factor from the lengths", "tiny-llama",
     {**OLD, "rope_scaling": {"type": "yarn", "factor": None, "original_max_position_embeddings": 64}}, None),
    ("YaRN without the original length", "tiny-qwen2", rope(rope_type="yarn", factor=2.0), None),
    ("YaRN on a part of each head", "tiny-gpt-neox",
     rope(rope_type="yarn", factor=4.0, original_max_position_embeddings=16, partial_rotary_factor=0.5), None),
    ("dynamic, longer than its context", "tiny-llama",
     {"max_position_embeddings": 24, **rope(rope_type="dynamic", factor=4.0)}, None),
    ("dynamic, within its context", "tiny-llama", rope(rope_type="dynamic", factor=4.0), None),
    ("dynamic of transformers 4", "tiny-mistral",
     {**OLD, "max_position_embeddings": 32, "rope_scaling": {"type": "dynamic", "factor": 2.5}}, None),
    ("linear RoPE of transformers 4", "tiny-llama", {**OLD, "rope_scaling": {"type": "linear", "factor": 2.0}}, None),
    ("GELU in a gated block, another epsilon", "tiny-llama", {"hidden_act": "gelu_pytorch_tanh", "rms_norm_eps": 0.001}, None),
    ("what has no effect: tensor parallelism, code of its own, another head's class", "tiny-llama",
     {"pretraining_tp": 2, "auto_map": {"AutoModelForCausalLM": "modeling_x.X"}, "architectures": ["LlamaForSequenceClassification"]}, None),
    ("Llama's weights by Mistral's config, its biases not used", "tiny-llama",
     {"model_type": "mistral", "architectures": ["MistralForCausalLM"], "sliding_window": None}, None),
    ("a short window", "tiny-mistral", {"sliding_window": 6}, None),
    ("a window that is switched off", "tiny-qwen2", {"use_sliding_window": False, "sliding_window": 4}, None),
    ("a window on every layer", "tiny-qwen2",
     {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 0, "layer_types": None}, None),
]  # fmt: skip

ADAPTERS = [
    ("one layer", {"target_modules": ["q_proj", "v_proj"], "layers_to_transform": 1}),
    ("layers in a list, their list named", {"target_modules": ["q_proj", "k_proj", "o_proj", "down_proj"], "layers_to_transform": [0], "layers_pattern": "layers"}),
    ("another layer's linears by a regular expression", {"target_modules": r".*\.1\.mlp\.(up|down)_proj"}),
    ("linears of full paths in different layers", {"target_modules": ["layers.0.self_attn.q_proj", "layers.1.mlp.up_proj"]}),
    ("linears left out", {"target_modules": "all-linear", "exclude_modules": ["layers.0.self_attn.k_proj", "down_proj"]}),
    ("other ranks and scales by names, by an expression and from the start",
     {"target_modules": "all-linear", "rank_pattern": {"q_proj": 2, r"layers\.1\.mlp\.(up|down)_proj": 3, "v_proj": 1},
      "alpha_pattern": {"^model.layers.0.self_attn.k_proj": 3, "v_proj": 5, "mlp.up_proj": 0}}),
    ("another rank with rank-stabilised scales",
     {"target_modules": ["q_proj", "v_proj"], "rank_pattern": {"v_proj": 2}, "use_rslora": True}),
]  # fmt: skip


def change_tensors(path: Path, model: str, head: str | None) -> None:
    if head is None:
        return
    tensors = load_file(path)
    table, name = NAMES[model]
    table = table if table in tensors else table.split(".", 1)[1]  # older files leave the base model's prefix out
    values = tensors[table]
    if head in ("only", "lost"):
        del tensors[table]
    if head != "lost":
        tensors[name] = values.flip(0).contiguous() if head == "other" else values.clone()
    save_file(tensors, path, metadata={"format": "pt"})


@torch.no_grad()
def batch_logps(model, pair: dict) -> list[float]:
    """Sums of both completions' log-probabilities, the shorter sequence padded on the right."""
    rows = [pair["prompt_ids"] + pair[f"{side}_ids"] for side in ("chosen", "rejected")]
    length = max(len(row) for row in rows)
    ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    logps = F.log_softmax(model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, :-1].float(), dim=-1)
    taken = logps.gather(2, ids[:, 1:, None])[:, :, 0].double()
    start = len(pair["prompt_ids"]) - 1
    return [taken[i, start : len(row) - 1].sum().item() for i, row in enumerate(rows)]


def tokens_of(model: str) -> list[dict]:
    return json.loads((FIXTURES / "golden" / model / "tokens.json").read_text(encoding="utf-8"))["pairs"][:PAIRS]


def tokens_for(model: str) -> list[dict]:
    path = FIXTURES / "golden" / model / "tokens.json"
    return tokens_of(model if path.exists() else "tiny-llama")


def make_checkpoint(name: str, model: str, config: dict, head: str | None) -> dict:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / model
        shutil.copytree(FIXTURES / model, folder)
        content = {**json.loads((folder / "config.json").read_text(encoding="utf-8")), **config}
        content = {key: value for key, value in content.items() if not (key == "rope_parameters" and value is None)}
        (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")
        change_tensors(folder / "model.safetensors", model, head)
        # Opened anew for each pair: the frequencies of dynamic RoPE remember the longest sequence seen.
        logps = [batch_logps(load_base(folder).eval(), pair) for pair in tokens_for(model)]
    return {"name": name, "model": model, "config": config, "head": head, "logps": logps}


def adapted(config: LoraConfig):
    """tiny-llama with an adapter whose matrices are those of its golden one."""
    golden = load_file(FIXTURES / "golden" / "tiny-llama" / "init-adapter" / "adapter_model.safetensors")
    model = get_peft_model(load_base(FIXTURES / "tiny-llama"), config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                rows, columns = parameter.shape
                parameter.copy_(golden[saved_name(name)][:rows, :columns])
    return model


def make_adapter(name: str, options: dict) -> dict:
    model = adapted(LoraConfig(r=4, lora_alpha=8, task_type="CAUSAL_LM", **options)).eval()
    names = {saved_name(parameter) for parameter, _ in model.named_parameters() if "lora_" in parameter}
    modules = {saved.removeprefix("base_model.model.").rsplit(".lora_", 1)[0] for saved in names}
    logps = [batch_logps(model, pair) for pair in tokens_for("tiny-llama")]
    matrices = {saved_name(parameter): matrix for parameter, matrix in model.named_parameters() if "lora_A" in parameter}
    ranks = [matrices[f"base_model.model.{module}.lora_A.weight"].shape[0] for module in sorted(modules)]
    return {"name": name, "model": "tiny-llama", "config": options, "modules": sorted(modules), "ranks": ranks, "logps": logps}


def make_layers_run() -> None:
    """TRL's DPO of an adapter on layer 1 alone, which PEFT has saved."""
    out = FIXTURES / "golden" / "tiny-llama" / "dpo-layers"
    shutil.rmtree(out, ignore_errors=True)
    model = adapted(LoraConfig(r=4, lora_alpha=8, task_type="CAUSAL_LM", target_modules=["q_proj", "v_proj", "down_proj"],
                               layers_to_transform=[1]))
    save_adapter(model, out / "init-adapter")
    rows = read_jsonl("pairs.jsonl")[:10]
    run = {**DPO_RUN, "max_grad_norm": 2.0, "max_steps": 6}
    run_trainer(FIXTURES / "tiny-llama", out / "init-adapter", run, rows, out)
    write_jsonl(out / "pairs.jsonl", rows)


def saved_copies() -> dict:
    """What PEFT adds to the file where it saves embedding and head beside LoRA, and to its config."""

    def names(**options) -> dict:
        saving = {"save_embedding_layers": options.pop("save_embedding_layers", False)}
        model = get_peft_model(load_base(FIXTURES / "tiny-llama"), LoraConfig(r=4, task_type="CAUSAL_LM", **options))
        with tempfile.TemporaryDirectory() as scratch:
            model.save_pretrained(scratch, **saving)
            config = json.loads((Path(scratch) / "adapter_config.json").read_text(encoding="utf-8"))
            tensors = load_file(Path(scratch) / "adapter_model.safetensors")
        return {"modules_to_save": config["modules_to_save"], "names": sorted(name for name in tensors if "lora" not in name)}

    return {
        "save_embedding_layers": names(save_embedding_layers=True),
        "modules_to_save": names(modules_to_save=["lm_head", "embed_tokens"]),
    }


def split_special_tokens() -> list:
    """Ids of texts with special tokens by a tokenizer that takes them for text, and by the same that does not."""
    plain, split = (AutoTokenizer.from_pretrained(FIXTURES / "tiny-llama", **options) for options in ({}, {"split_special_tokens": True}))
    texts = ["<s>a</s>", "Hi<|im_end|>\n<|im_start|>user", " <|im_end|> ", "no special token"]
    return [[text, split(text)["input_ids"], plain(text)["input_ids"]] for text in texts]


# What a round has printed before `continue` stays, as EXAONE's template needs it for its system turn.
LEAVING_TEMPLATE = """{%- for i in range(messages | length) %}
    {%- set msg = messages[i] %}
    {%- if i == 0 and msg.role == 'system' %}
        {{- '<|im_start|>system\\n' + msg.content + '<|im_end|>\\n' }}
        {%- continue %}
    {%- endif %}
    {{- '<|im_start|>' + msg.role + '\\n' + msg.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
"""


def make_chat() -> dict:
    """The first chat pairs with a template of loop controls: prompt tokens, and the completions' log-probabilities."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "tiny-llama"
        shutil.copytree(FIXTURES / "tiny-llama", folder)
        (folder / "chat_template.jinja").write_text(LEAVING_TEMPLATE, encoding="utf-8")
        rows = read_jsonl("chat-pairs.jsonl")[:PAIRS]
        tokens = trl_tokenise(folder, FIXTURES / "golden" / "tiny-llama" / "init-adapter", rows, 1024)
        model = load_base(folder).eval()
        rows = [[len(row["prompt_ids"]), *batch_logps(model, row)] for row in tokens]
    return {"template": LEAVING_TEMPLATE, "rows": rows}


def main() -> None:
    make_layers_run()
    content = {
        "checkpoints": [make_checkpoint(*case) for case in CHECKPOINTS],
        "adapters": [make_adapter(*case) for case in ADAPTERS],
        "copies": saved_copies(),
        "split_special_tokens": split_special_tokens(),
        "chat": make_chat(),
    }
    write_json(FIXTURES / "golden" / "checkpoints.json", content)
    for case in [*content["checkpoints"], *content["adapters"]]:
        print(case["model"], case["name"], [round(value, 3) for value in case["logps"][0]], len(case.get("modules", [])))


if __name__ == "__main__":
    main()
