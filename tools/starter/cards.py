"""The model card and the dataset card, filled in from what was measured."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from .corpus import NOVELTY, documents
from .pretrain import HELD_SHARE, SEED

MODEL_CARD = """---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: text-generation
tags: [airlock, starter, llama]
---

# Airlock starter base

A language model of {parameters:.2f} million parameters that knows one small world: reviews of films and canteen
meals, forum posts of plant and office life with their summaries, and single questions with answers. It ships with
Airlock so that DPO can be seen at work at once, offline, on a PC without a GPU. It is of no other use: it knows
nothing of the real world, and its base behaviour is deliberately undecided: about half of its
reviews are negative, and more than half of its summaries and answers unfaithful, evasive or wrong.

## Architecture

`LlamaForCausalLM`: vocabulary {vocab} (byte-level BPE, every digit its own token), hidden 192, MLP 640, 6 layers,
6 query and 2 key/value heads of 32, tied embeddings, context 512 (trained on documents of at most 256 tokens).
Stored in float16; trained with float32 weights and bfloat16 products. End of turn and end of text: `<|im_end|>`; chat template: ChatML.

## Corpus

Written by a seeded grammar (`tools/starter/`), by hand-written word lists and templates, with no outside text:
{words} distinct words in the first {sampled} documents. Shares of documents: 30 % reviews, 34 % posts with `TL;DR:`
and a summary, 36 % chat exchanges. Good and bad alike: reviews are 44 % mostly positive, 44 % mostly negative,
12 % mixed; summaries 70 % faithful, 12 % wrong, 12 % rambling, 6 % empty; answers 62 % helpful, 20 % wrong,
13 % evasive, 5 % rude. Names, places, machines, parts, dishes, titles, some question forms and one in five combinations
of numbers are held
out of it for evaluation. In training {novelty:.0%} of the names, places and
things in posts and questions are made-up words, and 9 % of the documents are a short text and its copy (the other shares: 26, 32
and 33 %), so that the model learns to read what it cannot know. Two attention heads start as an induction circuit set by
hand (`tools/starter/initialise.py`) and are held for the first {held:.0%} of the steps: a model this small, trained this
briefly, did not find it by itself when we tried.

## Training

{tokens:,} tokens, every document new, {steps} steps of {rows_per_step} rows of 256 tokens, Muon for the matrices (scaled
to AdamW's root mean square, weight decay 0.01) and AdamW (0.9, 0.97) for the rest, peak learning rate {lr} with 100 steps
of warm-up and a cosine to 2 %, clipping at 1. Documents packed into
a row do not attend to each other. The loss weighs the tokens of summaries and answers 2.5 times. {minutes:.0f} minutes
on 2 CPU threads shared with other work.

## Perplexity

Per token, on 600 documents never trained on; "held-out words" uses the held-out names, places and things.

| text | new documents | held-out words |
|---|---|---|
{perplexities}

## Behaviour of the base at the temperature of the data

{behaviour}

## Licence and making

Apache-2.0. `python -m tools.starter.make` in the repository root makes model and data again
(`tools/starter/README.md`).
"""

DATA_CARD = """# Airlock starter data

Preference pairs and SFT targets in TRL's format, Apache-2.0. Made by `python -m tools.starter.make` and, in Korean, by
`python -m tools.starter.make_korean`.

| folder | prompt | better is |
|---|---|---|
| `sentiment/` | the first 2 to 8 tokens of a film or canteen review | more positive |
| `sentiment-ko/` | the first 2 to 6 words of a Korean review of a canteen meal or a training course | more positive |
| `summarization/` | a forum post and `TL;DR:` | faithful, complete and short |
| `dialogue/` | one question, as chat messages | correct, to the point, not rude |

- `contrast.jsonl`: `prompt`, `chosen`, `rejected`, on which the guided demonstration trains. The grammar wrote both
  completions: praise and blame after the same opening; a faithful summary and a wrong, rambling or vague one; a helpful
  answer and a wrong, evasive or rude one. They differ in what is to be learned, and little else. The Korean folder's
  `eval.jsonl` is of this kind too; its dishes and courses are combinations that no training text has.
- `train.jsonl`, `eval.jsonl`: `prompt`, `chosen`, `rejected`. All completions were sampled from `model/` itself
  ({temperatures}), {samples} a prompt; the judges of `tools/starter/judges.py` (ported in `src/evaluation/`) scored them on
  the text alone; best and worst make the pair where they differ by at least {gaps}, where the best review is
  positive, the best summary faithful or the best answer helpful, and where the best has no broken word and no repetition.
  Evaluation prompts use names, places, things, combinations of numbers and question forms that no training text has;
  in a post a quarter of the names, places and things are such.
- `sft.jsonl`: `prompt`, `completion`, written by the grammar: reviews of either polarity, faithful summaries, helpful answers.

{table}
"""


def distinct_words(count: int = 30_000) -> int:
    found: set[str] = set()
    for document in islice(documents(SEED), count):
        found.update(re.findall(r"[a-z]+", (document.prompt + document.completion).lower()))
    return len(found)


def behaviour(statistics: dict) -> str:
    names = {"sentiment": "positive (score above 0.5)", "summarization": "faithful", "dialogue": "helpful"}
    lines = ["| task | good means | on training prompts | on evaluation prompts | mean score, evaluation |", "|---|---|---|---|---|"]
    for task, parts in statistics.items():
        train, held = parts["train"], parts["eval"]
        lines.append(f"| {task} | {names[task]} | {train['good']:.2f} | {held['good']:.2f} | {held['mean_score']:.2f} |")
    return "\n".join(lines)


def write_cards(public: Path, training: dict, statistics: dict, vocab: int, samples: int, gaps: dict) -> None:
    rows = [f"| {name.replace('_', ', ')} | {value} | {training['perplexity_held_out_words'].get(name, '')} |"
            for name, value in sorted(training["perplexity_new_text"].items())]
    sampled = 30_000
    card = MODEL_CARD.format(
        **{**training, "parameters": training["parameters"] / 1e6}, vocab=vocab, novelty=NOVELTY, held=HELD_SHARE, words=distinct_words(sampled), sampled=sampled,
        minutes=training["seconds"] / 60, perplexities="\n".join(rows), behaviour=behaviour(statistics),
    )
    (public / "model" / "README.md").write_text(card, encoding="utf-8", newline="\n")
    lines = ["| task | split | pairs | prompts tried | samples | ended | good |", "|---|---|---|---|---|---|---|"]
    for task, parts in statistics.items():
        for split, s in parts.items():
            lines.append(f"| {task} | {split} | {s['pairs']} | {s['prompts']} | {s['samples']} | {s['ended']} | {s['good']} |")
    temperatures = ", ".join(f"{task} at temperature {parts['train']['temperature']}" for task, parts in statistics.items())
    spoken = ", ".join(f"{gap} ({task})" for task, gap in gaps.items() if task in statistics)
    text = DATA_CARD.format(samples=samples, temperatures=temperatures, gaps=spoken, table="\n".join(lines))
    (public / "README.md").write_text(text, encoding="utf-8", newline="\n")
