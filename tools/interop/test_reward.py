"""Reward models: trained by Airlock's command line, loaded by transformers and PEFT, the same scores.

The second case is a tokenizer without a padding token of its own, for which TRL pads with the end-of-sequence token:
then transformers passes that over, and the score is that of the token before it.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest
import torch
import yaml
from conftest import FIXTURES, parse_jsonl
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

PAIRS = FIXTURES / "pairs.jsonl"
TOLERANCE = 1e-3
RUN = {
    "method": "reward", "learning_rate": 0.01, "max_steps": 4, "per_device_train_batch_size": 4, "seed": 5,
    "center_rewards_coefficient": 0.01, "lora_r": 4, "lora_alpha": 8, "shuffle": False,
}


def checkpoint_without_padding(folder: Path) -> Path:
    copy = folder / "tiny-llama"
    shutil.copytree(FIXTURES / "tiny-llama", copy)
    path = copy / "tokenizer_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    del config["pad_token"]
    path.write_text(json.dumps(config), encoding="utf-8")
    return copy


def load(base: Path, adapter: Path):
    """As the card of the adapter says, in batches of two that are padded."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    net = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1, dtype="auto", attn_implementation="eager")
    net = PeftModel.from_pretrained(net.float(), adapter).eval()
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    tokenizer.padding_side = "right"
    net.config.pad_token_id = tokenizer.pad_token_id
    return tokenizer, net


@torch.no_grad()
def scores_of(tokenizer, net, pair: dict) -> list[float]:
    eos = tokenizer.eos_token
    texts = [pair["prompt"] + pair[side].removesuffix(eos) + eos for side in ("chosen", "rejected")]
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    inputs.pop("token_type_ids", None)
    return net(**inputs).logits[:, 0].tolist()


@pytest.mark.parametrize("name", ["tiny-llama", "tiny-gpt2", "tiny-gemma2", "without padding"])
def test_a_reward_model_scores_in_transformers_as_here(airlock, name: str, tmp_path: Path):
    base = checkpoint_without_padding(tmp_path) if name == "without padding" else FIXTURES / name
    config, out = tmp_path / "run.yaml", tmp_path / "reward"
    config.write_text(yaml.safe_dump(RUN), encoding="utf-8")
    airlock("train", "--model", base, "--data", PAIRS, "--config", config, "--out", out)
    metrics = parse_jsonl((out / "metrics.jsonl").read_text(encoding="utf-8"))
    assert [row["step"] for row in metrics] == [1, 2, 3, 4]
    assert all({"accuracy", "margin", "min_reward", "mean_reward", "max_reward"} <= row.keys() for row in metrics)

    written = json.loads((out / "adapter_config.json").read_text(encoding="utf-8"))
    assert (written["task_type"], written["modules_to_save"]) == ("SEQ_CLS", ["score"])
    tokenizer, net = load(base, out)
    expected = {key: tuple(value.shape) for key, value in get_peft_model_state_dict(net).items()}
    assert {key: tuple(value.shape) for key, value in load_file(out / "adapter_model.safetensors").items()} == expected

    lines = parse_jsonl(airlock("score", "--model", base, "--data", PAIRS, "--adapter", out))
    pairs = parse_jsonl(PAIRS.read_text(encoding="utf-8"))
    assert len(lines) == len(pairs)
    for i, (line, pair) in enumerate(zip(lines, pairs, strict=True)):
        seen = [line["chosen_reward"], line["rejected_reward"]]
        assert seen == pytest.approx(scores_of(tokenizer, net, pair), abs=TOLERANCE), f"pair {i}"
    spread = [line[side] for line in lines for side in ("chosen_reward", "rejected_reward")]
    assert max(spread) - min(spread) > 0.1, "all scores are one"

    report = json.loads(airlock("score", "--model", base, "--data", PAIRS, "--adapter", out, "--report"))
    right = [line["chosen_reward"] > line["rejected_reward"] for line in lines]
    assert report["pairs"] == len(lines)
    assert report["accuracy"] == pytest.approx(sum(right) / len(right))
    assert report["interval"]["low"] < report["accuracy"] < report["interval"]["high"]
    assert sum(row["pairs"] for row in report["calibration"]) == len(lines)
    sure = [1 / (1 + math.exp(-abs(line["chosen_reward"] - line["rejected_reward"]))) for line in lines]
    predicted = sum(row["pairs"] * row["predicted"] for row in report["calibration"])
    assert predicted / len(lines) == pytest.approx(sum(sure) / len(sure))


def test_an_exported_reward_model_is_the_same(airlock, tmp_path: Path):
    base, made = FIXTURES / "tiny-llama", FIXTURES / "golden" / "tiny-llama" / "reward" / "init-adapter"
    out = tmp_path / "peft"
    airlock("export", "--model", base, "--adapter", made, "--format", "peft", "--out", out)
    exported, original = (load_file(each / "adapter_model.safetensors") for each in (out, made))
    assert exported.keys() == original.keys()
    assert all(torch.equal(exported[key], original[key]) for key in exported)
    with pytest.raises(AssertionError, match="the format gguf has no place for its score head"):
        airlock("export", "--model", base, "--adapter", made, "--format", "gguf", "--out", tmp_path / "gguf")


def test_best_of_n_is_chosen_by_a_reward_model(airlock, tmp_path: Path):
    base, reward = FIXTURES / "tiny-llama", FIXTURES / "golden" / "tiny-llama" / "reward"
    folder = tmp_path / "reward"
    shutil.copytree(reward / "init-adapter", folder)
    shutil.copyfile(reward / "adapter_model.safetensors", folder / "adapter_model.safetensors")
    prompt = "The fern by the window"
    printed = json.loads(
        airlock(
            "generate", "--model", base, "--prompt", prompt, "--max-new-tokens", "8", "--temperature", "1", "--seed", "3",
            "--best-of", "4", "--reward", folder, "--json",
        )
    )
    tokenizer, net = load(base, folder)
    answers = printed["answers"]
    assert len({answer["text"] for answer in answers}) > 1
    for answer in answers:
        wanted = scores_of(tokenizer, net, {"prompt": prompt, "chosen": answer["text"], "rejected": answer["text"]})
        assert answer["reward"] == pytest.approx(wanted[0], abs=TOLERANCE)
    assert printed["reward"] == max(answer["reward"] for answer in answers)
