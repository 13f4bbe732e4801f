"""Airlock's command line against transformers, PEFT and TRL.

Log-probabilities are recomputed here with transformers, from the token ids that TRL made
(`fixtures/golden/*/tokens.json`); training is held against TRL's own runs in
`fixtures/golden/*/{dpo,sft}`. Run with:

    .venv/bin/python -m pytest tools/interop
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
import yaml
from conftest import FIXTURES, ROOT, Model, parse_jsonl, read_jsonl
from peft import PeftModel, get_peft_model_state_dict
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

PAIRS = FIXTURES / "pairs.jsonl"
CHAT_PAIRS = FIXTURES / "chat-pairs.jsonl"

LOGPS_TOLERANCE = 1e-3  # nats, for a sum over one completion

# TRL's runs repeated in float64 differ from the float32 golden ones by at most 2e-6 in the loss, 6e-5 nats in
# logps/*, 4e-6 in rewards/*, and 6e-6 in the relative distance of the adapters. What follows leaves a wide margin
# for another runtime's float32, and is far below any mistake of formula.
LOSS_TOLERANCE = 1e-3
RELATIVE_GRAD_NORM_TOLERANCE = 1e-3
STEP_LOGPS_TOLERANCE = 1e-2  # nats
REWARD_TOLERANCE = 1e-3
DELTA_TOLERANCE = 5e-3  # distance of the two trained weight changes, relative to their length

SMALL_RUNS = {
    "dpo": {
        "method": "dpo", "loss_type": "sigmoid", "beta": 0.1, "learning_rate": 0.01, "max_steps": 3,
        "per_device_train_batch_size": 2, "gradient_accumulation_steps": 2, "seed": 5,
        "lora_r": 4, "lora_alpha": 8, "lora_target_modules": "all-linear", "shuffle": False,
    },
    "sft": {
        "method": "sft", "learning_rate": 0.01, "max_steps": 3, "per_device_train_batch_size": 4, "seed": 5,
        "lora_r": 3, "lora_alpha": 16, "lora_target_modules": ["q_proj", "v_proj", "down_proj"], "shuffle": False,
    },
}


# --- the Python side ----------------------------------------------------------------------


def load_base(model: Model):
    # As stored, then widened: Gemma rounds a constant to the weights' dtype.
    return AutoModelForCausalLM.from_pretrained(model.directory, dtype="auto", attn_implementation="eager").float().eval()


def load_adapter(model: Model, adapter: Path) -> PeftModel:
    """Loads as a user would, and fails on any warning PEFT has about keys."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = PeftModel.from_pretrained(load_base(model), adapter).eval()
    complaints = [str(w.message) for w in caught if "key" in str(w.message).lower()]
    assert not complaints, complaints
    return loaded


@torch.no_grad()
def summed_logps(net, prompt_ids: list[int], completion_ids: list[int]) -> float:
    ids = torch.tensor([prompt_ids + completion_ids])
    logps = F.log_softmax(net(input_ids=ids, use_cache=False).logits[0, :-1].float(), dim=-1)
    return logps.gather(1, ids[0, 1:, None])[len(prompt_ids) - 1 :, 0].double().sum().item()


def assert_same_logps(lines: list[dict], net, tokens: list[dict]) -> None:
    """Token counts equal TRL's; summed log-probs equal transformers'."""
    assert len(lines) == len(tokens)
    for line, row in zip(lines, tokens, strict=True):
        seen = [line["prompt_tokens"], line["chosen_tokens"], line["rejected_tokens"]]
        wanted = [len(row["prompt_ids"]), len(row["chosen_ids"]), len(row["rejected_ids"])]
        assert seen == wanted, f"pair {row['index']}: token counts {seen}, TRL has {wanted}"
        for side in ("chosen", "rejected"):
            expected = summed_logps(net, row["prompt_ids"], row[f"{side}_ids"])
            assert line[f"{side}_logps"] == pytest.approx(expected, abs=LOGPS_TOLERANCE), (
                f"pair {row['index']}, {side}"
            )


def weight_changes(adapter: Path, config: dict | None = None) -> dict[str, torch.Tensor]:
    """scale * B A for each adapted module, whatever scale the writer chose."""
    config = config or json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    assert not config.get("rank_pattern") and not config.get("alpha_pattern") and not config.get("use_rslora")
    tensors = load_file(adapter / "adapter_model.safetensors")
    scale = config["lora_alpha"] / config["r"]
    changes = {}
    for name, a in tensors.items():
        if name.endswith(".lora_A.weight"):
            module = name.removesuffix(".lora_A.weight")
            changes[module] = scale * tensors[f"{module}.lora_B.weight"].double() @ a.double()
    return changes


def assert_portable_config(adapter: Path, model: Model) -> dict:
    text = (adapter / "adapter_config.json").read_text(encoding="utf-8")
    config = json.loads(text)
    base = config.get("base_model_name_or_path")
    assert base is None or not (Path(base).is_absolute() or base.startswith((".", "~", "file:"))), base
    for path in (adapter, model.directory, ROOT):
        assert str(path) not in text, f"adapter_config.json holds the local path {path}"
    assert config["peft_type"] == "LORA"
    assert config["task_type"] == "CAUSAL_LM"
    assert not config.get("use_rslora")
    return config


def train(airlock, model: Model, run: dict | Path, out: Path, data: Path = PAIRS, *extra) -> list[dict]:
    if isinstance(run, dict):
        path = out.parent / f"{out.name}.yaml"
        path.write_text(yaml.safe_dump(run), encoding="utf-8")
        run = path
    airlock("train", "--model", model.directory, "--data", data, "--config", run, "--out", out, *extra)
    return read_jsonl(out / "metrics.jsonl")


# --- log-probabilities -----------------------------------------------------------------------


def test_logprobs_of_base_equal_transformers(airlock, model: Model):
    lines = parse_jsonl(airlock("logprobs", "--model", model.directory, "--data", PAIRS))
    assert_same_logps(lines, load_base(model), model.golden_json("tokens.json")["pairs"])


def test_logprobs_with_adapter_equal_transformers(airlock, model: Model):
    lines = parse_jsonl(
        airlock("logprobs", "--model", model.directory, "--data", PAIRS, "--adapter", model.init_adapter)
    )
    net = load_adapter(model, model.init_adapter)
    assert_same_logps(lines, net, model.golden_json("tokens.json")["pairs"])


def test_logprobs_of_chat_pairs_equal_transformers(airlock, model: Model):
    tokens = model.golden_json("tokens.json")["chat_pairs"]
    if not tokens:
        pytest.skip(f"{model.name} has no chat template")
    lines = parse_jsonl(airlock("logprobs", "--model", model.directory, "--data", CHAT_PAIRS))
    assert_same_logps(lines, load_base(model), tokens)


# --- training from nothing, and what is exported ------------------------------------------------


@pytest.mark.parametrize("method", list(SMALL_RUNS))
def test_fresh_adapter_loads_in_peft_and_agrees(airlock, model: Model, method: str, tmp_path: Path):
    out = tmp_path / "adapter"
    run = SMALL_RUNS[method]
    metrics = train(airlock, model, run, out)
    assert [row["step"] for row in metrics] == [1, 2, 3]
    if method == "dpo":
        # Fresh adapter: B is 0, so policy and reference are one.
        assert metrics[0]["loss"] == pytest.approx(0.6931472, abs=1e-5)
        assert metrics[0]["rewards/accuracies"] == 0

    config = assert_portable_config(out, model)
    assert config["r"] == run["lora_r"]
    net = load_adapter(model, out)
    with safe_open(out / "adapter_model.safetensors", framework="pt") as file:
        written = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
        assert (file.metadata() or {}).get("format") == "pt"
    expected = {name: tuple(tensor.shape) for name, tensor in get_peft_model_state_dict(net).items()}
    assert written == expected

    tokens = model.golden_json("tokens.json")["pairs"]
    lines = parse_jsonl(airlock("logprobs", "--model", model.directory, "--data", PAIRS, "--adapter", out))
    assert_same_logps(lines, net, tokens)
    before = {row["index"]: row["chosen_logps"] for row in model.golden_json("logps.json")["base"]}
    moved = [abs(line["chosen_logps"] - before[i]) for i, line in enumerate(lines)]
    assert max(moved) > 0.1, "three steps changed nothing"


# --- training as TRL does -------------------------------------------------------------------------


def assert_same_steps(seen: list[dict], golden: list[dict]) -> None:
    assert [row["step"] for row in seen] == [row["step"] for row in golden]
    for ours, theirs in zip(seen, golden, strict=True):
        where = f"step {theirs['step']}"
        assert ours["loss"] == pytest.approx(theirs["loss"], abs=LOSS_TOLERANCE), where
        assert ours["learning_rate"] == pytest.approx(theirs["learning_rate"], rel=1e-6, abs=1e-12), where
        assert ours["grad_norm"] == pytest.approx(theirs["grad_norm"], rel=RELATIVE_GRAD_NORM_TOLERANCE), where
        for name in ("rewards/chosen", "rewards/rejected", "rewards/margins"):
            if name in theirs:
                assert ours[name] == pytest.approx(theirs[name], abs=REWARD_TOLERANCE), f"{where}, {name}"
        for name in ("logps/chosen", "logps/rejected"):
            if name in theirs:
                assert ours[name] == pytest.approx(theirs[name], abs=STEP_LOGPS_TOLERANCE), f"{where}, {name}"
        # A margin of exactly 0 on one side (step 1) and 1e-7 on the other would flip an accuracy.
        if "rewards/accuracies" in theirs and theirs["rewards/margins"] != 0:
            assert ours["rewards/accuracies"] == pytest.approx(theirs["rewards/accuracies"]), where


@pytest.mark.parametrize("name", ["dpo", "sft", "dpo-partial", "sft-partial"])
def test_training_reproduces_trl(airlock, model: Model, name: str, tmp_path: Path):
    golden = model.golden / name
    if not golden.is_dir():
        pytest.skip(f"{model.name} has no golden run {name}")
    data = golden / "pairs.jsonl" if (golden / "pairs.jsonl").exists() else PAIRS
    out = tmp_path / "adapter"
    metrics = train(airlock, model, golden / "config.yaml", out, data, "--init-adapter", model.init_adapter)
    assert_same_steps(metrics, read_jsonl(golden / "metrics.jsonl"))

    assert_portable_config(out, model)
    init_config = json.loads((model.init_adapter / "adapter_config.json").read_text(encoding="utf-8"))
    start = weight_changes(model.init_adapter)
    theirs, ours = weight_changes(golden, init_config), weight_changes(out)
    assert ours.keys() == theirs.keys()
    error = sum((ours[k] - theirs[k]).square().sum() for k in theirs).sqrt()
    length = sum((theirs[k] - start[k]).square().sum() for k in theirs).sqrt()
    assert (error / length).item() < DELTA_TOLERANCE


# --- generation --------------------------------------------------------------------------------------


def generated_ids(stdout: str) -> list[int]:
    """The new ids in `generate --json`: `ids`, without the prompt's."""
    answer = json.loads(stdout)
    assert "ids" in answer, f"generate --json has no `ids`; it has {sorted(answer)}"
    return answer["ids"]


@pytest.mark.parametrize("variant", ["base", "init-adapter"])
def test_greedy_generation_equals_transformers(airlock, model: Model, variant: str):
    golden = model.golden_json("generate.json")
    eos = golden["eos_token_id"]
    for row in golden["rows"]:
        if row["variant"] != variant:
            continue
        adapter = ["--adapter", model.init_adapter] if variant == "init-adapter" else []
        stdout = airlock(
            "generate", "--model", model.directory, *adapter, "--prompt", row["prompt"],
            "--max-new-tokens", str(golden["max_new_tokens"]), "--temperature", "0", "--json",
        )
        seen, wanted = generated_ids(stdout), list(row["ids"])
        # Whether the closing end-of-sequence id is listed is the writer's choice.
        for ids in (seen, wanted):
            if ids and ids[-1] == eos:
                ids.pop()
        assert seen == wanted, f"{row['prompt']!r} ({variant}); closest call {row['smallest_top2_gap']:.4f}"
