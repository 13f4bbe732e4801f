"""A cluster bundle, run by TRL's own command line on the CPU, as an administrator would.

Airlock trains, exports the bundle, `trl dpo`, `trl sft` or `trl kto` repeats the run, and the bundle's check.py
compares. The learning rate moves the loss by tenths, so a wrong order of the pairs, another adapter to
start from or a changed pair lies far beyond the tolerance of 1e-3.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from accelerate.commands import launch
from accelerate.utils import DeepSpeedPlugin, FullyShardedDataParallelPlugin
from accelerate.utils.launch import prepare_deepspeed_cmd_env, prepare_multi_gpu_env
from conftest import FIXTURES, read_jsonl
from huggingface_hub import ModelCard

BASE = FIXTURES / "tiny-llama"
INIT = FIXTURES / "golden" / "tiny-llama" / "init-adapter"
SHARED = {
    "learning_rate": 0.005, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 2, "warmup_steps": 2,
    "lora_r": 4, "lora_alpha": 8, "max_steps": 10,
}
# Two shuffled passes of 24 pairs from a fresh adapter; a chain, whose reference is the adapter that it started from;
# the answers of eight chats alone, five passes as they lie, on one kind of linear; judged answers, whose order decides
# what KTO estimates the divergence by.
RUNS = {
    "fresh": ("pairs.jsonl", {"loss_type": "sigmoid", "beta": 0.1, "lora_target_modules": "all-linear"}, ()),
    "chain": ("pairs.jsonl", {"loss_type": ["ipo", "sft"], "loss_weights": [1, 0.5], "beta": 0.3,
                              "lora_target_modules": "all-linear"}, ("--init-adapter", INIT)),
    "sft": ("chat-pairs.jsonl", {"method": "sft", "shuffle": False, "lora_target_modules": ["down_proj"]}, ()),
    "kto": ("pairs.jsonl", {"method": "kto", "beta": 0.5, "desirable_weight": 1.3, "undesirable_weight": 0.4,
                            "per_device_train_batch_size": 4, "learning_rate": 0.01,
                            "lora_target_modules": "all-linear"}, ()),
}


def method_of(name: str) -> str:
    return RUNS.get(name, RUNS["fresh"])[1].get("method", "dpo")



def in_venv(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def run(command: list, folder: Path) -> subprocess.CompletedProcess:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HOME": str(folder.parent / "cache")}
    return subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, encoding="utf-8", timeout=600, check=False,
        env=environment,
    )


def repeat(folder: Path, method: str) -> None:
    done = run([in_venv("trl"), method, "--config", f"{method}.yaml", "--accelerate_config", "single_gpu.yaml"], folder)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "Training starts from" in done.stdout


def check(folder: Path, *options: str) -> tuple[int, str]:
    done = run([sys.executable, "check.py", *options], folder)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def bundles(airlock, tmp_path_factory) -> dict[str, Path]:
    """Every bundle, and one with a pair changed that only the steps see; each run by TRL, two at a time."""
    root = tmp_path_factory.mktemp("bundles")

    def make(name: str) -> Path:
        data, settings, options = RUNS[name]
        folder = root / name
        folder.mkdir()
        (folder / "run.yaml").write_text(yaml.safe_dump({**SHARED, **settings}), encoding="utf-8")
        airlock("train", "--model", BASE, "--data", FIXTURES / data, "--config", folder / "run.yaml",
                "--out", folder / "adapter", *options)
        bundle = folder / "bundle"
        airlock("export", "--model", BASE, "--adapter", folder / "adapter", "--format", "bundle", "--out", bundle,
                "--canaries", "0")
        sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=bundle, check=False)
        assert sums.returncode == 0
        (bundle / "base").symlink_to(BASE)
        if name == "fresh":
            changed = root / "changed" / "bundle"
            shutil.copytree(bundle, changed, symlinks=True)
            rows = read_jsonl(changed / "pairs.jsonl")
            rows[20]["chosen"], rows[20]["rejected"] = rows[20]["rejected"], rows[20]["chosen"]
            (changed / "pairs.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        return bundle

    with ThreadPoolExecutor(2) as pool:
        made = dict(zip(RUNS, pool.map(make, RUNS), strict=True))
        made["changed"] = root / "changed" / "bundle"
        list(pool.map(lambda name: repeat(made[name], method_of(name)), made))
    return made


@pytest.mark.parametrize("name", RUNS)
def test_trl_repeats_the_run(bundles, name: str):
    expected = json.loads((bundles[name] / "expected.json").read_text(encoding="utf-8"))
    assert len(expected["pairs"]) == 8
    assert len(expected["losses"]) == 10
    assert max(expected["losses"]) - min(expected["losses"]) > 0.1
    if name == "fresh":
        assert expected["losses"][0] == pytest.approx(0.6931472, abs=1e-5)
    if name == "kto":
        assert max(row["kl"] for row in read_jsonl(bundles[name].parent / "adapter" / "metrics.jsonl")) > 1
    code, said = check(bundles[name])
    assert code == 0, said
    assert "first 8 pairs" in said and "first 10 steps" in said


def test_accelerate_takes_the_profiles(bundles, monkeypatch):
    """As `accelerate launch` reads them and its processes do; without a GPU that is as far as it goes."""
    def launched(profile: str) -> tuple[argparse.Namespace, dict[str, str]]:
        config = str(bundles["fresh"] / profile)
        args = launch.launch_command_parser().parse_args(["--config_file", config, "--num_processes", "2", "train.py"])
        args, defaults, _ = launch._validate_launch_command(args)
        if args.use_deepspeed:
            args.deepspeed_fields_from_accelerate_config = ",".join(defaults.deepspeed_config)
            environment = prepare_deepspeed_cmd_env(args)[1]
        else:
            environment = prepare_multi_gpu_env(args)
        for name, value in environment.items():
            if name.startswith(("FSDP_", "ACCELERATE_")):
                monkeypatch.setenv(name, value)
        return args, environment

    alone, _ = launched("single_gpu.yaml")
    assert (alone.use_fsdp, alone.use_deepspeed, alone.mixed_precision) == (False, False, "no")
    _, environment = launched("fsdp2.yaml")
    assert environment["ACCELERATE_USE_FSDP"] == "true"
    fsdp = FullyShardedDataParallelPlugin()
    assert (fsdp.fsdp_version, fsdp.reshard_after_forward, fsdp.cpu_ram_efficient_loading) == (2, True, True)
    assert fsdp.state_dict_type.name == "FULL_STATE_DICT"
    _, environment = launched("zero3.yaml")
    assert environment["ACCELERATE_USE_DEEPSPEED"] == "true"
    zero = DeepSpeedPlugin()
    assert (zero.zero_stage, zero.zero3_init_flag, zero.zero3_save_16bit_model) == (3, True, True)
    assert (zero.offload_optimizer_device, zero.offload_param_device) == ("none", "none")


def test_a_changed_pair_is_found(bundles, tmp_path: Path):
    # Beyond the first eight pairs only the losses can tell.
    code, said = check(bundles["changed"])
    assert code == 1
    assert "first 8 pairs have" in said and said.splitlines()[-1].startswith("Step 6 has the loss")
    # Within them the tokens or the log-probabilities do, before anything is trained.
    bundle = tmp_path / "bundle"
    shutil.copytree(bundles["fresh"], bundle, symlinks=True, ignore=shutil.ignore_patterns("out"))
    rows = read_jsonl(bundle / "pairs.jsonl")
    rows[3]["chosen"] += " Yes."
    (bundle / "pairs.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    code, said = check(bundle)
    assert code == 1
    assert said.startswith("Pair 4 (chosen) has")
    assert check(bundle, "--only", "run")[0] == 2


@pytest.mark.parametrize("name", ["fresh", "sft", "kto"])
def test_card_of_training_has_the_metadata_of_trl_and_no_text_of_the_data(bundles, name: str):
    card = ModelCard.load(bundles[name].parent / "adapter" / "README.md")
    assert set(card.data.tags) == {"base_model:adapter:tiny-llama", method_of(name), "lora", "transformers", "trl"}
    assert (card.data.library_name, card.data.pipeline_tag) == ("peft", "text-generation")
    data = FIXTURES / RUNS[name][0]
    rows = read_jsonl(data)
    count = sum(len(row) - 1 for row in rows) if name == "kto" else len(rows)
    assert f"Data: {count} " in card.text
    texts = [text for row in rows for value in row.values()
             for text in ([value] if isinstance(value, str) else [message["content"] for message in value])]
    assert not [text for text in texts if len(text) > 12 and text.strip() in card.content]
