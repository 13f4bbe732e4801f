"""Write two tiny random checkpoints, as transformers would, for the golden tests.

Makes `fixtures/tiny-llama/` and `fixtures/tiny-mistral/`. They know nothing; they
exist to exercise what a loader and a forward pass must honour:

- tiny-llama: float32, transformers-5 config (`rope_parameters`, `dtype`), chat
  template in its own file, untied head, explicit head_dim with H*D != C, grouped
  key/value heads, biases on attention and MLP.
- tiny-mistral: bfloat16, transformers-4 config (`rope_theta`, `torch_dtype`), chat
  template inside tokenizer_config.json, tied embeddings, no `head_dim` key, one
  key/value head, no biases, `sliding_window` null.

Both use one byte-level BPE tokenizer trained on the sentences below. Weights are
seeded, and scaled so that log-probabilities differ by nats across tokens.

Usage: python tools/make_tiny_model.py
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, PreTrainedTokenizerFast

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
VOCAB_SIZE = 384
BOS, PAD, IM_START, IM_END = "<|bos|>", "<|pad|>", "<|im_start|>", "<|im_end|>"

CORPUS = [
    "The fern by the window needs water once a week.",
    "Stop the pump, lock it out, and check the bearing before the line runs again.",
    "The meeting moved to Tuesday at ten. Please bring the numbers for last week.",
    "Only trained staff may enter the boiler room, and only with a signed permit.",
    "The leaves of the ficus turn yellow when it gets too much water.",
    "Please send me the report by Thursday. Thank you!",
    "The temperature sensor on the tank reads too high, so the operator stopped the press.",
    "What should the team do when the red lamp is on? Stop, and call the shift lead.",
    "How often do you water the plant? Once a week, when the soil is dry.",
    "The kitchen on the second floor has a machine for coffee; it is open until six.",
    "A clean workplace is a safe workplace.",
    "The printer shows a paper jam although there is no paper in the tray.",
    "The lamps go out one by one, and the air smells of wet earth and tomato leaves.",
    "Write a short note to the team about the order that came late.",
    "The fire door must close by itself, and nobody may prop it open with a chair.",
    "Find the leak before anyone works near the machine again.",
]

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def train_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE without an unknown token; adds neither BOS nor EOS by itself."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        CORPUS,
        trainers.BpeTrainer(
            vocab_size=VOCAB_SIZE,
            special_tokens=[BOS, PAD, IM_START, IM_END],
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        ),
    )
    assert tokenizer.get_vocab_size() == VOCAB_SIZE, tokenizer.get_vocab_size()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=BOS,
        eos_token=IM_END,
        pad_token=PAD,
        additional_special_tokens=[IM_START],
        model_max_length=512,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


@torch.no_grad()
def randomise(model: torch.nn.Module, seed: int) -> None:
    """Seeded normal weights in name order; norms near 1, biases clearly not zero."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name:
            value = 1.0 + 0.2 * noise
        elif name.endswith(".bias"):
            value = 0.2 * noise
        elif "lm_head" in name or "embed_tokens" in name:
            value = 0.3 * noise
        else:
            value = noise / math.sqrt(parameter.shape[1])
        parameter.copy_(value)


def rewrite_json(path: Path, change) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content = change(content)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def fresh(name: str) -> Path:
    target = FIXTURES / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return target


def make_llama(tokenizer: PreTrainedTokenizerFast) -> None:
    target = fresh("tiny-llama")
    config = LlamaConfig(
        vocab_size=VOCAB_SIZE,
        hidden_size=48,
        intermediate_size=112,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=512,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        attention_bias=True,
        mlp_bias=True,
        tie_word_embeddings=False,
        initializer_range=0.3,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        dtype="float32",
    )
    model = LlamaForCausalLM(config)
    randomise(model, seed=20)
    model.save_pretrained(target)
    (target / "model.safetensors").chmod(0o644)
    tokenizer.save_pretrained(target)
    assert (target / "chat_template.jinja").exists()


def make_mistral(tokenizer: PreTrainedTokenizerFast) -> None:
    target = fresh("tiny-mistral")
    config = MistralConfig(
        vocab_size=VOCAB_SIZE,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=1,
        max_position_embeddings=512,
        rms_norm_eps=1e-6,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
        sliding_window=None,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = MistralForCausalLM(config)
    randomise(model, seed=21)
    model.to(torch.bfloat16).save_pretrained(target)
    tokenizer.save_pretrained(target)

    # What transformers 4 would have written, by hand.
    def old_config(_: dict) -> dict:
        return {
            "architectures": ["MistralForCausalLM"],
            "attention_dropout": 0.0,
            "bos_token_id": config.bos_token_id,
            "eos_token_id": config.eos_token_id,
            "hidden_act": "silu",
            "hidden_size": config.hidden_size,
            "initializer_range": 0.02,
            "intermediate_size": config.intermediate_size,
            "max_position_embeddings": config.max_position_embeddings,
            "model_type": "mistral",
            "num_attention_heads": config.num_attention_heads,
            "num_hidden_layers": config.num_hidden_layers,
            "num_key_value_heads": config.num_key_value_heads,
            "pad_token_id": config.pad_token_id,
            "rms_norm_eps": config.rms_norm_eps,
            "rope_theta": 100000.0,
            "sliding_window": None,
            "tie_word_embeddings": True,
            "torch_dtype": "bfloat16",
            "transformers_version": "4.46.0",
            "use_cache": True,
            "vocab_size": VOCAB_SIZE,
        }

    def old_tokenizer_config(_: dict) -> dict:
        special = {
            "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True,
        }
        return {
            "added_tokens_decoder": {
                str(tokenizer.convert_tokens_to_ids(token)): {"content": token, **special}
                for token in (BOS, PAD, IM_START, IM_END)
            },
            "additional_special_tokens": [IM_START],
            "bos_token": BOS,
            "chat_template": CHAT_TEMPLATE,
            "clean_up_tokenization_spaces": False,
            "eos_token": IM_END,
            "model_max_length": 512,
            "pad_token": PAD,
            "tokenizer_class": "PreTrainedTokenizerFast",
        }

    rewrite_json(target / "config.json", old_config)
    rewrite_json(target / "tokenizer_config.json", old_tokenizer_config)
    (target / "chat_template.jinja").unlink()

    # Tied: the file holds the embedding once and no head.
    tensors = load_file(target / "model.safetensors")
    assert "lm_head.weight" not in tensors
    assert all(tensor.dtype == torch.bfloat16 for tensor in tensors.values())
    save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
    (target / "model.safetensors").chmod(0o644)


def main() -> None:
    torch.set_num_threads(1)
    tokenizer = train_tokenizer()
    make_llama(tokenizer)
    make_mistral(tokenizer)


if __name__ == "__main__":
    main()
