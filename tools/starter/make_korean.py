"""Make the Korean task of `public/starter/` again: lexicon, model, pairs and cards.

Usage, in the repository root: python -m tools.starter.make_korean [--work FOLDER] [--threads 2] [--keep-model]
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch

from . import pretrain
from .contrast import review_pair
from .corpus import IM_END, Document
from .korean import TASK, KoreanReviews
from .labels import sound, usable
from .make import MODEL_FILES
from .pairs_file import PUBLIC, row, write

MODEL_FOLDER = "model-ko"
STEPS, ROWS, LEARNING_RATE = 2000, 8, 6e-3
SEED = 8_000_009
PAIRS = {"contrast": 900, "eval": 240}


CARD = """---
license: apache-2.0
language: ko
library_name: transformers
pipeline_tag: text-generation
tags: [airlock, starter, llama]
---

# Airlock starter base, Korean

A language model of {parameters:.2f} million parameters that knows one small world: Korean reviews of canteen meals and of
training courses, as often blame as praise. It ships with Airlock so that DPO can be seen at work in Korean, offline, on a
PC without a GPU. It is of no other use: it knows nothing of the real world.

`LlamaForCausalLM`: vocabulary 1536 (byte-level BPE), hidden 128, MLP 384, 4 layers, 4 query and 2 key/value heads of 32,
tied embeddings, context 512. Stored in float16. End of text: `<|im_end|>`; chat template: ChatML, never trained on.

The text was written by a seeded grammar (`tools/starter/korean.py`), by hand-written word lists and templates, with no
outside text: 44 % mostly positive, 44 % mostly negative, 12 % mixed. One in five combinations of dish and of course is
held out. {tokens:,} tokens, {steps} steps of {rows_per_step} rows of 256 tokens, Muon and AdamW, peak learning rate {lr},
{minutes:.0f} minutes on one CPU thread shared with other work. Perplexity per token: {new} on new documents, {held} on held-out
combinations.

Apache-2.0. `python -m tools.starter.make_korean` in the repository root makes it again.
"""


def documents(seed: int, held_out: bool = False, training: bool = False) -> Iterator[Document]:
    """An endless stream of reviews; what is trained on is what is asked."""
    del training
    reviews = KoreanReviews(random.Random(seed), held_out)
    while True:
        yield Document(TASK, "", reviews.review() + IM_END)


KOREAN = pretrain.Model(documents, vocabulary=1536, hidden=128, intermediate=384, layers=4, heads=4, copies=False)


def pairs(held_out: bool, count: int) -> list[dict]:
    """Praise and blame after the same opening; what is held out uses combinations that no training text has."""
    reviews = KoreanReviews(random.Random(SEED + held_out), held_out)
    rows: dict[str, dict] = {}
    while len(rows) < count:
        drawn = review_pair(reviews)
        if drawn is None:
            continue
        read, chosen, rejected = drawn
        if read not in rows and usable(TASK, read, chosen, rejected) and sound(TASK, read, rejected):
            rows[read] = row(TASK, read, read, chosen=chosen, rejected=rejected)
    return list(rows.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=None)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--keep-model", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    target = PUBLIC / MODEL_FOLDER
    if not arguments.keep_model:
        work = arguments.work or Path(tempfile.mkdtemp(prefix="airlock-starter-"))
        if not (work / "training.json").exists():
            pretrain.pretrain(work, KOREAN, STEPS, ROWS, LEARNING_RATE)
        target.mkdir(parents=True, exist_ok=True)
        for name in MODEL_FILES:
            shutil.copyfile(work / name, target / name)
    for name, count in PAIRS.items():
        write(PUBLIC / TASK / f"{name}.jsonl", pairs(name == "eval", count))
    training = json.loads((target / "training.json").read_text(encoding="utf-8"))
    card = CARD.format(**{**training, "parameters": training["parameters"] / 1e6}, minutes=training["seconds"] / 60,
                       new=training["perplexity_new_text"]["all"], held=training["perplexity_held_out_words"]["all"])
    (target / "README.md").write_text(card, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
