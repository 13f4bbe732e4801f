"""A chain of adapters, exported as what it is: SFT, then DPO on it, in both ways that this is done.

With --init-adapter the second run goes on with the first one's matrices, so its adapter holds both. Or the
first is merged into the base and the second trained on what came of it. PEFT and transformers say what
must come out.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import torch
from conftest import FIXTURES
from model_server import Served, serving
from peft import PeftModel
from safetensors import safe_open
from test_check_server import CODES, Export
from transformers import AutoModelForCausalLM, AutoTokenizer

BASE = FIXTURES / "tiny-llama"
IDS = torch.tensor([[7, 300, 42, 260, 99, 5, 7, 310, 17, 200, 31, 8]])


def load(path: Path, *adapters: Path):
    net = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    for adapter in adapters:
        net = PeftModel.from_pretrained(net, adapter).merge_and_unload()
    return net.eval()


def logps(net) -> torch.Tensor:
    with torch.no_grad():
        return net(input_ids=IDS).logits.double().log_softmax(-1)


@pytest.fixture(scope="module")
def chain(airlock, tmp_path_factory) -> Path:
    """Adapters sft and dpo (on it), and what their exports are."""
    folder = tmp_path_factory.mktemp("chain")
    run = {"learning_rate": 0.01, "max_steps": 2, "per_device_train_batch_size": 2, "lora_r": 4, "lora_alpha": 8,
           "lora_target_modules": "all-linear", "max_length": 256}

    def train(method: str, base: Path, name: str, *options: str | Path) -> None:
        config = folder / f"{name}.yaml"
        config.write_text(json.dumps({"method": method, **run}), encoding="utf-8")
        airlock("train", "--model", base, "--data", FIXTURES / "pairs.jsonl", "--config", config,
                "--out", folder / name, *options)

    def merge(base: Path, adapter: str, canaries: int) -> None:
        airlock("export", "--model", base, "--adapter", folder / adapter, "--format", "merged",
                "--out", folder / f"merged-{adapter}", "--canaries", str(canaries))

    train("sft", BASE, "sft")
    train("dpo", BASE, "dpo", "--init-adapter", folder / "sft")
    merge(BASE, "sft", 2)
    merge(BASE, "dpo", 4)
    train("dpo", folder / "merged-sft", "second")
    merge(folder / "merged-sft", "second", 0)
    return folder


def test_an_adapter_that_was_gone_on_with_holds_the_whole_chain(chain: Path):
    with safe_open(chain / "dpo" / "adapter_model.safetensors", framework="pt") as file:
        assert json.loads(file.metadata()["airlock_ancestors"]) == ["sft"]
    wanted, merged = logps(load(BASE, chain / "dpo")), logps(load(chain / "merged-dpo"))
    assert (merged - wanted).abs().max() < 1e-4
    # Neither link alone, and not the second on top of the first, which would count the first twice.
    assert (merged - logps(load(BASE, chain / "sft"))).abs().max() > 0.02
    assert (merged - logps(load(chain / "merged-sft", chain / "dpo"))).abs().max() > 0.02


def test_an_adapter_on_a_merged_one_merges_onto_it(chain: Path):
    wanted = logps(load(BASE, chain / "sft", chain / "second"))
    merged = chain / "merged-second"
    assert (logps(load(merged)) - wanted).abs().max() < 1e-4
    assert (wanted - logps(load(BASE, chain / "second"))).abs().max() > 0.02
    # What lay beside the first export told of that one.
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=merged, capture_output=True).returncode == 0
    assert (chain / "merged-sft" / "canaries.json").exists() and not (merged / "canaries.json").exists()


def test_a_server_with_the_chain_cut_short_is_told(chain: Path):
    export = Export(chain / "merged-dpo", chain / "dpo")
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    # A server of a merged checkpoint has one model.
    with serving(Served(export.net, tokenizer, base=None)) as address:
        assert export.check(address, "--tolerance", "float32")[0] == CODES["right"]
    with serving(Served(export.load(adapter=chain / "sft"), tokenizer, base=None)) as address:
        code, said = export.check(address, "--tolerance", "float32")
        # No base is served beside it, so which of the two is another cannot be told.
        assert code == CODES["other base"] and said.startswith("Another base, or another adapter"), said
