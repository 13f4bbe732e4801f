"""Pairs for the guided demonstration, which the grammar writes: the two answers differ in what is to be learned, and
little else.

A review is praise or blame after the same opening; a summary is faithful or one of the corpus' bad kinds; an answer is
helpful, or wrong, evasive or rude. Pairs that were sampled from the model (`pairs.py`) differ in all that two samples
differ in, and a run of three minutes learns that too. Needs nothing beyond Python: python -m tools.starter.contrast
"""

from __future__ import annotations

from . import judges
from .corpus import World, summary_prompt
from .korean import KoreanReviews
from .labels import sound, usable
from .pairs_file import PUBLIC, row, write
from .sentiment import Reviews

SEED = 7_000_003
PAIRS = 900
WRONG_SUMMARIES = (["wrong", "rambling", "vague"], [0.5, 0.35, 0.15])
WRONG_ANSWERS = (["wrong", "evasive", "rude"], [0.6, 0.25, 0.15])
LEAST_WORDS, MOST_WORDS = 2, 6


def review_pair(reviews: Reviews | KoreanReviews) -> tuple[str, str, str] | None:
    """(opening cut at a word, praise, blame) that go on after it; None where they do not."""
    opening, praise, blame = reviews.opposites()
    words = opening.split(" ")
    count = reviews.rng.randint(LEAST_WORDS, MOST_WORDS)
    head = " ".join(words[:count])
    if len(words) <= count or not (praise.startswith(head + " ") and blame.startswith(head + " ")):
        return None
    return head, praise[len(head) :], blame[len(head) :]


def pair(task: str, world: World) -> tuple[str, str, str, str] | None:
    """(what the model reads, what the judge reads, chosen, rejected); None where the draw gives none."""
    rng = world.rng
    match task:
        case "sentiment":
            drawn = review_pair(world.reviews)
            return drawn and (drawn[0], *drawn)
        case "summarization":
            facts = world.posts.draw()
            post = world.posts.post(facts)
            chosen = " " + world.posts.summary(facts, "faithful")
            return summary_prompt(post), post, chosen, " " + world.posts.summary(facts, rng.choices(*WRONG_SUMMARIES)[0])
        case "dialogue":
            question, right, wrong = world.dialogues.question()
            chosen = world.dialogues.answer(right, wrong, "helpful")
            return question, question, chosen, world.dialogues.answer(right, wrong, rng.choices(*WRONG_ANSWERS)[0])
    raise KeyError(task)


def make() -> None:
    for index, task in enumerate(judges.TASKS):
        world = World(SEED + index, held_out=False)
        rows: dict[str, dict] = {}
        while len(rows) < PAIRS:
            drawn = pair(task, world)
            if drawn is None:
                continue
            read, text, chosen, rejected = drawn
            if read not in rows and usable(task, text, chosen, rejected) and sound(task, text, rejected):
                rows[read] = row(task, read, text, chosen=chosen, rejected=rejected)
        write(PUBLIC / task / "contrast.jsonl", list(rows.values()))
        print(f"{task}: {len(rows)} pairs")


if __name__ == "__main__":
    make()
