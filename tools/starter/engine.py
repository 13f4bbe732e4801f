"""A tiny template language: `[a|b|c]` picks one branch, `{name}` fills a slot.

Branches nest and may be empty; `[x|y]` picks evenly. Slots come from a mapping of name to
a string, a list (one is picked) or a function of the random generator. Nothing else is special.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Slot = str | Sequence[str] | Callable[[], str]

AN_EXCEPTIONS = re.compile(r"^(?:uni|use|one|eu)", re.IGNORECASE)
AN_SILENT = re.compile(r"^(?:hour|honest)", re.IGNORECASE)


def expand(template: str, slots: Mapping[str, Slot], rng: random.Random) -> str:
    """One random expansion of `template`."""
    text, end = _sequence(template, 0, slots, rng)
    if end != len(template):
        raise ValueError(f"unbalanced bracket in {template!r}")
    return text


def _sequence(template: str, at: int, slots: Mapping[str, Slot], rng: random.Random) -> tuple[str, int]:
    out: list[str] = []
    while at < len(template):
        char = template[at]
        if char == "[":
            piece, at = _choice(template, at + 1, slots, rng)
            out.append(piece)
        elif char in "|]":
            break
        elif char == "{":
            end = template.index("}", at)
            out.append(fill(slots[template[at + 1 : end]], rng))
            at = end + 1
        else:
            out.append(char)
            at += 1
    return "".join(out), at


def _choice(template: str, at: int, slots: Mapping[str, Slot], rng: random.Random) -> tuple[str, int]:
    # Every branch must be walked to find the end; only the picked one may draw random numbers.
    starts = [at]
    depth = 0
    while True:
        char = template[at]
        if char == "[":
            depth += 1
        elif char == "]":
            if depth == 0:
                break
            depth -= 1
        elif char == "|" and depth == 0:
            starts.append(at + 1)
        at += 1
    picked = rng.choice(starts)
    text, _ = _sequence(template, picked, slots, rng)
    return text, at + 1


def fill(slot: Slot, rng: random.Random) -> str:
    if isinstance(slot, str):
        return slot
    if callable(slot):
        return slot()
    return rng.choice(slot)


def tidy(text: str) -> str:
    """Single spaces, no space before punctuation, `a`/`an`, capitals at sentence starts."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;:!?])", r"\1", text)
    text = re.sub(r"\b([Aa])n? (?=(\w+))", _article, text)
    return re.sub(r"(^|[.!?] )([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)


def _article(match: re.Match[str]) -> str:
    word = match.group(2)
    vowel = (word[0] in "aeiouAEIOU" and not AN_EXCEPTIONS.match(word)) or AN_SILENT.match(word)
    return match.group(1) + ("n " if vowel else " ")


def plural(noun: str) -> str:
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return noun + "es"
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + "s"
