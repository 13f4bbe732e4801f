"""Write the golden numbers that Airlock is tested against, with the Python libraries.

For each of `fixtures/tiny-llama`, `fixtures/tiny-mistral` and, where it is present
beside the repository, `../shared/models/tinystories-260k`, this makes
`fixtures/golden/<model>/`: an adapter, token ids, log-probabilities, gradients, the
steps of TRL's own DPOTrainer and SFTTrainer, and greedy continuations. For the models of
make_tiny_architectures.py it makes less: ten short pairs, an adapter of rank 2, DPO only.
`tools/README.md` lists the files and their shapes.

Everything is float32, eager attention, one CPU thread, seeded. Base weights that are
stored in 16 bits are loaded as such and then widened to float32: Gemma rounds a constant
to the weights' dtype. No absolute path is written anywhere.

Usage: python tools/make_golden.py [MODEL_NAME ...]      (default: all that are present)
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")

import datasets
import peft
import torch
import torch.nn.functional as F
import transformers
import trl
import yaml
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils.constants import TRANSFORMERS_MODELS_TO_LORA_TARGET_MODULES_MAPPING as DEFAULT_TARGETS
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PrinterCallback, TrainerCallback
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from trl import DPOConfig, DPOTrainer, ModelConfig, ScriptArguments, SFTConfig, SFTTrainer

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
MODELS = {
    "tiny-llama": FIXTURES / "tiny-llama",
    "tiny-mistral": FIXTURES / "tiny-mistral",
    "tinystories-260k": ROOT.parent / "shared" / "models" / "tinystories-260k",
}
# The models of make_tiny_architectures.py, which share one tokenizer.
ARCHITECTURES = {
    path.name: path for path in sorted(FIXTURES.glob("tiny-*")) if path.name not in MODELS
}
COMPACT_PAIRS, COMPACT_TOKENS = 10, 75
MADE_BY = (
    f"tools/make_golden.py; torch {torch.__version__}, transformers {transformers.__version__}, "
    f"peft {peft.__version__}, trl {trl.__version__}"
)

SHORT_MAX_LENGTH = 24
GRADIENT_PAIRS = [0, 1, 2, 3]
GRADIENT_BETA = 0.1
GENERATE_PROMPTS = ["The fern by the window", "Once upon a time, there was a", "점검표를 한 문장으로"]

# Text that tokenizers disagree about.
NASTY_STRINGS = [
    "",
    " ",
    "   ",
    "a",
    " a",
    "  two  spaces  inside ",
    "\n",
    "line one\nline two\r\n\r\n\ttabbed",
    "trailing space ",
    "trailing newline\n",
    "안녕하세요, 세계!",
    "ㅋㅋㅋ 한글 자모와 한자 漢字",
    "emoji 🌵🙂 family 👩\u200d👩\u200d👧 flag 🇰🇷 skin 👍🏽",
    "e\u0301 is not é; ﬁ ligature; ｆｕｌｌｗｉｄｔｈ",
    "nul \u0000 bell \u0007 escape \u001b del \u007f",
    "zero\u200bwidth no\u00a0break soft\u00adhyphen bom \ufeff line\u2028sep",
    "digits 1 12 123 1234 12345 3.14159 1,000,000 007 ４２",
    "def f(x):\n    return x ** 2  # ok\n\n\nprint(f(3))",
    "{\"key\": [1, 2.5, null], \"s\": \"a\\\\b\"}",
    "don't we'll I'M they'RE 'tis o'clock",
    "MiXeD CaSe ALLCAPS snake_case camelCase kebab-case",
    "a@b.co https://example.org/p?q=1&r=%20#x C:\\dir\\file",
    "!!!???...,,,;;;:::---___***///",
    "<s>bos</s> <unk> <|bos|>in text<|im_end|> <|im_start|>user\n <|pad|> <|im_end",
    "<|im_end|>",
    " <|im_end|> ",
    "▁ is the metaspace ▁▁",
    "Ġ is the byte-level space, Ċ the newline",
    "مرحبا שלום नमस्ते สวัสดี ქართული",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
]

# A prompt that ends in a space: byte-level tokenizers join the space to the next word,
# so the prompt's ids are no prefix of the whole's. TRL warns and cuts by count.
MISMATCH_PAIR = {
    "prompt": "Finish the sentence: a clean workplace is ",
    "chosen": "a safe workplace.",
    "rejected": "the waste of time.",
}

# The runs. Keys are TRL's and PEFT's, as in the command line's YAML. The adapter's own
# configuration (r 4, alpha 8) comes with --init-adapter and is repeated here.
COMMON_RUN = {
    "lr_scheduler_type": "linear",
    "warmup_steps": 2,
    "max_steps": 10,
    "per_device_train_batch_size": 2,
    "gradient_accumulation_steps": 2,
    "weight_decay": 0.01,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1.0e-8,
    "max_length": 1024,
    "seed": 42,
    "lora_r": 4,
    "lora_alpha": 8,
    "lora_target_modules": "all-linear",
    "shuffle": False,
}
DPO_RUN = {
    "method": "dpo", "loss_type": "sigmoid", "beta": 0.1, "label_smoothing": 0.0,
    "learning_rate": 1.0e-3, **COMMON_RUN, "max_grad_norm": 1.0,
}
SFT_RUN = {"method": "sft", "learning_rate": 1.0e-3, **COMMON_RUN, "max_grad_norm": 1.0}
# Chosen per model so that clipping is active in some of the ten steps and not in others.
DPO_MAX_GRAD_NORM = {"tiny-llama": 4.0, "tiny-mistral": 5.0, "tinystories-260k": 6.0}
SFT_MAX_GRAD_NORM = {"tiny-llama": 3.9, "tiny-mistral": 3.2, "tinystories-260k": 5.0}

ARCHITECTURE_MAX_GRAD_NORM = 3.0

DPO_METRICS = [
    "step", "loss", "grad_norm", "learning_rate", "rewards/chosen", "rewards/rejected",
    "rewards/margins", "rewards/accuracies", "logps/chosen", "logps/rejected", "num_tokens",
]
SFT_METRICS = ["step", "loss", "grad_norm", "learning_rate", "num_tokens"]


# --- small things ---------------------------------------------------------------------


def read_jsonl(name: str) -> list[dict]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()]


def write_json(path: Path, content: dict) -> None:
    """One top-level key a line, and one list element a line, so that diffs stay readable."""
    content = {"made_by": MADE_BY, **content}
    parts = []
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
            body = "[\n" + ",\n".join("  " + json.dumps(v, ensure_ascii=False) for v in value) + "\n ]"
        else:
            body = json.dumps(value, ensure_ascii=False)
        parts.append(f" {json.dumps(key)}: {body}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8", newline="\n")


def write_jsonl(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8", newline="\n")


def write_safetensors(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file({k: v.contiguous() for k, v in sorted(tensors.items())}, path, metadata={"format": "pt"})
    path.chmod(0o644)


def load_base(model_dir: Path):
    return AutoModelForCausalLM.from_pretrained(model_dir, dtype="auto", attn_implementation="eager").float()


def load_with_adapter(model_dir: Path, adapter_dir: Path, trainable: bool = False) -> PeftModel:
    return PeftModel.from_pretrained(load_base(model_dir), adapter_dir, is_trainable=trainable)


def saved_name(parameter_name: str) -> str:
    """The name PEFT gives a parameter in adapter_model.safetensors."""
    return parameter_name.replace(".default.", ".")


# --- the adapter ------------------------------------------------------------------------


def make_adapter(model_dir: Path, out: Path, r: int = 4) -> None:
    """LoRA on every linear but the head, with A and B both seeded and not zero."""
    torch.manual_seed(7)
    model = get_peft_model(
        load_base(model_dir),
        LoraConfig(r=r, lora_alpha=2 * r, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM"),
    )
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "lora_A" in name:
                parameter.copy_(torch.randn(parameter.shape, generator=generator) / parameter.shape[1] ** 0.5)
            elif "lora_B" in name:
                parameter.copy_(0.004 * torch.randn(parameter.shape, generator=generator))
    save_adapter(model, out)


def save_adapter(model: PeftModel, out: Path, weights_only: bool = False) -> None:
    """What PEFT writes for the default adapter, less the local path and the model card."""
    with tempfile.TemporaryDirectory() as scratch:
        model.save_pretrained(scratch, selected_adapters=["default"])
        out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(scratch) / "adapter_model.safetensors", out / "adapter_model.safetensors")
        if not weights_only:
            config = json.loads((Path(scratch) / "adapter_config.json").read_text(encoding="utf-8"))
            config["base_model_name_or_path"] = None
            config["target_modules"] = sorted(config["target_modules"])
            text = json.dumps(config, indent=2, sort_keys=True) + "\n"
            (out / "adapter_config.json").write_text(text, encoding="utf-8", newline="\n")


# --- TRL ----------------------------------------------------------------------------------


class KeepLogs(TrainerCallback):
    """Keeps each step's log line as the trainer computed it, unrounded."""

    def __init__(self):
        self.rows: list[dict] = []

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "loss" in logs:
            self.rows.append({"step": state.global_step, **logs})


def trainer_args(config_class, run: dict, scratch: str):
    """TRL's arguments for a run: plain float32 on the CPU, rows in the file's order."""
    skip = {"method", "shuffle", "lora_r", "lora_alpha", "lora_target_modules"}
    return config_class(
        output_dir=scratch,
        bf16=False,
        gradient_checkpointing=False,
        use_cpu=True,
        logging_steps=1,
        save_strategy="no",
        train_sampling_strategy="sequential",
        report_to="none",
        disable_tqdm=True,
        dataloader_num_workers=0,
        dataloader_pin_memory=False,
        **{key: value for key, value in run.items() if key not in skip},
    )


def trl_tokenise(model_dir: Path, adapter_dir: Path, rows: list[dict], max_length: int) -> list[dict]:
    """The rows TRL keeps, with their source index and the ids the collator makes of them."""
    with tempfile.TemporaryDirectory() as scratch:
        trainer = DPOTrainer(
            model=load_with_adapter(model_dir, adapter_dir, trainable=True),
            args=trainer_args(DPOConfig, {"max_length": max_length}, scratch),
            train_dataset=datasets.Dataset.from_list([{"index": i, **row} for i, row in enumerate(rows)]),
            processing_class=AutoTokenizer.from_pretrained(model_dir),
        )
    kept = []
    for row in trainer.train_dataset:
        batch = trainer.data_collator([row])
        ids = {}
        for k, side in enumerate(("chosen", "rejected")):
            length = int(batch["attention_mask"][k].sum())
            mask = batch["completion_mask"][k][:length]
            sequence = batch["input_ids"][k][:length]
            prompt_ids = sequence[mask == 0].tolist()
            assert prompt_ids == row["prompt_ids"], "the prompt itself is never cut"
            ids[f"{side}_ids"] = sequence[mask == 1].tolist()
        kept.append({"index": row["index"], "prompt_ids": row["prompt_ids"], **ids})
    return kept


def run_trainer(
    model_dir: Path, adapter_dir: Path, run: dict, rows: list[dict], out: Path, tokenizer_dir: Path | None = None
) -> None:
    """Train with TRL from `adapter_dir`; write config.yaml, metrics.jsonl, the final adapter."""
    is_dpo = run["method"] == "dpo"
    keep = KeepLogs()
    if not is_dpo:
        rows = [{"prompt": row["prompt"], "completion": row["chosen"]} for row in rows]
    with tempfile.TemporaryDirectory() as scratch:
        trainer = (DPOTrainer if is_dpo else SFTTrainer)(
            model=load_with_adapter(model_dir, adapter_dir, trainable=True),
            args=trainer_args(DPOConfig if is_dpo else SFTConfig, run, scratch),
            train_dataset=datasets.Dataset.from_list(rows),
            processing_class=AutoTokenizer.from_pretrained(tokenizer_dir or model_dir),
            callbacks=[keep],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    save_adapter(trainer.model, out, weights_only=True)
    header = f"# Made by {MADE_BY}\n# Start it with --init-adapter ../init-adapter\n"
    body = yaml.safe_dump(run, sort_keys=False)
    (out / "config.yaml").write_text(header + body, encoding="utf-8", newline="\n")
    names = DPO_METRICS if is_dpo else SFT_METRICS
    write_jsonl(out / "metrics.jsonl", [{name: row[name] for name in names} for row in keep.rows])
    for row in keep.rows:
        print(f"   {run['method']} step {row['step']}: loss {row['loss']:.5f}, grad_norm {row['grad_norm']:.4f}, "
              f"lr {row['learning_rate']:.2e}")


# --- numbers straight from transformers -----------------------------------------------------


def completion_logps(model, prompt_ids: list[int], completion_ids: list[int]) -> torch.Tensor:
    """Log-probability of each completion token given all before it, one sequence, no padding."""
    ids = torch.tensor([prompt_ids + completion_ids])
    logits = model(input_ids=ids, use_cache=False).logits[0, :-1].float()  # (T-1, V)
    logps = F.log_softmax(logits, dim=-1).gather(1, ids[0, 1:, None])[:, 0]
    return logps[len(prompt_ids) - 1 :]


@torch.no_grad()
def pair_logps(model, tokens: list[dict]) -> list[dict]:
    rows = []
    for row in tokens:
        out = {"index": row["index"]}
        for side in ("chosen", "rejected"):
            logps = completion_logps(model, row["prompt_ids"], row[f"{side}_ids"])
            out[f"{side}_logps"] = logps.double().sum().item()
            out[f"{side}_token_logps"] = logps.tolist()
        rows.append(out)
    return rows


def make_gradients(model_dir: Path, adapter_dir: Path, tokens: list[dict], base_logps: list[dict], out: Path) -> None:
    """Gradients of one DPO batch (reference: the base model) and one SFT batch, by autograd."""
    model = load_with_adapter(model_dir, adapter_dir, trainable=True).eval()
    parameters = {saved_name(n): p for n, p in model.named_parameters() if p.requires_grad}
    pairs = [tokens[i] for i in GRADIENT_PAIRS]
    assert [pair["index"] for pair in pairs] == GRADIENT_PAIRS

    def gradients(loss: torch.Tensor) -> dict[str, torch.Tensor]:
        return dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values())), strict=True))

    def policy(pair: dict, side: str) -> torch.Tensor:
        return completion_logps(model, pair["prompt_ids"], pair[f"{side}_ids"])

    margins = []
    for i, pair in zip(GRADIENT_PAIRS, pairs, strict=True):
        chosen = policy(pair, "chosen").sum() - base_logps[i]["chosen_logps"]
        rejected = policy(pair, "rejected").sum() - base_logps[i]["rejected_logps"]
        margins.append(chosen - rejected)
    dpo_loss = -F.logsigmoid(GRADIENT_BETA * torch.stack(margins)).mean()
    dpo = gradients(dpo_loss)

    nll = torch.cat([-policy(pair, "chosen") for pair in pairs])
    sft_loss = nll.mean()
    sft = gradients(sft_loss)

    def norm(tensors: dict[str, torch.Tensor]) -> float:
        return torch.sqrt(sum(t.double().square().sum() for t in tensors.values())).item()

    write_safetensors(out / "dpo-gradients.safetensors", dpo)
    write_safetensors(out / "sft-gradients.safetensors", sft)
    write_json(out / "gradients.json", {
        "pairs": GRADIENT_PAIRS,
        "beta": GRADIENT_BETA,
        "policy": "init-adapter",
        "reference": "base model, no adapter",
        "dpo": {"file": "dpo-gradients.safetensors", "loss": dpo_loss.item(), "norm": norm(dpo),
                "logratio_margins": [m.item() for m in margins]},
        "sft": {"file": "sft-gradients.safetensors", "loss": sft_loss.item(), "norm": norm(sft),
                "completion_tokens": nll.numel()},
    })


def make_compact_gradients(model_dir: Path, adapter_dir: Path, tokens: list[dict], base_logps: list[dict], out: Path) -> None:
    """As make_gradients, of the first pairs and DPO alone."""
    model = load_with_adapter(model_dir, adapter_dir, trainable=True).eval()
    parameters = {saved_name(n): p for n, p in model.named_parameters() if p.requires_grad}
    indices = list(range(len(GRADIENT_PAIRS)))
    margins = []
    for i in indices:
        chosen, rejected = (
            completion_logps(model, tokens[i]["prompt_ids"], tokens[i][f"{side}_ids"]).sum() - base_logps[i][f"{side}_logps"]
            for side in ("chosen", "rejected")
        )
        margins.append(chosen - rejected)
    loss = -F.logsigmoid(GRADIENT_BETA * torch.stack(margins)).mean()
    gradients = dict(zip(parameters, torch.autograd.grad(loss, list(parameters.values())), strict=True))
    write_safetensors(out / "dpo-gradients.safetensors", gradients)
    write_json(out / "gradients.json", {
        "pairs": indices, "beta": GRADIENT_BETA, "policy": "init-adapter", "reference": "base model, no adapter",
        "dpo": {"file": "dpo-gradients.safetensors", "loss": loss.item()},
    })


def make_tokens(model_dir: Path, adapter_dir: Path, out: Path) -> tuple[list[dict], list[dict]]:
    tokenizer = AutoTokenizer.from_pretrained(model_dir)
    pairs, chat_pairs = read_jsonl("pairs.jsonl"), read_jsonl("chat-pairs.jsonl")
    has_template = tokenizer.chat_template is not None

    def dropped(kept: list[dict], rows: list[dict]) -> list[int]:
        return sorted(set(range(len(rows))) - {row["index"] for row in kept})

    content: dict = {"eos_token": tokenizer.eos_token, "eos_token_id": tokenizer.eos_token_id, "max_length": 1024}
    content["pairs"] = trl_tokenise(model_dir, adapter_dir, pairs, 1024)
    assert len(content["pairs"]) == len(pairs)
    content["chat_pairs"] = trl_tokenise(model_dir, adapter_dir, chat_pairs, 1024) if has_template else []
    content["short_max_length"] = SHORT_MAX_LENGTH
    content["short_pairs"] = trl_tokenise(model_dir, adapter_dir, pairs, SHORT_MAX_LENGTH)
    content["short_dropped"] = dropped(content["short_pairs"], pairs)
    content["prefix_mismatch"] = [{**MISMATCH_PAIR, **trl_tokenise(model_dir, adapter_dir, [MISMATCH_PAIR], 1024)[0]}]
    # transformers 5 rebuilds some tokenizers (Llama's) and then differs from the file it read;
    # `tokenizer_json_ids` is what the file says, with special tokens added.
    alone = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    for row, source in zip(content["pairs"], pairs, strict=True):
        assert alone.encode(source["prompt"]).ids == row["prompt_ids"], "the pairs must not depend on that"
    content["tokenizer"] = []
    for text in NASTY_STRINGS:
        with_special = tokenizer(text)["input_ids"]
        plain = alone.encode(text).ids
        content["tokenizer"].append({
            "text": text,
            "ids": tokenizer(text, add_special_tokens=False)["input_ids"],
            "ids_with_special": with_special,
            "tokenizer_json_ids": plain,
            "decoded": tokenizer.decode(with_special),
            "decoded_skip_special": tokenizer.decode(with_special, skip_special_tokens=True),
        })
        if plain != with_special:
            print(f"   tokenizer.json alone encodes {text!r} differently from AutoTokenizer")
    write_json(out / "tokens.json", content)
    return content["pairs"], content["chat_pairs"]


@torch.no_grad()
def make_generations(
    model_dir: Path, adapter_dir: Path, out: Path, tokenizer_dir: Path | None = None, use_cache: bool = True
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_dir or model_dir)
    rows = []
    for variant, model in (
        ("base", load_base(model_dir)),
        ("init-adapter", load_with_adapter(model_dir, adapter_dir)),
    ):
        model.eval()
        for prompt in GENERATE_PROMPTS:
            inputs = tokenizer(prompt, return_tensors="pt")
            result = model.generate(
                input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"],
                max_new_tokens=20, do_sample=False, use_cache=use_cache, pad_token_id=tokenizer.eos_token_id,
                output_logits=True, return_dict_in_generate=True,
            )
            ids = result.sequences[0, inputs["input_ids"].shape[1] :].tolist()
            logits = torch.stack(result.logits)[:, 0].float()  # (new tokens, V)
            top = logits.topk(2, dim=-1).values
            rows.append({
                "variant": variant,
                "prompt": prompt,
                "prompt_ids": inputs["input_ids"][0].tolist(),
                "ids": ids,
                "text": tokenizer.decode(ids, skip_special_tokens=True),
                "logps": F.log_softmax(logits, dim=-1).gather(1, torch.tensor(ids)[:, None])[:, 0].tolist(),
                "smallest_top2_gap": (top[:, 0] - top[:, 1]).min().item(),
            })
    write_json(out / "generate.json", {"max_new_tokens": 20, "eos_token_id": tokenizer.eos_token_id, "rows": rows})


# --- all of it --------------------------------------------------------------------------------


def make_model(name: str, model_dir: Path) -> None:
    print(name, flush=True)
    out = FIXTURES / "golden" / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    adapter_dir = out / "init-adapter"
    make_adapter(model_dir, adapter_dir)

    pairs, chat_pairs = make_tokens(model_dir, adapter_dir, out)
    base, policy = load_base(model_dir).eval(), load_with_adapter(model_dir, adapter_dir).eval()
    logps = {
        "max_length": 1024,
        "base": pair_logps(base, pairs),
        "init_adapter": pair_logps(policy, pairs),
        "chat_base": pair_logps(base, chat_pairs),
        "chat_init_adapter": pair_logps(policy, chat_pairs),
    }
    write_json(out / "logps.json", logps)
    shifts = [a["chosen_logps"] - b["chosen_logps"] for a, b in zip(logps["init_adapter"], logps["base"], strict=True)]
    print(f"   the adapter moves chosen log-probs by {min(shifts):.3f} .. {max(shifts):.3f} nats")
    make_gradients(model_dir, adapter_dir, pairs, logps["base"], out)

    rows = read_jsonl("pairs.jsonl")
    dpo_run = {**DPO_RUN, "max_grad_norm": DPO_MAX_GRAD_NORM[name]}
    run_trainer(model_dir, adapter_dir, dpo_run, rows, out / "dpo")
    run_trainer(model_dir, adapter_dir, {**SFT_RUN, "max_grad_norm": SFT_MAX_GRAD_NORM[name]}, rows, out / "sft")
    if name == "tiny-llama":
        # 10 pairs make 5 micro-batches an epoch: groups of 2, 2 and 1.
        partial = {**dpo_run, "max_steps": -1, "num_train_epochs": 2}
        run_trainer(model_dir, adapter_dir, partial, rows[:10], out / "dpo-partial")
        write_jsonl(out / "dpo-partial" / "pairs.jsonl", rows[:10])
        partial = {**SFT_RUN, "max_grad_norm": SFT_MAX_GRAD_NORM[name], "max_steps": -1, "num_train_epochs": 2}
        run_trainer(model_dir, adapter_dir, partial, rows[:10], out / "sft-partial")
        write_jsonl(out / "sft-partial" / "pairs.jsonl", rows[:10])
        # 7 pairs make micro-batches of 2, 2, 2 and 1: the last step of an epoch weighs its three pairs
        # by 1/4, 1/4 and 1/2, as TRL does, not by 1/3 each.
        unequal = {**dpo_run, "max_steps": -1, "num_train_epochs": 3}
        run_trainer(model_dir, adapter_dir, unequal, rows[:7], out / "dpo-unequal")
        write_jsonl(out / "dpo-unequal" / "pairs.jsonl", rows[:7])
        # Decay takes a tenth of every parameter in these ten steps, and epsilon is as large as many gradients.
        decay = {**dpo_run, "weight_decay": 20.0, "adam_epsilon": 1.0e-3}
        run_trainer(model_dir, adapter_dir, decay, rows[:10], out / "dpo-decay")
        write_jsonl(out / "dpo-decay" / "pairs.jsonl", rows[:10])
    make_generations(model_dir, adapter_dir, out)


def make_architecture(name: str, model_dir: Path) -> None:
    print(name, flush=True)
    out = FIXTURES / "golden" / name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    adapter_dir = out / "init-adapter"
    make_adapter(model_dir, adapter_dir, r=2)

    # The tokenizer is tiny-llama's, and so are the ids.
    tokenizer_dir = MODELS["tiny-llama"]
    all_tokens = json.loads((FIXTURES / "golden" / "tiny-llama" / "tokens.json").read_text(encoding="utf-8"))["pairs"]

    def length(row: dict) -> int:
        return len(row["prompt_ids"]) + max(len(row["chosen_ids"]), len(row["rejected_ids"]))

    tokens = [row for row in all_tokens if length(row) <= COMPACT_TOKENS][:COMPACT_PAIRS]
    write_json(out / "tokens.json", {"pairs": tokens})
    base, policy = load_base(model_dir).eval(), load_with_adapter(model_dir, adapter_dir).eval()
    logps = {"base": pair_logps(base, tokens), "init_adapter": pair_logps(policy, tokens)}
    sums = {
        variant: [{key: row[key] for key in ("index", "chosen_logps", "rejected_logps")} for row in rows]
        for variant, rows in logps.items()
    }
    write_json(out / "logps.json", sums)
    shifts = [a["chosen_logps"] - b["chosen_logps"] for a, b in zip(sums["init_adapter"], sums["base"], strict=True)]
    print(f"   the adapter moves chosen log-probs by {min(shifts):.3f} .. {max(shifts):.3f} nats")
    make_compact_gradients(model_dir, adapter_dir, tokens, sums["base"], out)
    rows = read_jsonl("pairs.jsonl")
    run = {**DPO_RUN, "lora_r": 2, "lora_alpha": 4, "max_grad_norm": ARCHITECTURE_MAX_GRAD_NORM}
    run_trainer(model_dir, adapter_dir, run, [rows[row["index"]] for row in tokens], out / "dpo", tokenizer_dir)
    # Without a cache: where LongRoPE changes its frequencies, transformers 5.18 drops the cache and
    # then sees the last token alone.
    make_generations(model_dir, adapter_dir, out, tokenizer_dir, use_cache=False)


# --- conventions ------------------------------------------------------------------------------

ROPE_SIZES = {"hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 2, "num_hidden_layers": 4, "vocab_size": 64,
              "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}
FACTORS = {"short_factor": [1.0, 1.25, 1.5, 2.0], "long_factor": [1.0, 2.0, 5.0, 9.0]}
ROPES = {
    "default": {"model_type": "llama", "rope_theta": 500000.0},
    "linear": {"model_type": "llama", "rope_theta": 10000.0, "rope_scaling": {"type": "linear", "factor": 4.0}},
    "llama3": {"model_type": "llama", "rope_theta": 500000.0, "max_position_embeddings": 131072, "head_dim": 64,
               "rope_scaling": {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                                "original_max_position_embeddings": 8192}},
    "partial, NeoX": {"model_type": "gpt_neox", "rotary_pct": 0.25, "rotary_emb_base": 10000, "hidden_size": 128},
    "partial, Phi-3": {"model_type": "phi3", "partial_rotary_factor": 0.5},
    "longrope": {"model_type": "phi3", "max_position_embeddings": 131072, "original_max_position_embeddings": 4096,
                 "rope_scaling": {"type": "longrope", **FACTORS}},
    "longrope with its own factors": {"model_type": "llama", "max_position_embeddings": 8192,
                                      "rope_parameters": {"rope_type": "longrope", "rope_theta": 10000.0, "factor": 4.0,
                                                          "original_max_position_embeddings": 2048,
                                                          "attention_factor": 1.5, **FACTORS}},
    "yarn": {"model_type": "qwen2", "rope_theta": 1000000.0, "max_position_embeddings": 32768, "hidden_size": 512,
             "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}},
    "yarn with all its options": {"model_type": "llama", "max_position_embeddings": 163840, "head_dim": 64,
                                  "rope_parameters": {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 40.0,
                                                      "original_max_position_embeddings": 4096, "beta_fast": 16,
                                                      "beta_slow": 2, "mscale": 1.0, "mscale_all_dim": 0.707,
                                                      "truncate": False}},
    "dynamic": {"model_type": "llama", "rope_theta": 10000.0, "max_position_embeddings": 4096, "head_dim": 128,
                "rope_scaling": {"rope_type": "dynamic", "factor": 2.0}},
}
GROWN_LENGTHS = [4096, 4097, 5000, 8191, 20000]


def make_conventions() -> None:
    """Ropes as transformers makes them of a config.json, and PEFT's default targets of Airlock's architectures."""
    ropes = []
    for name, own in ROPES.items():
        content = {**ROPE_SIZES, **own}
        config = AutoConfig.for_model(**content)
        rope_type = config.rope_parameters["rope_type"]
        rotary = AutoModelForCausalLM.from_config(config).base_model.rotary_emb
        long = None
        if rope_type == "longrope":
            beyond = config.rope_parameters["original_max_position_embeddings"]
            long = ROPE_INIT_FUNCTIONS[rope_type](config, None, seq_len=beyond + 1)[0].tolist()
        ropes.append({
            "name": name, "config": content, "inverse_frequencies": rotary.original_inv_freq.tolist(),
            "long_inverse_frequencies": long, "attention_factor": rotary.attention_scaling,
            "grown": [
                [length, ROPE_INIT_FUNCTIONS[rope_type](config, None, seq_len=torch.tensor(length))[0].tolist()]
                for length in (GROWN_LENGTHS if rope_type == "dynamic" else [])
            ],
        })
    known = ["llama", "mistral", "qwen2", "qwen3", "gemma2", "gemma3_text", "phi3", "gpt2", "gpt_neox", "smollm3", "olmo2"]
    defaults = {name: DEFAULT_TARGETS[name] for name in known if name in DEFAULT_TARGETS}
    trl_defaults = {
        field.name: field.default
        for config_class in (DPOConfig, SFTConfig, ModelConfig, ScriptArguments)
        for field in dataclasses.fields(config_class)
        if isinstance(field.default, (bool, int, float, str, type(None)))
    }
    content = {"ropes": ropes, "default_targets": defaults, "trl_defaults": trl_defaults}
    write_json(FIXTURES / "golden" / "conventions.json", content)


def main(wanted: list[str]) -> None:
    torch.set_num_threads(1)
    datasets.disable_progress_bars()
    datasets.disable_caching()
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("accelerate").setLevel(logging.ERROR)
    for name in wanted or ["conventions", *MODELS, *ARCHITECTURES]:
        if name == "conventions":
            make_conventions()
            continue
        if name in ARCHITECTURES:
            make_architecture(name, ARCHITECTURES[name])
            continue
        if name not in MODELS:
            raise SystemExit(f"There is no model called {name}; choose among {', '.join([*MODELS, *ARCHITECTURES])}.")
        if not MODELS[name].is_dir():
            print(f"{name}: skipped, {os.path.relpath(MODELS[name], ROOT)} is absent")
            continue
        make_model(name, MODELS[name])


if __name__ == "__main__":
    main(sys.argv[1:])
