"""Write what TRL's own trainers compute for each objective, for Airlock's objectives to be held against.

1. `fixtures/golden/objectives/losses.json`: for each loss and some options, the loss of one batch of fixtures' pairs
   and its derivative by each completion token's log-probability, by DPOTrainer, and by CPOTrainer (SimPO) and
   ORPOTrainer of trl.experimental. The trainers compute from logits: a hook on the model keeps those, and as the loss
   sees them through the targets' log-probs alone, d loss / d logp(y) = (d loss / d logit(y)) / (1 - p(y)). float64.
2. `fixtures/golden/tiny-llama/dpo-<name>/`: ten steps of those trainers in the format of `dpo/` (tools/README.md),
   float32, and `kto*/` and `reward*/` of KTOTrainer and RewardTrainer. Nine pairs: each epoch ends in a group of one
   micro-batch of one pair, where a mean over tokens shows.

The policy of (1) is init-adapter with B made larger and of other sign, the reference init-adapter, so that log-ratios
are some nats and of both signs. Run make_golden.py first: this reads its adapter and does not change its files.

Usage: python tools/make_objective_golden.py
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from pathlib import Path

import datasets
import make_golden as golden
import torch
import transformers
import trl
import yaml
from peft import LoraConfig, PeftModel, get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PrinterCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, RewardConfig, RewardTrainer
from trl.experimental.cpo import CPOConfig, CPOTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

MODEL = golden.MODELS["tiny-llama"]
OUT = golden.FIXTURES / "golden"
ADAPTER = OUT / "tiny-llama" / "init-adapter"
MADE_BY = golden.MADE_BY.replace("make_golden.py", "make_objective_golden.py")

# Short, with either completion the longer one.
PAIRS = [1, 19, 23]
# Enough for policy and reference to rank them differently, which the three above do not.
RANKED_PAIRS = [15, 16, 0, 3, 9, 10, 20, 23]
POLICY_SCALE = -6.0

MARGIN_LOSSES = ["sigmoid", "hinge", "ipo", "discopop", "sigmoid_norm"]
ABSOLUTE_LOSSES = ["apo_zero", "apo_down", "nca_pair", "bco_pair", "sppo_hard"]
RANKED_LOSSES = ["aot", "aot_unpaired"]
DIVERGENCES = [{"f_divergence_type": name} for name in ("forward_kl", "js_divergence", "alpha_divergence")] + [
    {"f_divergence_type": "alpha_divergence", "f_alpha_divergence_coef": 0.2}
]
DIVERGENT_LOSSES = [
    # Wider than the default, at which float32's last bits show.
    *({"loss_type": [name], "beta": 0.3, **({"discopop_tau": 0.5} if name == "discopop" else {})} for name in MARGIN_LOSSES),
    {"loss_type": ["robust"], "beta": 0.3, "label_smoothing": 0.2},
    {"loss_type": ["exo_pair"], "beta": 0.3, "label_smoothing": 0.1, "ld_alpha": 0.4},
    {"loss_type": ["sigmoid", "sft"], "beta": 0.3},
]
DPO_CASES = [
    *({"loss_type": [name], "beta": beta} for name in MARGIN_LOSSES + ABSOLUTE_LOSSES for beta in (0.1, 1.0)),
    *({"loss_type": [name], "beta": 0.3, "ld_alpha": 0.4} for name in MARGIN_LOSSES + ABSOLUTE_LOSSES),
    *({**loss, **divergence} for loss in DIVERGENT_LOSSES for divergence in DIVERGENCES),
    {"loss_type": ["sigmoid"], "beta": 0.3, "ld_alpha": 0.0},
    {"loss_type": ["discopop"], "beta": 0.5, "discopop_tau": 0.5},
    {"loss_type": ["robust"], "beta": 0.1, "label_smoothing": 0.0},
    {"loss_type": ["robust"], "beta": 0.5, "label_smoothing": 0.2},
    {"loss_type": ["robust"], "beta": 0.5, "label_smoothing": 0.2, "ld_alpha": 0.4},
    {"loss_type": ["exo_pair"], "beta": 0.1, "label_smoothing": 0.001},
    {"loss_type": ["exo_pair"], "beta": 1.0, "label_smoothing": 0.1, "ld_alpha": 0.4},
    {"loss_type": ["sft"], "beta": 0.1},
    {"loss_type": ["sigmoid", "sft"], "beta": 0.1},
    {"loss_type": ["ipo", "sft"], "beta": 0.2, "loss_weights": [0.5, 2.0], "ld_alpha": 0.4},
    {"loss_type": ["sigmoid", "bco_pair", "sft"], "beta": 0.1, "loss_weights": [0.8, 0.2, 1.0]},
]
RANKED_CASES = [
    *({"loss_type": [name], "beta": beta} for name in RANKED_LOSSES for beta in (0.1, 1.0)),
    *({"loss_type": [name], "beta": 0.3, "ld_alpha": 0.4, "label_smoothing": 0.2} for name in RANKED_LOSSES),
    {"loss_type": ["aot", "ipo"], "beta": 0.3, "loss_weights": [0.5, 2.0]},
]
# cpo_alpha is TRL's name for the weight of an NLL term; Airlock writes it as a list.
CPO_CASES = [
    {"loss_type": ["simpo"], "beta": 0.1, "simpo_gamma": 0.5},
    {"loss_type": ["simpo"], "beta": 2.0, "simpo_gamma": 1.4},
    {"loss_type": ["simpo"], "beta": 2.0, "simpo_gamma": 0.3, "label_smoothing": 0.1},
    {"loss_type": ["simpo", "sft"], "beta": 2.0, "simpo_gamma": 0.5, "loss_weights": [1.0, 0.7]},
]
ORPO_CASES = [{"loss_type": ["orpo"], "beta": beta} for beta in (0.1, 1.0)]

# Clipping is active in some of the ten steps and not in others.
CLIP = {"dpo-ipo": 42.0, "dpo-mpo": 7.0, "dpo-apo-zero": 2.2, "dpo-ld": 4.0, "dpo-simpo": 5.0, "dpo-aot": 2.0, "dpo-weighted": 0.06}
RUN_PAIRS = 9


# --- losses and slopes ------------------------------------------------------------------------


def policy_model(case: dict):
    """In float64; TRL's alpha divergence knows float32 and less."""
    model = golden.load_with_adapter(MODEL, ADAPTER, trainable=True)
    return model if case.get("f_divergence_type") == "alpha_divergence" else model.double()


def change_policy(model) -> None:
    """Only the adapter in training: DPOTrainer's copy named "ref" stays as it was."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B.default" in name:
                parameter.mul_(POLICY_SCALE)


def tokenizer(bos: bool):
    """DPOTrainer adds no BOS that the tokenizer does not; the experimental trainers add it unless there is none."""
    loaded = AutoTokenizer.from_pretrained(MODEL)
    if not bos:
        loaded.bos_token = None
    return loaded


def arguments(config_class, scratch: str, case: dict):
    return golden.trainer_args(config_class, {"max_length": 1024, **case}, scratch)


def build_trainer(kind: str, case: dict, rows: list[dict], scratch: str, bos: bool = False):
    if kind == "dpo":
        trainer_class, args = DPOTrainer, arguments(DPOConfig, scratch, case)
    elif kind == "cpo":
        weights = case.get("loss_weights", [1.0, 0.0])
        rest = {key: value for key, value in case.items() if key not in ("loss_type", "loss_weights")}
        trainer_class, args = CPOTrainer, arguments(CPOConfig, scratch, {**rest, "loss_type": "simpo", "cpo_alpha": weights[1]})
    else:
        trainer_class, args = ORPOTrainer, arguments(ORPOConfig, scratch, {"beta": case["beta"]})
    return trainer_class(
        model=policy_model(case), args=args, train_dataset=datasets.Dataset.from_list(rows), processing_class=tokenizer(bos),
    )


def masked_targets(kind: str, batch: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """Target ids and which of them are completion tokens, each (2 * pairs, T - 1): all chosen, then all rejected."""
    if kind == "dpo":
        return batch["input_ids"][:, 1:], batch["completion_mask"][:, 1:].bool()
    both = ORPOTrainer.concatenated_inputs(batch, padding_value=0)
    return both["concatenated_input_ids"][:, 1:], both["concatenated_labels"][:, 1:] != -100


def rounded(values: torch.Tensor) -> list[float]:
    return [float(f"{value:.9g}") for value in values.tolist()]


def by_pair(values: torch.Tensor, mask: torch.Tensor) -> list[dict]:
    sides = [rounded(row[keep]) for row, keep in zip(values, mask, strict=True)]
    half = len(sides) // 2
    return [{"chosen": c, "rejected": r} for c, r in zip(sides[:half], sides[half:], strict=True)]


def evaluate(kind: str, case: dict, rows: list[dict], bos: bool = False) -> tuple[dict, list[dict], list[dict]]:
    """The case's loss, slopes and mean rewards; the policy's and the reference's token log-probs."""
    with tempfile.TemporaryDirectory() as scratch:
        trainer = build_trainer(kind, case, rows, scratch, bos)
    model = trainer.model
    change_policy(model)
    batch = trainer.data_collator([trainer.train_dataset[i] for i in range(len(rows))])
    seen: list[torch.Tensor] = []

    def keep(_module, _inputs, outputs):
        if outputs.logits.requires_grad:
            outputs.logits.retain_grad()
        seen.append(outputs.logits)

    handle = model.register_forward_hook(keep)
    loss = trainer.compute_loss(model, batch)
    loss.backward()
    handle.remove()

    targets, mask = masked_targets(kind, batch)

    def at_targets(values: torch.Tensor) -> torch.Tensor:
        return values[:, :-1].gather(2, targets[..., None])[..., 0].double()

    logps = [at_targets(torch.log_softmax(logits.detach().double(), dim=-1)) for logits in seen]
    slopes = at_targets(seen[0].grad) / -torch.expm1(logps[0])
    metrics = trainer._metrics["train"] if kind == "dpo" else trainer._stored_metrics["train"]
    result = {
        "trainer": type(trainer).__name__,
        "options": case,
        "loss": loss.item(),
        "slopes": by_pair(slopes, mask),
        "rewards": {side: metrics[f"rewards/{side}"][-1] for side in ("chosen", "rejected")},
    }
    if kind == "orpo":
        result["nll"] = metrics["nll_loss"][-1]
    return result, by_pair(logps[0], mask), by_pair(logps[1], mask) if kind == "dpo" else []


def show(result: dict) -> None:
    print(f"   {result['trainer']} {result['options']}: loss {result['loss']:.6f}")


def is_same(logps: list[dict], others: list[dict]) -> bool:
    """Alike to float32."""
    pairs = [(a, b) for one, other in zip(logps, others, strict=True) for s in one for a, b in zip(one[s], other[s], strict=True)]
    return all(abs(a - b) < 1e-4 for a, b in pairs)


def make_losses(rows: list[dict], ranked_rows: list[dict]) -> None:
    cases, policy, reference = [], None, None
    for kind, case in [("dpo", case) for case in DPO_CASES] + [("cpo", case) for case in CPO_CASES]:
        result, logps, ref_logps = evaluate(kind, case, rows)
        if policy is None:
            policy, reference = logps, ref_logps
        assert is_same(logps, policy), "every case sees the same pairs"
        cases.append({"pairs": "pairs", **result})
        show(result)
    for case in ORPO_CASES:
        # ORPOTrainer's NLL is over the prompt too: whole on a prompt of BOS alone, less its NLL on the others.
        result, logps, _ = evaluate("orpo", case, rows)
        assert logps == policy
        del result["slopes"]
        result["loss_less_nll"] = result.pop("loss") - result.pop("nll")
        cases.append({"pairs": "pairs", **result})
        result, bos_logps, _ = evaluate("orpo", case, [{**row, "prompt": ""} for row in rows], bos=True)
        del result["nll"]
        cases.append({"pairs": "bos", **result})
        show(result)
    ranked = None
    for case in RANKED_CASES:
        result, logps, ref_logps = evaluate("dpo", case, ranked_rows)
        ranked = ranked or [{"policy": p, "reference": r} for p, r in zip(logps, ref_logps, strict=True)]
        cases.append({"pairs": "ranked", **result})
        show(result)
    by_difference = [
        sorted(range(len(ranked)), key=lambda i: sum(ranked[i][who]["chosen"]) - sum(ranked[i][who]["rejected"]))
        for who in ("policy", "reference")
    ]
    assert by_difference[0] != by_difference[1], "aot would be DPO"
    ratios = [sum(p[s]) - sum(r[s]) for p, r in zip(policy, reference, strict=True) for s in ("chosen", "rejected")]
    print("   log-ratios:", " ".join(f"{ratio:.2f}" for ratio in ratios))
    out = OUT / "objectives"
    out.mkdir(exist_ok=True)
    golden.MADE_BY = MADE_BY
    golden.write_json(out / "losses.json", {
        "indices": PAIRS,
        "ranked_indices": RANKED_PAIRS,
        "pairs": [{"policy": p, "reference": r} for p, r in zip(policy, reference, strict=True)],
        "bos": [{"policy": p} for p in bos_logps],
        "ranked": ranked,
        "cases": cases,
    })


# --- ten steps ----------------------------------------------------------------------------------


def run_trainer(trainer_class, settings: dict, run: dict, rows: list[dict], out: Path, names: list[str], bos: bool) -> None:
    """make_golden.run_trainer for trainers of other arguments than DPOTrainer's and SFTTrainer's: `settings` are those."""
    config_class = {CPOTrainer: CPOConfig, KTOTrainer: KTOConfig}[trainer_class]
    keep = golden.KeepLogs()
    with tempfile.TemporaryDirectory() as scratch:
        trainer = trainer_class(
            model=golden.load_with_adapter(MODEL, ADAPTER, trainable=True),
            args=golden.trainer_args(config_class, settings, scratch),
            train_dataset=datasets.Dataset.from_list(rows),
            processing_class=tokenizer(bos),
            callbacks=[keep],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    golden.save_adapter(trainer.model, out, weights_only=True)
    header = f"# Made by {MADE_BY}\n# Start it with --init-adapter ../init-adapter\n"
    (out / "config.yaml").write_text(header + yaml.safe_dump(run, sort_keys=False), encoding="utf-8", newline="\n")
    golden.write_jsonl(out / "metrics.jsonl", [{name: row[name] for name in names if name in row} for row in keep.rows])
    for row in keep.rows:
        print(f"   step {row['step']}: loss {row['loss']:.5f}, grad_norm {row['grad_norm']:.4f}")


def run_cpo(run: dict, rows: list[dict], out: Path) -> None:
    # CPOTrainer counts no tokens.
    names = [name for name in golden.DPO_METRICS if name != "num_tokens"]
    settings = {**run, "loss_type": "simpo", "cpo_alpha": 0.0}
    run_trainer(CPOTrainer, settings, run, rows, out, names, bos=False)


KTO_METRICS = [
    "step", "loss", "grad_norm", "learning_rate", "kl", "rewards/chosen", "rewards/rejected", "rewards/margins",
    "logps/chosen", "logps/rejected", "num_tokens",
]


def run_kto(run: dict, rows: list[dict], out: Path) -> None:
    """The trainer takes the pairs apart by itself, and keeps their order."""
    settings = {**run, "loss_type": run["loss_type"][0]}
    run_trainer(KTOTrainer, settings, run, rows, out, KTO_METRICS, bos=True)


def make_kto_runs(rows: list[dict]) -> None:
    common = {**golden.COMMON_RUN, "method": "kto", "learning_rate": 1.0e-3, "per_device_train_batch_size": 4, "beta": 0.1}
    runs = {
        "kto": {"loss_type": ["kto"], "max_grad_norm": 2.5},
        "kto-weighed": {"loss_type": ["kto"], "desirable_weight": 0.7, "undesirable_weight": 1.3, "max_grad_norm": 2.3},
        "kto-apo-zero": {"loss_type": ["apo_zero_unpaired"], "max_grad_norm": 2.5},
    }
    for name, run in runs.items():
        print(name)
        out = OUT / "tiny-llama" / name
        shutil.rmtree(out, ignore_errors=True)
        run_kto({**common, **run}, rows, out)
        golden.write_jsonl(out / "pairs.jsonl", rows)
    # TRL logs a divergence of 0 where none is estimated.
    drop_metrics(OUT / "tiny-llama" / "kto-apo-zero" / "metrics.jsonl", "kl")


REWARD_METRICS = [
    "step", "loss", "grad_norm", "learning_rate", "accuracy", "margin", "min_reward", "mean_reward", "max_reward",
    "num_tokens",
]


def load_scorer():
    """The base with a head of one output, as RewardTrainer loads it; the head comes with the adapter."""
    return AutoModelForSequenceClassification.from_pretrained(
        MODEL, num_labels=1, dtype=torch.float32, attn_implementation="eager"
    )


def make_reward_start(out: Path) -> None:
    """init-adapter's matrices with a score head beside them, as PEFT saves both."""
    config = LoraConfig.from_pretrained(ADAPTER)
    config.task_type, config.modules_to_save, config.inference_mode = "SEQ_CLS", ["score"], False
    model = get_peft_model(load_scorer(), config)
    head = torch.randn((1, model.config.hidden_size), generator=torch.Generator().manual_seed(7)) * 0.2
    weights = {**load_file(ADAPTER / "adapter_model.safetensors"), "base_model.model.score.weight": head}
    set_peft_model_state_dict(model, weights)
    golden.save_adapter(model, out)


def run_reward(run: dict, rows: list[dict], out: Path) -> None:
    keep = golden.KeepLogs()
    options = {key: value for key, value in run.items() if key != "score_margins"}
    margins = [{"margin": row["chosen_score"] - row["rejected_score"]} if run.get("score_margins") else {} for row in rows]
    texts = [{key: row[key] for key in ("prompt", "chosen", "rejected", "margin") if key in row} for row in rows]
    with tempfile.TemporaryDirectory() as scratch:
        trainer = RewardTrainer(
            model=PeftModel.from_pretrained(load_scorer(), out / "init-adapter", is_trainable=True),
            args=golden.trainer_args(RewardConfig, options, scratch),
            train_dataset=datasets.Dataset.from_list([{**row, **margin} for row, margin in zip(texts, margins, strict=True)]),
            processing_class=AutoTokenizer.from_pretrained(MODEL),
            callbacks=[keep],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    golden.save_adapter(trainer.model, out, weights_only=True)
    header = f"# Made by {MADE_BY}\n# Start it with --init-adapter init-adapter\n"
    (out / "config.yaml").write_text(header + yaml.safe_dump(run, sort_keys=False), encoding="utf-8", newline="\n")
    golden.write_jsonl(out / "metrics.jsonl", [{name: row[name] for name in REWARD_METRICS} for row in keep.rows])
    for row in keep.rows:
        print(f"   step {row['step']}: loss {row['loss']:.5f}, grad_norm {row['grad_norm']:.4f}, margin {row['margin']:.4f}")


def make_reward_runs(rows: list[dict]) -> None:
    common = {**golden.COMMON_RUN, "method": "reward", "learning_rate": 1.0e-3, "per_device_train_batch_size": 2}
    runs = {
        "reward": {"max_grad_norm": 3.2},
        "reward-centred": {"center_rewards_coefficient": 0.1, "score_margins": True, "max_grad_norm": 10.0},
        "reward-margin": {"max_grad_norm": 3.5},
    }
    for name, run in runs.items():
        print(name)
        out = OUT / "tiny-llama" / name
        shutil.rmtree(out, ignore_errors=True)
        make_reward_start(out / "init-adapter")
        scores = [{"chosen_score": 1 + i % 3 / 2, "rejected_score": i % 2 / 2} for i in range(len(rows))]
        if name == "reward-margin":
            scores = [{"margin": (i % 4 - 1) / 2} for i in range(len(rows))]
        scored = rows if name == "reward" else [{**row, **score} for row, score in zip(rows, scores, strict=True)]
        run_reward({**common, **run}, scored, out)
        golden.write_jsonl(out / "pairs.jsonl", scored)


def drop_metrics(path: Path, start: str) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    golden.write_jsonl(path, [{key: value for key, value in line.items() if not key.startswith(start)} for line in lines])


def drop_logps(path: Path) -> None:
    """For losses whose TRL trainer logs other than sums under `logps/*`: means (SimPO), or sums weighed by ld_alpha."""
    drop_metrics(path, "logps/")


def own_rows(rows: list[dict]) -> list[dict]:
    """The rows with answers that the model gives itself: others it finds so unlikely that WPO's weights are 1e-5."""
    torch.manual_seed(11)
    model, coder = golden.load_with_adapter(MODEL, ADAPTER).eval(), tokenizer(bos=True)
    own = []
    for row in rows:
        ids = coder(row["prompt"], return_tensors="pt")
        answers = []
        while len(answers) < 2:
            drawn = model.generate(**ids, do_sample=True, top_k=0, max_new_tokens=6, pad_token_id=0)
            text = coder.decode(drawn[0, ids.input_ids.shape[1] :])
            if coder(row["prompt"] + text).input_ids == drawn[0].tolist() and text not in answers:
                answers.append(text)
        own.append({"prompt": row["prompt"], "chosen": answers[0], "rejected": answers[1]})
    return own


def make_runs(first_rows: list[dict], ranked_rows: list[dict]) -> None:
    common = {"method": "dpo", "learning_rate": 1.0e-3, **golden.COMMON_RUN}
    runs = {
        "dpo-ipo": {"loss_type": "ipo", "beta": 0.1},
        "dpo-mpo": {"loss_type": ["sigmoid", "bco_pair", "sft"], "loss_weights": [0.8, 0.2, 1.0], "beta": 0.1},
        "dpo-apo-zero": {"loss_type": "apo_zero", "beta": 0.1},
        "dpo-ld": {"loss_type": ["sigmoid"], "ld_alpha": 0.5, "beta": 0.1},
        "dpo-aot": {"loss_type": "aot", "beta": 0.1},
        "dpo-weighted": {"loss_type": ["sigmoid"], "use_weighting": True, "ld_alpha": 0.5, "beta": 0.1},
        "dpo-simpo": {"loss_type": "simpo", "simpo_gamma": 0.5, "beta": 2.0},
    }
    rows_of = {"dpo-aot": ranked_rows, "dpo-weighted": own_rows(first_rows)}
    golden.MADE_BY = MADE_BY
    for name, run in runs.items():
        print(name)
        out = OUT / "tiny-llama" / name
        shutil.rmtree(out, ignore_errors=True)
        run = {**common, **run, "max_grad_norm": CLIP[name]}
        rows = rows_of.get(name, first_rows)
        if name == "dpo-simpo":
            run_cpo(run, rows, out)
        else:
            golden.run_trainer(MODEL, ADAPTER, run, rows, out)
        if name in ("dpo-ld", "dpo-simpo", "dpo-weighted"):
            drop_logps(out / "metrics.jsonl")
        if name == "dpo-weighted":
            golden.write_jsonl(out / "tokens.jsonl", golden.trl_tokenise(MODEL, ADAPTER, rows, 1024))
        else:
            golden.write_jsonl(out / "pairs.jsonl", rows)


def main() -> None:
    torch.set_num_threads(1)
    datasets.disable_progress_bars()
    datasets.disable_caching()
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("accelerate").setLevel(logging.ERROR)
    assert trl.__version__ == "1.13.0", "the goldens are TRL 1.13's"
    rows = golden.read_jsonl("pairs.jsonl")
    make_losses([rows[i] for i in PAIRS], [rows[i] for i in RANKED_PAIRS])
    make_kto_runs(rows[:RUN_PAIRS])
    make_reward_runs(rows[:RUN_PAIRS])
    make_runs(rows[:RUN_PAIRS], [rows[i] for i in RANKED_PAIRS])


if __name__ == "__main__":
    main()
