"""The adapters that Airlock exports for each architecture, loaded by PEFT on the original checkpoint.

The checkpoints are those of make_tiny_architectures.py. Training, decoding and the rest are
held to TRL and transformers by src/training/golden.test.ts and src/generation/decoder.test.ts;
here it is the files: names, shapes, `fan_in_fan_out`, and the same log-probs on both sides.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import FIXTURES, MODELS, Model, parse_jsonl
from peft import get_peft_model_state_dict
from safetensors import safe_open
from test_interop import assert_same_logps, load_adapter, train
from transformers import AutoTokenizer

ARCHITECTURES = sorted(path.name for path in FIXTURES.glob("tiny-*") if path.name not in MODELS)
RUN = {
    "method": "dpo", "learning_rate": 0.01, "max_steps": 2, "per_device_train_batch_size": 2, "seed": 5,
    "lora_r": 3, "lora_alpha": 6, "lora_target_modules": "all-linear", "shuffle": False,
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_exported_adapter_loads_in_peft_and_agrees(airlock, name: str, tmp_path: Path):
    model, out = Model(name, FIXTURES / name), tmp_path / "adapter"
    lines = (FIXTURES / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines[:4]]
    data = tmp_path / "pairs.jsonl"
    data.write_text("\n".join(lines[:4]) + "\n", encoding="utf-8")
    train(airlock, model, RUN, out, data)

    config = json.loads((out / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["fan_in_fan_out"] == (name == "tiny-gpt2")
    net = load_adapter(model, out)
    with safe_open(out / "adapter_model.safetensors", framework="pt") as file:
        written = {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()}
    assert written == {key: tuple(tensor.shape) for key, tensor in get_peft_model_state_dict(net).items()}

    tokenizer = AutoTokenizer.from_pretrained(model.directory)
    tokens = []
    for index, pair in enumerate(pairs):
        prompt_ids = tokenizer(pair["prompt"])["input_ids"]
        row = {"index": index, "prompt_ids": prompt_ids}
        for side in ("chosen", "rejected"):
            whole = tokenizer(pair["prompt"] + pair[side])["input_ids"]
            assert whole[: len(prompt_ids)] == prompt_ids
            row[f"{side}_ids"] = [*whole[len(prompt_ids) :], tokenizer.eos_token_id]
        tokens.append(row)
    seen = parse_jsonl(airlock("logprobs", "--model", model.directory, "--data", data, "--adapter", out))
    assert_same_logps(seen, net, tokens)
