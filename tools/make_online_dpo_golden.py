"""Write what TRL's OnlineDPOTrainer computes, for Airlock's to be held against: `fixtures/golden/tiny-llama/online-dpo*/`.

Ten steps each, in the format of `rloo/` (make_rloo_golden.py): every answer that the trainer drew, the two to a prompt
side by side. Some are ended by hand, and rewards are coarse, so that there are ties. The trainer's own sums of KL and
entropy take in what stands in the place of padding, and its log rounds the loss to four digits: here both are left out,
which changes nothing of what is trained. And it adds the gradients of accumulated batches up, where the loss that it logs
is their mean: here the gradient is that of this loss.

Usage: python tools/make_online_dpo_golden.py
"""

from __future__ import annotations

import shutil
import tempfile

import datasets
import make_golden as golden
import make_objective_golden as objectives
import torch
import trl
import yaml
from transformers import PrinterCallback
from trl.experimental.online_dpo import OnlineDPOConfig, OnlineDPOTrainer, online_dpo_trainer
from trl.experimental.utils import truncate_right

MADE_BY = golden.MADE_BY.replace("make_golden.py", "make_online_dpo_golden.py")
OUT = objectives.OUT / "tiny-llama"

METRICS = [
    "step", "loss", "grad_norm", "learning_rate", "rewards/chosen", "rewards/rejected", "rewards/margins",
    "rewards/accuracies", "logps/chosen", "logps/rejected", "objective/kl", "objective/entropy", "objective/scores",
    "objective/scores_margin", "val/contain_eos_token",
]

COMMON = {**golden.COMMON_RUN, "method": "online_dpo", "learning_rate": 1.0e-3}
RUNS = {
    # Nine prompts by two: the last batch of an epoch has one.
    "online-dpo": {"gradient_accumulation_steps": 1, "max_new_tokens": 9, "max_grad_norm": 3.0},
    "online-dpo-ipo": {
        "per_device_train_batch_size": 1, "gradient_accumulation_steps": 3, "max_grad_norm": 250.0,
        "loss_type": "ipo", "beta": 0.2, "max_new_tokens": 12, "missing_eos_penalty": 0.4,
        "temperature": 0.7, "top_p": 0.95, "top_k": 50,
    },
}


class Rollouts:
    """Keeps what the trainer draws, and rewards it: the share of even tokens, weighed by their places, in tenths."""

    def __init__(self, trainer: OnlineDPOTrainer):
        self.rows: list[dict] = []
        self.last: list[dict] = []
        self.generator = torch.Generator().manual_seed(3)
        eos, pad = trainer._tokenizer.eos_token_id, trainer._tokenizer.pad_token_id
        generate, forward = trainer._generate, trainer._forward

        def watched(model, prompts, images=None):
            prompt_ids, prompt_mask, completion_ids, _ = generate(model, prompts, images)
            for row in completion_ids:
                at = int(torch.randint(2, 2 * len(row), (1,), generator=self.generator))
                if at < len(row):
                    row[at] = eos
            completion_ids, completion_mask = truncate_right(completion_ids, eos, pad)
            masked = zip(prompt_ids, prompt_mask, completion_ids, completion_mask, strict=True)
            self.last = [
                {"prompt_ids": p[m == 1].tolist(), "completion_ids": c[n == 1].tolist()} for p, m, c, n in masked
            ]
            half = len(prompts)
            self.rows += [row for i in range(half) for row in (self.last[i], self.last[half + i])]
            return prompt_ids, prompt_mask, completion_ids, completion_mask

        def without_padding(model, prompt_ids, prompt_mask, completion_ids, completion_mask, vision_inputs=None):
            logps = forward(model, prompt_ids, prompt_mask, completion_ids, completion_mask, vision_inputs)
            return logps * completion_mask

        trainer._generate, trainer._forward = watched, without_padding

    def reward(self, **_) -> list[float]:
        for row in self.last:
            ids = row["completion_ids"]
            weights = [1 / (1 + place) for place in range(len(ids))]
            share = sum(w for w, token in zip(weights, ids, strict=True) if token % 2 == 0) / sum(weights)
            row["reward"] = round(share, 1)
        return [row["reward"] for row in self.last]


def make_run(name: str, run: dict, rows: list[dict]) -> None:
    out = OUT / name
    shutil.rmtree(out, ignore_errors=True)
    keep = golden.KeepLogs()
    with tempfile.TemporaryDirectory() as scratch:
        trainer = OnlineDPOTrainer(
            model=golden.load_with_adapter(objectives.MODEL, objectives.ADAPTER, trainable=True),
            reward_funcs=lambda **_: rollouts.reward(),
            args=golden.trainer_args(OnlineDPOConfig, run, scratch),
            train_dataset=datasets.Dataset.from_list([{"prompt": row["prompt"]} for row in rows]),
            processing_class=objectives.tokenizer(bos=True),
            callbacks=[keep],
        )
        trainer.remove_callback(PrinterCallback)
        backward = trainer.accelerator.backward
        trainer.accelerator.backward = lambda loss: backward(loss / trainer.args.gradient_accumulation_steps)
        rollouts = Rollouts(trainer)
        trainer.train()
    golden.save_adapter(trainer.model, out, weights_only=True)
    header = f"# Made by {MADE_BY}\n# Start it with --init-adapter ../init-adapter\n"
    (out / "config.yaml").write_text(header + yaml.safe_dump(run, sort_keys=False), encoding="utf-8", newline="\n")
    golden.write_jsonl(out / "metrics.jsonl", [{key: row[key] for key in METRICS} for row in keep.rows])
    golden.write_jsonl(out / "rollouts.jsonl", rollouts.rows)
    pairs = list(zip(rollouts.rows[::2], rollouts.rows[1::2], strict=True))
    ties = sum(a["reward"] == b["reward"] for a, b in pairs)
    print(f"   {len(pairs)} pairs, {ties} of them ties")
    for row in keep.rows:
        print(f"   step {row['step']}: loss {row['loss']:.5f}, grad_norm {row['grad_norm']:.4f}")


def main() -> None:
    torch.set_num_threads(1)
    datasets.disable_progress_bars()
    datasets.disable_caching()
    assert trl.__version__ == "1.13.0", "the goldens are TRL 1.13's"
    online_dpo_trainer.round = lambda value, _: value
    rows = golden.read_jsonl("pairs.jsonl")[: objectives.RUN_PAIRS]
    for name, run in RUNS.items():
        print(name)
        make_run(name, {**COMMON, **run}, rows)


if __name__ == "__main__":
    main()
