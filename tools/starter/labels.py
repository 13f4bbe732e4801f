"""What makes two completions a pair: the best is good and sound, and the worst far enough below it."""

from __future__ import annotations

from . import judges
from .phrases import repeats, tokens

LEAST_GAP = {"sentiment": 0.2, "sentiment-ko": 0.2, "summarization": 0.25, "dialogue": 0.25}


def good(task: str, text: str, completion: str) -> bool:
    """Positive, faithful, or helpful."""
    match task:
        case "sentiment" | "sentiment-ko":
            return judges.sentiment(text + completion, task) > 0.5
        case "summarization":
            return judges.summary(text, completion).faithful
        case "dialogue":
            return judges.answer(text, completion).helpful
    raise KeyError(task)


def sound(task: str, text: str, completion: str) -> bool:
    """Whether it reads as text: no broken word, no repetition, not empty."""
    sequence = tokens(completion)
    return bool(sequence) and not repeats(sequence) and not judges.broken_words(task, text, completion)


def usable(task: str, text: str, chosen: str, rejected: str) -> bool:
    """Whether two completions of a prompt may be shipped as a pair."""
    if "<|" in chosen + rejected:
        return False
    gap = judges.score(task, text, chosen) - judges.score(task, text, rejected)
    return gap >= LEAST_GAP[task] and good(task, text, chosen) and sound(task, text, chosen)
