"""Write a tiny random checkpoint of every architecture but the two of make_tiny_model.py.

Makes `fixtures/tiny-<name>/` for the names of SPECS. Each has few narrow layers, enough to
show every kind of layer the architecture knows, and every constant (windows, soft caps,
rope lengths) is small enough to matter at a few dozen tokens. Half of the configs are
rewritten as transformers 4 wrote them. All share the tokenizer of make_tiny_model.py.

Usage: python tools/make_tiny_architectures.py [NAME ...]
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import transformers
from make_tiny_model import VOCAB_SIZE, fresh, rewrite_json, train_tokenizer
from safetensors.torch import load_file, save_file

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Spec:
    """A model class, its configuration, and what makes the files those of transformers 4 or of the Hub."""

    model: str
    config: dict
    dtype: torch.dtype = torch.float32
    # Gemma keeps the difference of a norm's weight from 1.
    norms_around: float = 1.0
    old_config: Callable[[dict], dict] | None = None
    tensors: Callable[[Tensors], Tensors] | None = None


@dataclass(frozen=True)
class Old:
    """A transformers 4 config: `rope` and `more` instead of rope_parameters and of whatever `without` names."""

    rope: dict
    more: dict = field(default_factory=dict)
    without: tuple[str, ...] = ()

    def __call__(self, config: dict) -> dict:
        dropped = {"rope_parameters", "layer_types", "dtype", *self.without}
        kept = {key: value for key, value in config.items() if key not in dropped}
        return {
            **kept, **self.rope, **self.more, "torch_dtype": config["dtype"], "transformers_version": "4.46.0",
        }


def gpt2_hub_names(tensors: Tensors) -> Tensors:
    """As the first GPT-2 files: no `transformer.`, and a causal mask beside each attention."""
    renamed = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    layers = sum(name.endswith(".attn.c_attn.weight") for name in renamed)
    return renamed | {f"h.{i}.attn.bias": torch.ones(1, 1, 8, 8).tril() for i in range(layers)}


LLAMA3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
SHORT, LONG = [1.0, 1.1, 1.3, 1.5], [1.0, 2.5, 4.0, 7.5]

SPECS = {
    # Wavelengths of 6, 20 and 63 tokens and more: one is kept, one interpolated, the others slowed.
    "llama3": Spec(
        "Llama",
        dict(num_hidden_layers=2, hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=2,
             head_dim=16, rope_parameters={"rope_theta": 10000.0, **LLAMA3}, tie_word_embeddings=True),
        old_config=Old({"rope_theta": 10000.0, "rope_scaling": LLAMA3}),
    ),
    "qwen2": Spec(
        "Qwen2",
        dict(num_hidden_layers=3, hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=2,
             use_sliding_window=True, sliding_window=6, max_window_layers=1, tie_word_embeddings=True,
             rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}),
        old_config=Old({"rope_theta": 1000000.0}),
    ),
    "qwen3": Spec(
        "Qwen3",
        dict(num_hidden_layers=2, hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=2,
             head_dim=12, rope_parameters={"rope_type": "default", "rope_theta": 1000000.0}),
    ),
    # sqrt(48) is 6.9282 in float32 and 6.9375 in bfloat16.
    "gemma2": Spec(
        "Gemma2",
        dict(num_hidden_layers=3, hidden_size=48, intermediate_size=64, num_attention_heads=4, num_key_value_heads=2,
             head_dim=16, query_pre_attn_scalar=24, sliding_window=6, attn_logit_softcapping=2.0,
             final_logit_softcapping=6.0, rope_parameters={"rope_type": "default", "rope_theta": 10000.0}),
        dtype=torch.bfloat16, norms_around=0.0,
        old_config=Old({"rope_theta": 10000.0}, {"hidden_act": "gelu_pytorch_tanh"}),
    ),
    "gemma3": Spec(
        "Gemma3",
        dict(num_hidden_layers=4, hidden_size=32, intermediate_size=48, num_attention_heads=2, num_key_value_heads=1,
             head_dim=16, query_pre_attn_scalar=20, sliding_window=6,
             layer_types=["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
             rope_parameters={
                 "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
                 "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 1000.0},
             }),
        norms_around=0.0,
    ),
    "gemma3-old": Spec(
        "Gemma3",
        dict(num_hidden_layers=2, hidden_size=32, intermediate_size=48, num_attention_heads=2, num_key_value_heads=1,
             head_dim=16, query_pre_attn_scalar=16, sliding_window=6,
             layer_types=["sliding_attention", "full_attention"],
             rope_parameters={
                 "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
                 "full_attention": {"rope_type": "linear", "factor": 4.0, "rope_theta": 1000.0},
             }),
        dtype=torch.bfloat16, norms_around=0.0,
        old_config=Old({"rope_theta": 1000.0, "rope_local_base_freq": 100.0, "rope_scaling": {"factor": 4.0, "rope_type": "linear"}},
                       {"sliding_window_pattern": 2}),
    ),
    # Longer than 16 tokens is long: all pairs are, and generation crosses the border.
    "phi3": Spec(
        "Phi3",
        dict(num_hidden_layers=2, hidden_size=48, intermediate_size=64, num_attention_heads=3, num_key_value_heads=1,
             sliding_window=24, max_position_embeddings=512, original_max_position_embeddings=16,
             rope_parameters={"rope_type": "longrope", "rope_theta": 10000.0, "partial_rotary_factor": 0.5,
                              "short_factor": SHORT, "long_factor": LONG}),
        dtype=torch.bfloat16,
        old_config=Old({"rope_theta": 10000.0, "partial_rotary_factor": 0.5,
                        "rope_scaling": {"type": "longrope", "short_factor": SHORT, "long_factor": LONG}}),
    ),
    "gpt2": Spec(
        "GPT2LMHead",
        dict(n_layer=2, n_embd=32, n_head=4, max_position_embeddings=256, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0),
        tensors=gpt2_hub_names,
    ),
    "gpt-neox": Spec(
        "GPTNeoX",
        dict(num_hidden_layers=2, hidden_size=32, intermediate_size=64, num_attention_heads=2,
             rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.25}),
        dtype=torch.float16,
        old_config=Old({"rotary_pct": 0.25, "rotary_emb_base": 10000}),
    ),
    "gpt-neox-serial": Spec(
        "GPTNeoX",
        dict(num_hidden_layers=2, hidden_size=32, intermediate_size=48, num_attention_heads=4, attention_bias=False,
             use_parallel_residual=False, tie_word_embeddings=True,
             rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5}),
    ),
    "smollm3": Spec(
        "SmolLM3",
        dict(num_hidden_layers=3, hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=2,
             no_rope_layer_interval=2, use_sliding_window=True, sliding_window=6,
             rope_parameters={"rope_type": "default", "rope_theta": 2000000.0}),
    ),
    "olmo2": Spec(
        "Olmo2",
        dict(num_hidden_layers=2, hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=2,
             rope_parameters={"rope_type": "default", "rope_theta": 500000.0}),
        old_config=Old({"rope_theta": 500000.0}),
    ),
}


@torch.no_grad()
def randomise(model: torch.nn.Module, seed: int, norms_around: float) -> None:
    """Seeded normal weights in name order; norms near their neutral value, biases clearly not zero."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        is_norm = "norm" in name or ".ln_" in name
        if name.endswith(".bias"):
            value = 0.2 * noise
        elif is_norm:
            value = norms_around + 0.2 * noise
        elif parameter is model.get_input_embeddings().weight or parameter is model.get_output_embeddings().weight or "wpe" in name:
            value = 0.4 * noise
        else:
            fan_in = parameter.shape[0] if ".c_" in name else parameter.shape[1]
            value = noise / math.sqrt(fan_in)
        parameter.copy_(value)


def make(name: str, spec: Spec, seed: int, tokenizer) -> None:
    target = fresh(f"tiny-{name}")
    config_class = {"GPT2LMHead": "GPT2Config", "Gemma3": "Gemma3TextConfig"}.get(spec.model, f"{spec.model}Config")
    model_class = spec.model + ("Model" if spec.model == "GPT2LMHead" else "ForCausalLM")
    config = getattr(transformers, config_class)(**{
        "vocab_size": VOCAB_SIZE,
        "max_position_embeddings": 512,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "dtype": str(spec.dtype).removeprefix("torch."),
        **spec.config,
    })
    model = getattr(transformers, model_class)(config)
    randomise(model, seed, spec.norms_around)
    model.to(spec.dtype).save_pretrained(target)
    tokenizer.save_pretrained(target)
    (target / "chat_template.jinja").unlink()
    weights = target / "model.safetensors"
    tensors = load_file(weights)
    assert all(tensor.dtype == spec.dtype for tensor in tensors.values())
    save_file(spec.tensors(tensors) if spec.tensors else tensors, weights, metadata={"format": "pt"})
    weights.chmod(0o644)
    if spec.old_config:
        rewrite_json(target / "config.json", spec.old_config)


def main(wanted: list[str]) -> None:
    torch.set_num_threads(1)
    tokenizer = train_tokenizer()
    for seed, (name, spec) in enumerate(SPECS.items(), start=100):
        if not wanted or name in wanted:
            make(name, spec, seed, tokenizer)


if __name__ == "__main__":
    main(sys.argv[1:])
