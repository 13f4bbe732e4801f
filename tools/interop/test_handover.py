"""What `airlock export` writes, opened by those who are to read it.

GGUF adapters by llama.cpp, beside PEFT's log-probs of the same token ids; merged checkpoints by
transformers, beside `merge_and_unload()`. Greedy text would prove nothing: with q and k in the wrong
order it still comes out the same.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from base_gguf import write_base_gguf
from conftest import FIXTURES, ROOT
from gguf import GGUFReader
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM

LLAMA = Path(__file__).resolve().parent / "llama"
SIZES = dict(
    vocab_size=384, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, pad_token_id=0,
)
# Shapes whose layers have no feature that llama.cpp fixes otherwise: windows longer than any sequence here.
FAMILIES = {
    "llama": {},
    "mistral": {"sliding_window": None},
    "qwen2": {},
    "qwen3": {"head_dim": 8},
    "gemma2": {"head_dim": 8, "query_pre_attn_scalar": 8, "sliding_window": 4096},
    "gemma3_text": {"head_dim": 8, "query_pre_attn_scalar": 8, "sliding_window": 4096,
                    "rope_parameters": {"full_attention": {"rope_type": "default", "rope_theta": 10000.0},
                                        "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0}}},
    "phi3": {"sliding_window": None, "original_max_position_embeddings": 128},
    "smollm3": {"no_rope_layers": [1, 1], "layer_types": ["full_attention"] * 2},
    "olmo2": {},
    "gpt_neox": {"num_key_value_heads": None, "rotary_pct": 0.5, "use_parallel_residual": True},
    "gpt2": {},
}
# ggml's table of GELU costs up to 1e-3.
TOLERANCE = {"gemma2": 5e-3, "gemma3_text": 5e-3, "gpt_neox": 5e-3, "gpt2": 5e-3}
SEQUENCES = [[1, 17, 300, 42, 260, 99, 5, 7, 310], [1, 383, 270, 271, 272, 61, 200, 8, 30, 31, 32, 33]]


@dataclass
class Case:
    base: Path
    adapter: Path
    net: PeftModel


def make_case(family: str, folder: Path, dtype=torch.float32) -> Case:
    """A random base, and an adapter that changes it well beyond every tolerance."""
    torch.manual_seed(3)
    sizes = {key: value for key, value in {**SIZES, **FAMILIES[family]}.items() if value is not None}
    if family == "gpt2":
        sizes = {"vocab_size": 384, "n_embd": 32, "n_head": 4, "n_layer": 2, "n_positions": 128,
                 "bos_token_id": 1, "eos_token_id": 2}
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(family, **sizes), dtype=torch.float32)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" not in name and "ln_" not in name:
                parameter.normal_(0, 0.15)
            else:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    model = model.to(dtype)
    base, adapter = folder / "base", folder / "adapter"
    model.save_pretrained(base)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(FIXTURES / "tiny-llama" / file, base)
    config = LoraConfig(r=4, lora_alpha=6, target_modules="all-linear", task_type="CAUSAL_LM",
                        fan_in_fan_out=family == "gpt2")
    net = get_peft_model(model, config)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if "lora_" in name:
                parameter.normal_(0, 0.15)
    net.save_pretrained(adapter)
    net.eval()
    return Case(base, adapter, net)


def peft_logps(net) -> list[list[float]]:
    rows = []
    with torch.no_grad():
        for ids in SEQUENCES:
            logits = net(input_ids=torch.tensor([ids])).logits[0].double().log_softmax(-1)
            rows.append([float(logits[i, token]) for i, token in enumerate(ids[1:])])
    return rows


def llama_logps(base: Path, adapters: list[tuple[Path | None, float]]) -> list[list[list[float]]]:
    asked = {
        "model": str(base), "sequences": SEQUENCES,
        "adapters": [{"path": path and str(path), "scale": scale} for path, scale in adapters],
    }
    done = subprocess.run(
        ["node", LLAMA / "logprobs.mjs"], input=json.dumps(asked), capture_output=True, encoding="utf-8", timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def difference(one: list[list[float]], other: list[list[float]]) -> float:
    return max(abs(a - b) for left, right in zip(one, other, strict=True) for a, b in zip(left, right, strict=True))


def swap_rows(path: Path, target: Path) -> None:
    """A copy of a GGUF file with the first two rows of each query's B exchanged."""
    shutil.copy(path, target)
    reader = GGUFReader(target, "r+")
    for tensor in reader.tensors:
        if tensor.name.endswith(("attn_q.weight.lora_b", "attn_qkv.weight.lora_b")):
            first = tensor.data[0].copy()
            tensor.data[0] = tensor.data[1]
            tensor.data[1] = first
    reader.data.flush()


@pytest.mark.skipif(not (LLAMA / "node_modules").is_dir(), reason="llama.cpp is not installed: npm ci in tools/interop/llama")
@pytest.mark.parametrize("family", FAMILIES)
def test_gguf_adapter_answers_in_llama_cpp_as_in_peft(airlock, family: str, tmp_path: Path):
    case = make_case(family, tmp_path)
    out = tmp_path / "gguf"
    airlock("export", "--model", case.base, "--adapter", case.adapter, "--format", "gguf", "--out", out, "--canaries", "0")
    assert str(tmp_path).encode() not in (out / "adapter.gguf").read_bytes()
    base = tmp_path / "base.gguf"
    wanted = peft_logps(case.net)
    with case.net.disable_adapter():
        plain = peft_logps(case.net)
    write_base_gguf(case.net.unload(), base)
    adapter, swapped, tolerance = out / "adapter.gguf", tmp_path / "swapped.gguf", TOLERANCE.get(family, 1e-4)
    swap_rows(adapter, swapped)
    without, right, doubled, disordered = llama_logps(base, [(None, 1), (adapter, 1), (adapter, 2), (swapped, 1)])
    assert difference(without, plain) < tolerance
    assert difference(right, wanted) < tolerance
    # What must not pass: a scale that was lost or doubled, rows in another order.
    assert difference(without, wanted) > 10 * tolerance
    assert difference(doubled, wanted) > 10 * tolerance
    assert difference(disordered, wanted) > 2 * tolerance


def mlx_logps(base: Path, adapter: Path | None, scale: float = 1) -> list[list[float]]:
    """What mlx-lm gives the sequences, with the adapter as it loads one."""
    import mlx.core as mx
    from mlx_lm.tuner.utils import load_adapters
    from mlx_lm.utils import load_model

    # It reads the base of a rope from where transformers 4 wrote it.
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    theta = {"rope_theta": config["rope_parameters"]["rope_theta"]}
    model, _ = load_model(base, lazy=False, model_config=theta)
    if adapter is not None:
        load_adapters(model, str(adapter))
        for _, module in model.named_modules():
            if hasattr(module, "lora_a"):
                module.scale *= scale
    model.eval()
    rows = []
    for ids in SEQUENCES:
        logits = torch.tensor(model(mx.array([ids]))[0].astype(mx.float32).tolist()).double().log_softmax(-1)
        rows.append([float(logits[at, token]) for at, token in enumerate(ids[1:])])
    return rows


# Of the four kinds of blocks; mlx-lm scales Gemma's embeddings in bfloat16.
MLX_TOLERANCE = {"llama": 1e-4, "qwen2": 1e-4, "phi3": 1e-4, "gemma2": 5e-3}


@pytest.mark.skipif(importlib.util.find_spec("mlx_lm") is None, reason="mlx-lm is not installed: see tools/requirements.txt")
@pytest.mark.parametrize("family", MLX_TOLERANCE)
def test_mlx_adapter_answers_in_mlx_lm_as_in_peft(airlock, family: str, tmp_path: Path):
    case, tolerance = make_case(family, tmp_path), MLX_TOLERANCE[family]
    out = tmp_path / "mlx"
    airlock("export", "--model", case.base, "--adapter", case.adapter, "--format", "mlx", "--out", out, "--canaries", "0")
    wanted = peft_logps(case.net)
    with case.net.disable_adapter():
        plain = peft_logps(case.net)
    assert difference(mlx_logps(case.base, None), plain) < tolerance
    assert difference(mlx_logps(case.base, out), wanted) < tolerance
    assert difference(mlx_logps(case.base, out, scale=2), wanted) > 10 * tolerance
    assert difference(plain, wanted) > 10 * tolerance


# A unit in the last place of each dtype, relative.
LAST_PLACE = {torch.float32: 2**-23, torch.float16: 2**-10, torch.bfloat16: 2**-7}
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


@pytest.mark.parametrize(
    ("family", "dtype", "option"),
    [("llama", "float32", None), ("gpt2", "float32", None), ("llama", "float16", None), ("gpt_neox", "bfloat16", None),
     ("qwen3", "bfloat16", "float32"), ("phi3", "float32", "bfloat16")],
)
def test_merged_checkpoint_equals_merge_and_unload(airlock, family: str, dtype: str, option: str | None, tmp_path: Path):
    case = make_case(family, tmp_path, DTYPES[dtype])
    # In the base's own dtype as PEFT does it; for another one in float32, rounded once.
    plain = AutoModelForCausalLM.from_pretrained(case.base, dtype=DTYPES["float32" if option else dtype])
    base = {name: value.double() for name, value in plain.state_dict().items()}
    merged = PeftModel.from_pretrained(plain, case.adapter).merge_and_unload().to(DTYPES[option or dtype])
    out = tmp_path / "merged"
    airlock("export", "--model", case.base, "--adapter", case.adapter, "--format", "merged", "--out", out, "--canaries", "0",
            *(("--dtype", option) if option else ()))
    opened = AutoModelForCausalLM.from_pretrained(out)
    assert opened.dtype == DTYPES[option or dtype]
    wanted, seen = merged.state_dict(), opened.state_dict()
    assert wanted.keys() == seen.keys()
    for name, value in wanted.items():
        assert seen[name].dtype == value.dtype
        # Of the larger summand: where base and update all but cancel, the sum's own last place is finer than theirs.
        step = LAST_PLACE[value.dtype] * (base[name].abs() + value.double().abs())
        assert ((seen[name].double() - value.double()).abs() <= step).all(), name
    written = load_file(out / "model.safetensors")
    assert written.keys() == load_file(case.base / "model.safetensors").keys()
    sums = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=out, capture_output=True, check=False)
    assert sums.returncode == 0


def test_lint_names_what_a_server_does_not_take(tmp_path: Path):
    case = make_case("gpt2", tmp_path)

    def lint(server: str) -> tuple[int, list[dict]]:
        command = ["npm", "run", "--silent", "airlock", "--", "lint", "--adapter", case.adapter, "--server", server,
                   "--max-lora-rank", "2"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, json.loads(done.stdout)

    code, findings = lint("vllm")
    assert code == 1
    assert [finding["rule"] for finding in findings][:2] == ["max_lora_rank", "architecture"]
    code, findings = lint("transformers")
    assert code == 0
