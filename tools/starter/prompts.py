"""Prompts of a starter's task for experiments: many for training, and others for choosing settings and for the end.

Usage, in the repository root: python -m tools.starter.prompts TASK --out FOLDER [--train 4000] [--held-out 256]

Writes `train.jsonl` (training words), `dev.jsonl` and `test.jsonl` (held-out words), one {"prompt": ...} a line. No
prompt is in two of them, nor in a file that the starter ships. Settings are chosen on dev; test is looked at once.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from transformers import AutoTokenizer

from . import judges
from .corpus import World
from .pairs import prompt_of
from .pairs_file import PUBLIC, row, write

SEEDS = {"train": 5_000_011, "dev": 6_000_011, "test": 7_000_003}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=judges.TASKS)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--train", type=int, default=4000)
    parser.add_argument("--held-out", type=int, default=256)
    arguments = parser.parse_args()
    task = arguments.task
    tokenizer = AutoTokenizer.from_pretrained(PUBLIC / "model")
    shipped = (PUBLIC / task).glob("*.jsonl")
    seen = {json.dumps(json.loads(line)["prompt"]) for path in shipped for line in path.read_text(encoding="utf-8").splitlines()}
    # The held-out ones first: there are fewer words to make them of.
    for split, wanted in (("test", arguments.held_out), ("dev", arguments.held_out), ("train", arguments.train)):
        world = World(SEEDS[split] + judges.TASKS.index(task), held_out=split != "train")
        rows: list[dict] = []
        while len(rows) < wanted:
            read, text, _ = prompt_of(task, tokenizer, world)
            prompt = row(task, read, text)["prompt"]
            key = json.dumps(prompt)
            if key not in seen:
                seen.add(key)
                rows.append({"prompt": prompt})
        write(arguments.out / f"{split}.jsonl", rows)


if __name__ == "__main__":
    main()
