"""Write what the judges need to know to `lexicon/{sentiment,sentiment-ko,summarization,dialogue,words}.json`."""

from __future__ import annotations

import json
import random
from pathlib import Path

from . import dialogue, korean, posts, sentiment

LEXICON = Path(__file__).resolve().parent / "lexicon"
WORDS_SEED = 6_000_011
DOCUMENTS = 15_000


def words() -> dict[str, list[str]]:
    """All words that each task's grammar writes, held-out ones among them, as a large sample of its documents has them."""
    # Both read the lexicons, which must be written first.
    from .corpus import END_OF_TEXT, IM_END, IM_START, SHARES, World
    from .phrases import tokens

    known: dict[str, set[str]] = {task: set() for task in (*SHARES, korean.TASK)}
    for held_out in (False, True):
        reviews = korean.KoreanReviews(random.Random(WORDS_SEED), held_out)
        for _ in range(DOCUMENTS):
            known[korean.TASK].update(t for t in tokens(reviews.review()) if t[0].isalpha())
    for task, found in known.items():
        if task == korean.TASK:
            continue
        for held_out in (False, True):
            world = World(WORDS_SEED, held_out)
            for _ in range(DOCUMENTS):
                document = world.document(task)
                text = f"{document.prompt} {document.completion}"
                for special in (END_OF_TEXT, IM_END, IM_START + "user", IM_START + "assistant"):
                    text = text.replace(special, " ")
                found.update(t for t in tokens(text) if t[0].isalpha())
    return {task: sorted(found) for task, found in known.items()}


def write(name: str, value: object) -> None:
    (LEXICON / f"{name}.json").write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def export() -> None:
    LEXICON.mkdir(exist_ok=True)
    for name, module in {"sentiment": sentiment, "summarization": posts, "dialogue": dialogue, korean.TASK: korean}.items():
        write(name, module.lexicon())
    write("words", words())


if __name__ == "__main__":
    export()
