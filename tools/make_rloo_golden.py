"""Write what TRL's RLOOTrainer computes, for Airlock's to be held against: `fixtures/golden/tiny-llama/rloo*/`.

Ten steps each, in the format of `dpo/` (tools/README.md), and `rollouts.jsonl`: every answer that the trainer drew, in
its order, with its prompt and reward. Airlock is given these answers, since no two programs draw alike; everything from
there on is held: log-probs, KL, advantages, loss, clipping, gradient norm, the adapter. A random model hardly ever ends
an answer, so some are ended by hand; one reward in seventeen is None, which TRL leaves out of the baselines.

Usage: python tools/make_rloo_golden.py
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import datasets
import make_golden as golden
import make_objective_golden as objectives
import torch
import trl
import yaml
from transformers import PrinterCallback
from trl import RLOOConfig, RLOOTrainer

MADE_BY = golden.MADE_BY.replace("make_golden.py", "make_rloo_golden.py")
OUT = objectives.OUT / "tiny-llama"

METRICS = [
    "step", "loss", "grad_norm", "learning_rate", "reward", "reward_std", "frac_reward_zero_std", "kl",
    "completions/mean_length", "completions/clipped_ratio", "completions/mean_terminated_length",
    "clip_ratio/low_mean", "clip_ratio/high_mean", "clip_ratio/region_mean", "num_tokens",
]

COMMON = {**golden.COMMON_RUN, "method": "rloo", "learning_rate": 1.0e-3}
RUNS = {
    "rloo": {"per_device_train_batch_size": 4, "gradient_accumulation_steps": 1, "max_completion_length": 9},
    # Rates at which ratios leave their range in the second and third step on the same answers.
    "rloo-iterations": {
        "per_device_train_batch_size": 4, "gradient_accumulation_steps": 2, "max_completion_length": 12,
        "num_generations": 4, "num_iterations": 3, "beta": 0.2, "epsilon": 0.1, "epsilon_high": 0.15,
        "learning_rate": 1.0e-3, "normalize_advantages": True, "max_grad_norm": 2.0,
    },
    "rloo-masked": {
        "per_device_train_batch_size": 6, "gradient_accumulation_steps": 1, "max_completion_length": 10,
        "num_generations": 3, "num_iterations": 2, "beta": 0.1, "reward_clip_range": [0.3, 0.7],
        "mask_truncated_completions": True, "max_grad_norm": 0.5,
    },
}


class Rollouts:
    """Keeps what the trainer draws, and rewards it: the share of even tokens, weighed by their places."""

    def __init__(self, eos: int):
        self.eos = eos
        self.rows: list[dict] = []
        self.generator = torch.Generator().manual_seed(3)

    def end_some(self, completion_ids: list[list[int]]) -> list[list[int]]:
        ended = []
        for ids in completion_ids:
            at = int(torch.randint(2, 2 * len(ids), (1,), generator=self.generator))
            ended.append([*ids[:at], self.eos] if at < len(ids) else ids)
        return ended

    def watch(self, trainer: RLOOTrainer) -> None:
        generate = trainer._generate_single_turn

        def watched(prompt_ids, images, fields):
            drawn = self.end_some(generate(prompt_ids, images, fields))
            self.rows += [
                {"prompt_ids": list(p), "completion_ids": c} for p, c in zip(prompt_ids, drawn, strict=True)
            ]
            return drawn

        trainer._generate_single_turn = watched

    def reward(self, completion_ids, **_) -> list[float | None]:
        rewards: list[float | None] = []
        for row, ids in zip(self.rows[-len(completion_ids):], completion_ids, strict=True):
            assert row["completion_ids"] == list(ids)
            weights = [1 / (1 + place) for place in range(len(ids))]
            share = sum(w for w, token in zip(weights, ids, strict=True) if token % 2 == 0) / sum(weights)
            row["reward"] = None if sum(ids) % 17 == 0 else round(share, 6)
            rewards.append(row["reward"])
        return rewards


def make_run(name: str, run: dict, rows: list[dict]) -> None:
    out = OUT / name
    shutil.rmtree(out, ignore_errors=True)
    keep = golden.KeepLogs()
    processing_class = objectives.tokenizer(bos=True)
    rollouts = Rollouts(processing_class.eos_token_id)
    settings = {key: value for key, value in run.items() if key != "max_length"}
    with tempfile.TemporaryDirectory() as scratch:
        trainer = RLOOTrainer(
            model=golden.load_with_adapter(objectives.MODEL, objectives.ADAPTER, trainable=True),
            reward_funcs=rollouts.reward,
            args=golden.trainer_args(RLOOConfig, {**settings, "shuffle_dataset": False}, scratch),
            train_dataset=datasets.Dataset.from_list([{"prompt": row["prompt"]} for row in rows]),
            processing_class=processing_class,
            callbacks=[keep],
        )
        trainer.remove_callback(PrinterCallback)
        rollouts.watch(trainer)
        trainer.train()
    golden.save_adapter(trainer.model, out, weights_only=True)
    header = f"# Made by {MADE_BY}\n# Start it with --init-adapter ../init-adapter\n"
    (out / "config.yaml").write_text(header + yaml.safe_dump(run, sort_keys=False), encoding="utf-8", newline="\n")
    golden.write_jsonl(out / "metrics.jsonl", [{key: row[key] for key in METRICS if key in row} for row in keep.rows])
    golden.write_jsonl(out / "rollouts.jsonl", rollouts.rows)
    for row in keep.rows:
        clipped = row["clip_ratio/region_mean"]
        print(f"   step {row['step']}: loss {row['loss']:.5f}, grad_norm {row['grad_norm']:.4f}, clipped {clipped:.2f}")


def main() -> None:
    torch.set_num_threads(1)
    datasets.disable_progress_bars()
    datasets.disable_caching()
    assert trl.__version__ == "1.13.0", "the goldens are TRL 1.13's"
    rows = golden.read_jsonl("pairs.jsonl")[: objectives.RUN_PAIRS]
    for name, run in RUNS.items():
        print(name)
        make_run(name, {**COMMON, **run}, rows)


if __name__ == "__main__":
    main()
