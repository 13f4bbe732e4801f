"""Make all of `public/starter/` again: lexicons, model, pairs, SFT targets and cards.

Usage, in the repository root: python -m tools.starter.make [--work FOLDER] [--threads 2] [--keep-model]

`--work` keeps the training's state, so that a stopped run goes on; `--keep-model` makes the data from the model
that is there already.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import torch

from . import cases, contrast, export, labels, pairs, pretrain
from .cards import write_cards
from .pairs_file import PUBLIC

STEPS, ROWS, LEARNING_RATE = 5000, 8, 6e-3
MODEL_FILES = ("config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "training.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep-model", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    export.export()
    cases.write()
    target = PUBLIC / "model"
    if not arguments.keep_model:
        work = arguments.work or Path(tempfile.mkdtemp(prefix="airlock-starter-"))
        if not (work / "training.json").exists():
            pretrain.pretrain(work, pretrain.ENGLISH, STEPS, ROWS, LEARNING_RATE)
        target.mkdir(parents=True, exist_ok=True)
        for name in MODEL_FILES:
            shutil.copyfile(work / name, target / name)
    training = json.loads((target / "training.json").read_text(encoding="utf-8"))
    contrast.make()
    statistics = pairs.make(target, PUBLIC)
    vocab = json.loads((target / "config.json").read_text(encoding="utf-8"))["vocab_size"]
    write_cards(PUBLIC, training, statistics, vocab, pairs.SAMPLES, labels.LEAST_GAP)
    (PUBLIC / "statistics.json").write_text(json.dumps(statistics, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
