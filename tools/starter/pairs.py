"""Preference pairs: completions sampled from the base model, labelled by the judges; and SFT targets.

Of each prompt's samples the best and the worst by the judge make one pair, if they differ enough and
the best is good and sound (`labels.py`).
Training prompts use the training words, evaluation prompts the held-out ones.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import torch
from transformers import AutoTokenizer, LlamaForCausalLM, PreTrainedTokenizerFast

from . import judges
from .corpus import IM_END, World, chat_prompt, summary_prompt
from .labels import good, usable
from .pairs_file import row, write
from .sample import sample

SEEDS = {"train": 2_000_003, "eval": 3_000_017, "sft": 4_000_037}
SAMPLES, MAX_NEW_TOKENS = 6, 80
WANTED = {"train": 1200, "eval": 240}
SFT_ROWS = 1000
# The longer texts cooler: at 1 an error in every second summary would leave few good ones to prefer.
TEMPERATURES = {"sentiment": 1.0, "summarization": 0.7, "dialogue": 0.7}


def prefix(tokenizer: PreTrainedTokenizerFast, world: World) -> tuple[str, str]:
    """A review cut after 2 to 8 tokens at the end of a word: (prefix, rest)."""
    while True:
        review = world.reviews.review()
        tokens = tokenizer(review, add_special_tokens=False)["input_ids"]
        wanted = world.rng.randint(2, 8)
        head = tokenizer.decode(tokens[:wanted])
        if len(tokens) > wanted + 4 and review.startswith(head) and review[len(head)] == " " and " " in head:
            return head, review[len(head) :]


def prompt_of(task: str, tokenizer: PreTrainedTokenizerFast, world: World) -> tuple[str, str, str]:
    """(what the model reads, what the judge reads, a good completion of the grammar)."""
    match task:
        case "sentiment":
            head, rest = prefix(tokenizer, world)
            return head, head, rest
        case "summarization":
            facts = world.posts.draw()
            post = world.posts.post(facts)
            return summary_prompt(post), post, " " + world.posts.summary(facts, "faithful")
        case "dialogue":
            question, right, wrong = world.dialogues.question()
            return chat_prompt(question), question, world.dialogues.answer(right, wrong, "helpful")
    raise KeyError(task)


def make_split(
    task: str, split: str, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, wanted: int, log: Callable[[str], None]
) -> tuple[list[dict], dict]:
    """Pairs of one split, and how the base model's samples fared."""
    world = World(SEEDS[split] + judges.TASKS.index(task), held_out=split == "eval")
    rows: list[dict] = []
    seen: set[str] = set()
    count = ended = goods = 0
    total = 0.0
    verdicts: dict[str, int] = {}
    part = 0
    while len(rows) < wanted and part < 20:
        drawn = []
        while len(drawn) < 256:
            item = prompt_of(task, tokenizer, world)
            if item[0] not in seen:
                seen.add(item[0])
                drawn.append(item)
        sampled = sample(model, tokenizer, [d[0] for d in drawn], SAMPLES, MAX_NEW_TOKENS, TEMPERATURES[task], seed=SEEDS[split] + part)
        part += 1
        for (read, text, _), completions in zip(drawn, sampled):
            count += len(completions)
            usable = list(dict.fromkeys(c for c in completions if c))
            for c in completions:
                if c:
                    ended += 1
                    goods += good(task, text, c)
                    total += judges.score(task, text, c)
                    if task == "dialogue":
                        verdict = judges.answer(text, c).verdict
                        verdicts[verdict] = verdicts.get(verdict, 0) + 1
            ranked = sorted(usable, key=lambda c: judges.score(task, text, c))
            if len(ranked) < 2 or not usable(task, text, ranked[-1], ranked[0]):
                continue
            if len(rows) < wanted:
                rows.append(row(task, read, text, chosen=ranked[-1], rejected=ranked[0]))
        log(f"{task} {split}: {len(rows)} pairs from {count} samples, good {goods / max(1, ended):.3f}, mean score {total / max(1, ended):.3f}")
    statistics = {
        "pairs": len(rows), "prompts": len(seen), "samples": count, "temperature": TEMPERATURES[task], "ended": round(ended / count, 4),
        "good": round(goods / max(1, ended), 4), "mean_score": round(total / max(1, ended), 4),
    }
    if verdicts:
        statistics["verdicts"] = {k: round(v / ended, 4) for k, v in sorted(verdicts.items())}
    return rows, statistics


def sft_rows(task: str, tokenizer: PreTrainedTokenizerFast, count: int) -> list[dict]:
    """Targets by the grammar: reviews of either kind, faithful summaries, helpful answers."""
    world = World(SEEDS["sft"] + judges.TASKS.index(task), held_out=False)
    rows = []
    while len(rows) < count:
        read, text, target = prompt_of(task, tokenizer, world)
        if task == "sentiment" or good(task, text, target):
            rows.append(row(task, read, text, completion=target))
    return rows


def make(model_folder: Path, out: Path, log: Callable[[str], None] = print, wanted: dict[str, int] = WANTED) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    model = LlamaForCausalLM.from_pretrained(model_folder, dtype=torch.float32).eval()
    assert tokenizer.eos_token == IM_END
    statistics: dict[str, dict] = {}
    for task in judges.TASKS:
        statistics[task] = {}
        for split, count in wanted.items():
            rows, statistics[task][split] = make_split(task, split, model, tokenizer, count, log)
            write(out / task / f"{split}.jsonl", rows)
        write(out / task / "sft.jsonl", sft_rows(task, tokenizer, SFT_ROWS))
    return statistics


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--few", action="store_true", help="a few pairs only, to look at")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    few = {"train": 60, "eval": 60} if arguments.few else WANTED
    print(json.dumps(make(arguments.model, arguments.out, wanted=few), indent=2))
