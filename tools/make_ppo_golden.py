"""Write what TRL's PPOTrainer computes, for Airlock's to be held against: `fixtures/golden/tiny-llama/ppo*/`.

TRL 1.13 has no PPO any more, so this is of 1.12.0, in an environment of its own (or in front of the other one:
`pip install --no-deps --target DIR trl==1.12.0`, then `PYTHONPATH=DIR python tools/make_ppo_golden.py`).

Six steps each. `rollouts.jsonl` has every answer in the trainer's order, with its prompt and its score;
`episodes.jsonl` the last step's token by token, with the advantages and returns that TRL made of them;
`metrics.jsonl` what it logged, with the mean gradient norm over a step's updates, which
it does not log; `value_head.safetensors` the head as training left it. Airlock is given the answers, since no two
programs draw alike; everything from there on is held. A random model hardly ever ends an answer, so some are ended by
hand. The value model is a head on the policy's own final hidden state, through which no gradient flows: TRL's trainer
takes any model in this place. Prompts and mini-batches come in the file's order.

Usage: python tools/make_ppo_golden.py
"""

from __future__ import annotations

import json
import math
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import datasets
import make_golden as golden
import make_objective_golden as objectives
import torch
import trl
import yaml
from torch import nn
from torch.utils.data import DataLoader
from transformers import PrinterCallback, TrainerCallback
from trl.experimental.ppo import PPOConfig, PPOTrainer, ppo_trainer

MADE_BY = golden.MADE_BY.replace("make_golden.py", "make_ppo_golden.py")
OUT = objectives.OUT / "tiny-llama"

METRICS = [
    "objective/kl", "objective/entropy", "objective/non_score_reward", "objective/rlhf_reward", "objective/scores",
    "policy/approxkl_avg", "policy/clipfrac_avg", "loss/policy_avg", "loss/value_avg", "val/clipfrac_avg", "val/ratio",
]

# TRL's trainer clips no gradient, whatever max_grad_norm says. A bias would not decay there.
COMMON = {
    **golden.COMMON_RUN, "method": "ppo", "max_steps": 6, "warmup_steps": 1, "weight_decay": 0.0, "max_grad_norm": 0.0,
    "per_device_train_batch_size": 4, "gradient_accumulation_steps": 1, "max_completion_length": 9,
    "learning_rate": 2.0e-3,
}
RUNS = {
    "ppo": {"num_ppo_epochs": 2},
    # Ranges that many tokens and values leave.
    "ppo-minibatches": {
        "per_device_train_batch_size": 6, "num_ppo_epochs": 3, "num_mini_batches": 2, "kl_coef": 0.2,
        "kl_estimator": "k3", "cliprange": 0.05, "cliprange_value": 0.01, "gamma": 0.95, "lam": 0.8,
        "missing_eos_penalty": 1.0, "learning_rate": 3.0e-3,
    },
    "ppo-whitened": {
        "gradient_accumulation_steps": 2, "num_ppo_epochs": 2, "whiten_rewards": True, "vf_coef": 0.7,
        "max_completion_length": 12,
    },
}


class ValueModel(nn.Module):
    """v = w h + b on the policy's final hidden state h. The policy is no part of it, so that it is trained once."""

    base_model_prefix = "backbone"

    def __init__(self, policy, width: int):
        super().__init__()
        self.policy = [policy]
        self.score = nn.Linear(width, 1)
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def backbone(self, **inputs):
        with torch.no_grad():
            output = self.policy[0](**{**inputs, "output_hidden_states": True})
        return SimpleNamespace(hidden_states=output.hidden_states)


class Answers:
    """Keeps what the trainer draws, and scores it: the share of even tokens, weighed by their places."""

    def __init__(self, eos: int, pad: int):
        self.eos, self.pad = eos, pad
        self.rows: list[dict] = []
        self.episodes: list[dict] = []
        self.generator = torch.Generator().manual_seed(5)

    def end_some(self, responses: torch.Tensor) -> torch.Tensor:
        ended = responses.clone()
        for row in ended:
            row[(row == self.eos) | (row == self.pad)] = 7
            at = int(torch.randint(2, 2 * len(row), (1,), generator=self.generator))
            if at < len(row):
                row[at], row[at + 1:] = self.eos, self.pad
        return ended

    def generation(self, original):
        def generate(model, queries, size, pad_token_id, config):
            drawn, _ = original(model, queries, size, pad_token_id, config)
            context = queries.shape[1]
            answers = self.end_some(drawn[:, context:])
            # As wide as generation would have left it: the longest answer.
            answers = answers[:, : int((answers != self.pad).sum(1).max())]
            whole = torch.cat((queries, answers), dim=1)
            logits = ppo_trainer.forward(model, whole, pad_token_id).logits[:, context - 1 : -1]
            for query, answer in zip(queries, answers, strict=True):
                ids = answer[answer != self.pad].tolist()
                self.rows.append({"prompt_ids": query[query != self.pad].tolist(), "completion_ids": ids})
                weights = [1 / (1 + place) for place in range(len(ids))]
                share = sum(w for w, token in zip(weights, ids, strict=True) if token % 2 == 0) / sum(weights)
                self.rows[-1]["reward"] = round(share, 6)
            return whole, logits.detach()

        return generate

    def rewards(self, original, reward_model):
        def get_reward(model, query_responses, pad_token_id, context_length):
            if model is not reward_model:
                return original(model, query_responses, pad_token_id, context_length)
            return None, torch.tensor([row["reward"] for row in self.rows[-len(query_responses):]]), None

        return get_reward

    def whitening(self, original):
        def whiten(values, mask, shift_mean=True):
            whitened = original(values, mask, shift_mean)
            if shift_mean:  # the advantages, in the middle of the trainer's loop, whose names these are
                loop = sys._getframe(1).f_locals
                states = ~loop["padding_mask_p1"]
                self.episodes = [
                    {
                        "logps": loop["logprobs"][i][mask[i]].tolist(),
                        "references": loop["ref_logprobs"][i][mask[i]].tolist(),
                        "values": loop["values"][i][states[i]].tolist(),
                        "reward": row["reward"],
                        "isEnded": row["completion_ids"][-1] == self.eos,
                        "advantages": whitened[i][mask[i]].tolist(),
                        "returns": loop["returns"][i][states[i]].tolist(),
                    }
                    for i, row in enumerate(self.rows[-len(values):])
                ]
            return whitened

        return whiten


class KeepMetrics(TrainerCallback):
    def __init__(self):
        self.rows: list[dict] = []
        self.norms: list[float] = []

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "objective/kl" not in logs:
            return
        norm = sum(self.norms) / len(self.norms)
        step = len(self.rows) + 1
        self.rows.append({"step": step, "grad_norm": norm, "learning_rate": logs["lr"], **{k: logs[k] for k in METRICS}})
        self.norms.clear()

    def watch(self, trainer: PPOTrainer) -> None:
        step = trainer.optimizer.step

        def watched(*args, **kwargs):
            if trainer.accelerator.sync_gradients:
                squares = [p.grad.square().sum().item() for p in trainer.model.parameters() if p.grad is not None]
                self.norms.append(math.sqrt(sum(squares)))
            return step(*args, **kwargs)

        trainer.optimizer.step = watched


def make_run(name: str, run: dict, prompts: list[list[int]], processing_class) -> None:
    out = OUT / name
    shutil.rmtree(out, ignore_errors=True)
    keep = KeepMetrics()
    answers = Answers(processing_class.eos_token_id, processing_class.pad_token_id)
    policy = golden.load_with_adapter(objectives.MODEL, objectives.ADAPTER, trainable=True)
    value_model = ValueModel(policy, policy.config.hidden_size)
    reward_model = nn.Linear(1, 1)
    batch = run["per_device_train_batch_size"] * run["gradient_accumulation_steps"]
    settings = {k: v for k, v in run.items() if k not in ("max_length", "max_steps", "max_completion_length")}
    settings |= {
        "response_length": run["max_completion_length"], "total_episodes": run["max_steps"] * batch,
        "temperature": 1.0, "stop_token": "eos", "num_sample_generations": 0,
    }
    with tempfile.TemporaryDirectory() as scratch:
        trainer = PPOTrainer(
            args=golden.trainer_args(PPOConfig, settings, scratch),
            processing_class=processing_class,
            model=policy,
            ref_model=golden.load_with_adapter(objectives.MODEL, objectives.ADAPTER),
            reward_model=reward_model,
            value_model=value_model,
            train_dataset=datasets.Dataset.from_list([{"input_ids": ids} for ids in prompts]),
            eval_dataset=datasets.Dataset.from_list([{"input_ids": ids} for ids in prompts]),
            callbacks=[keep],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.dataloader = DataLoader(
            trainer.train_dataset, batch_size=batch, shuffle=False, collate_fn=trainer.data_collator, drop_last=True
        )
        keep.watch(trainer)
        with (
            mock.patch.object(ppo_trainer, "batch_generation", answers.generation(ppo_trainer.batch_generation)),
            mock.patch.object(ppo_trainer, "get_reward", answers.rewards(ppo_trainer.get_reward, reward_model)),
            mock.patch.object(ppo_trainer, "masked_whiten", answers.whitening(ppo_trainer.masked_whiten)),
            mock.patch.object(ppo_trainer.np.random, "permutation", lambda count: ppo_trainer.np.arange(count)),
        ):
            trainer.train()
    golden.save_adapter(policy, out, weights_only=True)
    golden.write_safetensors(
        out / "value_head.safetensors",
        {name: value.detach() for name, value in value_model.score.named_parameters()},
    )
    header = f"# Made by {MADE_BY}\n# Start it with --init-adapter ../init-adapter\n"
    (out / "config.yaml").write_text(header + yaml.safe_dump(run, sort_keys=False), encoding="utf-8", newline="\n")
    golden.write_jsonl(out / "metrics.jsonl", keep.rows)
    golden.write_jsonl(out / "rollouts.jsonl", answers.rows)
    golden.write_jsonl(out / "episodes.jsonl", answers.episodes)
    for row in keep.rows:
        print("   " + ", ".join(f"{key} {value:.4g}" for key, value in row.items()))


def main() -> None:
    torch.set_num_threads(1)
    datasets.disable_progress_bars()
    datasets.disable_caching()
    assert trl.__version__ == "1.12.0", "the goldens are TRL 1.12's"
    processing_class = objectives.tokenizer(bos=True)
    processing_class.padding_side = "left"
    tokens = json.loads((OUT / "tokens.json").read_text(encoding="utf-8"))["pairs"]
    prompts = [row["prompt_ids"] for row in tokens[: objectives.RUN_PAIRS]]
    for name, run in RUNS.items():
        print(name)
        make_run(name, {**COMMON, **run}, prompts, processing_class)


if __name__ == "__main__":
    main()
