"""Text as the judges read it: tokens, the phrases of a lexicon among them, and repetition.

Ported in `src/evaluation/phrases.ts`:

- `tokens(text)`: lower-case, typographic apostrophe to ', then every match of `TOKEN`:
  a word `[a-z]+` with at most one inner apostrophe, a Korean word `[가-힣]+`, a number `\\d+` with at most one `:dd`/`.dd`
  part, or one of `. , ; : ! ?`. All other characters only separate.
- `Phrases.matches(tokens)`: from left to right, at each token the longest surface (a token
  sequence) that starts there; matched tokens are not matched again.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

LEXICON = Path(__file__).resolve().parent / "lexicon"
TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[가-힣]+|[0-9]+(?:[:.][0-9]+)?|[.,;:!?]")
NUMBER = re.compile(r"^[0-9]+(?:\.[0-9]+)?$")
CLOCK = re.compile(r"^[0-9]{1,2}:[0-9]{2}$")
PUNCTUATION = frozenset(".,;:!?")
SENTENCE_ENDS = frozenset(".!?")
NAME = re.compile(r"(?<=[a-z0-9,;:] )[A-Z][a-z]+")
"""A word with a capital inside a sentence."""


def tokens(text: str) -> list[str]:
    return TOKEN.findall(text.lower().replace("\u2019", "'"))


def word_count(text: str) -> int:
    return sum(token not in PUNCTUATION for token in tokens(text))


class Phrases:
    """A phrase matcher: surfaces (strings of tokens joined by single spaces) to what they stand for."""

    def __init__(self, surfaces: dict[str, object]) -> None:
        self.values = surfaces
        self.longest = max((len(s.split(" ")) for s in surfaces), default=0)

    def matches(self, sequence: list[str]) -> list[tuple[int, int, object]]:
        """(start, end, value) of each match."""
        found = []
        at = 0
        while at < len(sequence):
            for length in range(min(self.longest, len(sequence) - at), 0, -1):
                surface = " ".join(sequence[at : at + length])
                if surface in self.values:
                    found.append((at, at + length, self.values[surface]))
                    at += length
                    break
            else:
                at += 1
        return found

    def values_in(self, sequence: list[str]) -> list[object]:
        return [value for _, _, value in self.matches(sequence)]


@lru_cache
def lexicon(name: str) -> dict:
    return json.loads((LEXICON / f"{name}.json").read_text(encoding="utf-8"))


LONGEST_REPEATED = 8
LEAST_WORDS = 12


def repeats(sequence: list[str]) -> bool:
    """Whether a text goes round in circles; marks do not count.

    A phrase of one or two words three times in a row, one of three to eight words twice in a row, or
    of twelve words or more fewer than half different.
    """
    words = [t for t in sequence if t not in PUNCTUATION]
    for length in range(1, LONGEST_REPEATED + 1):
        times = 3 if length <= 2 else 2
        for at in range(len(words) - times * length + 1):
            phrase = words[at : at + length]
            if all(words[at + k * length : at + (k + 1) * length] == phrase for k in range(1, times)):
                return True
    return len(words) >= LEAST_WORDS and 2 * len(set(words)) < len(words)
