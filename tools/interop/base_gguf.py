"""Small transformers models as GGUF files, with the names and row orders of llama.cpp's own converter.

Only for tests of adapters: token ids go in, so the vocabulary is a placeholder, unless a tokenizer.json
of byte-level BPE is named. The converter itself (convert_hf_to_gguf.py) needs a tokenizer that it knows
by its hash.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFWriter

ARCHITECTURES = {
    "llama": "llama", "mistral": "llama", "smollm3": "smollm3", "qwen2": "qwen2", "qwen3": "qwen3",
    "gemma2": "gemma2", "gemma3_text": "gemma3", "olmo2": "olmo2", "phi3": "phi3",
    "gpt_neox": "gptneox", "gpt2": "gpt2",
}

GATED = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "self_attn.qkv_proj": "attn_qkv", "mlp.gate_up_proj": "ffn_up",
}
NORMS = {
    "default": {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"},
    "gemma": {
        "input_layernorm": "attn_norm", "post_attention_layernorm": "post_attention_norm",
        "pre_feedforward_layernorm": "ffn_norm", "post_feedforward_layernorm": "post_ffw_norm",
    },
    "olmo2": {"post_attention_layernorm": "post_attention_norm", "post_feedforward_layernorm": "post_ffw_norm"},
}
GPT2 = {
    "ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output",
    "ln_2": "ffn_norm", "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
}
NEOX = {
    "input_layernorm": "attn_norm", "attention.query_key_value": "attn_qkv", "attention.dense": "attn_output",
    "post_attention_layernorm": "ffn_norm", "mlp.dense_h_to_4h": "ffn_up", "mlp.dense_4h_to_h": "ffn_down",
}


def interleave(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """Rotary halves to rotary pairs, as LlamaModel.permute of the converter."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def gather_qkv(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """q, k and v of each head together to all of q, all of k, all of v."""
    parts = rows.reshape(heads, 3, rows.shape[0] // heads // 3, *rows.shape[1:])
    return torch.cat([parts[:, part].reshape(-1, *rows.shape[1:]) for part in range(3)])


def block_tensor(model_type: str, path: str, value: torch.Tensor, config) -> tuple[str, torch.Tensor] | None:
    module, _, kind = path.rpartition(".")
    if model_type == "gpt2":
        name = GPT2.get(module)
        if name and module.split(".")[-1].startswith("c_") and kind == "weight":
            value = value.T
    elif model_type == "gpt_neox":
        name = NEOX.get(module)
        if name == "attn_qkv":
            value = gather_qkv(value, config.num_attention_heads)
    else:
        family = "gemma" if model_type.startswith("gemma") else model_type
        name = GATED.get(module) or NORMS.get(family, NORMS["default"]).get(module)
        if family == "gemma" and module.endswith("norm"):
            value = value + 1
        if model_type in ("llama", "mistral", "smollm3") and module in ("self_attn.q_proj", "self_attn.k_proj"):
            heads = config.num_attention_heads if module.endswith("q_proj") else config.num_key_value_heads
            value = interleave(value, heads)
    return None if name is None else (f"{name}.{kind}", value)


def add_keys(writer: GGUFWriter, config) -> None:
    get = lambda *names: next((getattr(config, n) for n in names if getattr(config, n, None) is not None), None)
    heads, width = get("num_attention_heads", "n_head"), get("hidden_size", "n_embd")
    head_dim = get("head_dim") or width // heads
    writer.add_context_length(get("max_position_embeddings", "n_positions"))
    writer.add_embedding_length(width)
    writer.add_block_count(get("num_hidden_layers", "n_layer"))
    writer.add_feed_forward_length(get("intermediate_size", "n_inner") or 4 * width)
    writer.add_head_count(heads)
    writer.add_head_count_kv(get("num_key_value_heads") or heads)
    writer.add_vocab_size(config.vocab_size)
    if config.model_type in ("gpt2", "gpt_neox"):
        writer.add_layer_norm_eps(get("layer_norm_eps", "layer_norm_epsilon"))
    else:
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    if config.model_type != "gpt2":
        rope = config.rope_parameters
        rope = rope.get("full_attention", rope)
        writer.add_rope_dimension_count(int(head_dim * rope.get("partial_rotary_factor", 1)))
        writer.add_rope_freq_base(rope["rope_theta"])
    if config.model_type == "gpt_neox":
        writer.add_parallel_residual(config.use_parallel_residual)
    elif config.model_type != "gpt2":
        writer.add_key_length(head_dim)
        writer.add_value_length(head_dim)
    if config.model_type.startswith("gemma"):
        writer.add_sliding_window(config.sliding_window)
    if config.model_type == "phi3":
        writer.add_rope_scaling_orig_ctx_len(config.original_max_position_embeddings)
        writer.add_sliding_window(0)
    if config.model_type == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)


def add_vocabulary(writer: GGUFWriter, size: int) -> None:
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokens += [f"word{i}" for i in range(size - len(tokens))]
    types = [2, 3, 3, *([6] * 256), *([1] * (size - 259))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * size)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)


def add_byte_level_bpe(writer: GGUFWriter, directory: Path) -> None:
    """The vocabulary and template of a checkpoint whose tokenizer is GPT-2's kind."""
    told = json.loads((directory / "tokenizer.json").read_text(encoding="utf-8"))
    config = json.loads((directory / "tokenizer_config.json").read_text(encoding="utf-8"))
    ids = {**told["model"]["vocab"], **{token["content"]: token["id"] for token in told["added_tokens"]}}
    special = {token["content"] for token in told["added_tokens"]}
    tokens = sorted(ids, key=ids.__getitem__)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if token in special else 1 for token in tokens])
    writer.add_token_merges([" ".join(merge) if isinstance(merge, list) else merge for merge in told["model"]["merges"]])
    writer.add_bos_token_id(ids[config["bos_token"]])
    writer.add_eos_token_id(ids[config["eos_token"]])
    writer.add_add_bos_token(False)
    writer.add_chat_template((directory / "chat_template.jinja").read_text(encoding="utf-8"))


def write_base_gguf(model, path: Path, tokenizer: Path | None = None) -> None:
    """Writes a transformers model as a GGUF file of float32; `tokenizer` is a checkpoint directory."""
    config = model.config
    writer = GGUFWriter(path, ARCHITECTURES[config.model_type])
    add_keys(writer, config)
    if tokenizer is None:
        add_vocabulary(writer, config.vocab_size)
    else:
        add_byte_level_bpe(writer, tokenizer)
    is_gemma = config.model_type.startswith("gemma")
    whole = {
        "embed_tokens.weight": "token_embd.weight", "wte.weight": "token_embd.weight",
        "embed_in.weight": "token_embd.weight", "wpe.weight": "position_embd.weight", "norm.weight": "output_norm.weight",
        "ln_f.weight": "output_norm.weight", "ln_f.bias": "output_norm.bias",
        "final_layer_norm.weight": "output_norm.weight", "final_layer_norm.bias": "output_norm.bias",
        "lm_head.weight": "output.weight", "embed_out.weight": "output.weight",
    }
    for name, value in model.state_dict().items():
        bare = name.removeprefix("model.").removeprefix("transformer.").removeprefix("gpt_neox.")
        layer_path = bare.removeprefix("layers.").removeprefix("h.")
        if layer_path == bare:
            if bare in ("lm_head.weight",) and config.tie_word_embeddings:
                continue
            if bare == "norm.weight" and is_gemma:
                value = value + 1
            writer.add_tensor(whole[bare], value.float().numpy())
            continue
        layer, _, path_in_block = layer_path.partition(".")
        found = block_tensor(config.model_type, path_in_block, value, config)
        if found is not None:
            writer.add_tensor(f"blk.{layer}.{found[0]}", np.ascontiguousarray(found[1].float().numpy()))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
