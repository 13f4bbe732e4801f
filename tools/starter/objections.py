"""Why an answer that claims the right thing is wrong all the same: it says something false, or answers another question.

Ported in `src/evaluation/objections.ts`. Each rule takes the question, its solution and the answer and says whether it
objects; `objection` gives the name of the first that does. They read words, as `judges.py` does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .phrases import CLOCK, NAME, NUMBER, PUNCTUATION, SENTENCE_ENDS, Phrases, lexicon, repeats, tokens


@dataclass(frozen=True)
class Case:
    question: list[str]
    sequence: list[str]
    """The answer's tokens."""
    text: str
    """The answer."""
    solution: Any


@lru_cache
def _phrases(key: str) -> Phrases:
    return Phrases({surface: surface for surface in lexicon("dialogue")[key]})


@lru_cache
def _cues() -> Phrases:
    return Phrases({cue: about for about, cues in lexicon("dialogue")["cues"].items() for cue in cues})


@lru_cache
def _units() -> dict[str, str]:
    return {s: unit for unit, row in lexicon("dialogue")["units"].items() for s in row["surfaces"]}


@lru_cache
def _known_words() -> frozenset[str]:
    return frozenset(lexicon("words")["dialogue"])


def _values(key: str, sequence: list[str]) -> set:
    return set(_phrases(key).values_in(sequence))


def _without_answer(phrases: Phrases, answer: str, sequence: list[str]) -> list[tuple[int, int, object]]:
    """Matches that are no part of the right answer: "boots" of "rubber boots"."""
    key = " ".join(tokens(answer))
    return [m for m in Phrases({**phrases.values, key: ""}).matches(sequence) if m[2] != ""]


def _repeats(case: Case) -> bool:
    return repeats(case.sequence)


def _strange_name(case: Case) -> bool:
    """A name that neither the question nor the grammar has: "After Emith comes Brenda." """
    known = set(case.question) | _known_words()
    return any(name.lower() not in known for name in NAME.findall(case.text))


def _other_subject(case: Case) -> bool:
    """A thing, event or topic that the question does not name, after "the", "for" or the like: "Switch it off" names none."""
    asked = _values("subjects", case.question)
    leads = lexicon("dialogue")["subjectLeads"]
    found = _without_answer(_phrases("subjects"), case.solution.answer, case.sequence)
    return any(value not in asked and start > 0 and case.sequence[start - 1] in leads for start, _, value in found)


def _other_aspect(case: Case) -> bool:
    """ "It opens at 14:00" where the end is asked for, "It ends at 8:00" where the opening is."""
    if case.solution.kind not in ("clock", "key"):
        return False
    asked = set(_cues().values_in(case.question))
    found = _without_answer(_cues(), case.solution.answer, case.sequence)
    return any(value != case.solution.about and value not in asked for _, _, value in found)


def _start_for_end(case: Case) -> bool:
    """The right clock time, said to be the start."""
    if case.solution.about != "span":
        return False
    for at, token in enumerate(case.sequence):
        if not CLOCK.match(token) or token != case.solution.answer:
            continue
        for back in range(at - 1, -1, -1):
            word = case.sequence[back]
            if word in SENTENCE_ENDS or word in lexicon("dialogue")["endCues"]:
                break
            if word in lexicon("dialogue")["startCues"]:
                return True
    return False


def _other_order(case: Case) -> bool:
    """Before for after, or beside another name or day than the one asked about: "Jean comes after Jean." """
    if case.solution.about not in ("rota", "days"):
        return False
    lex = lexicon("dialogue")
    backwards = bool(_values("beforeWords", case.question))
    beside = {case.solution.asked, *case.solution.given, *lex["pronouns"]}
    for at, token in enumerate(case.sequence):
        if token not in lex["beforeWords"] and token not in lex["afterWords"]:
            continue
        following = case.sequence[at + 1] if at + 1 < len(case.sequence) else "."
        if (token in lex["beforeWords"]) != backwards:
            return True
        if following not in PUNCTUATION and following not in beside:
            return True
    return False


def _other_count(case: Case) -> bool:
    """Another number of days than the question's."""
    counts = lexicon("dialogue")["dayNumbers"]
    said = [str(counts[a]) for a, b in zip(case.sequence, case.sequence[1:]) if a in counts and b in ("day", "days")]
    return case.solution.about == "days" and any(count != case.solution.asked for count in said)


def _other_fact(case: Case) -> bool:
    """Of a lookup: another person or thing beside the right one, or another deed."""
    solution = case.solution
    if solution.about != "lookup":
        return False
    beside = _values("objects" if solution.kind == "name" else "names", case.sequence)
    if any(value != solution.asked for value in beside):
        return True
    person = solution.answer if solution.kind == "name" else solution.asked
    deeds = _values("deeds", case.question)
    for start, _, deed in _phrases("deeds").matches(case.sequence):
        before = case.sequence[start - 1] if start > 0 else "."
        if deed not in deeds or not (before == person or before in PUNCTUATION or before in lexicon("dialogue")["pronouns"]):
            return True
    return False


def _false_comparison(case: Case) -> bool:
    """ "No, 5 is above 15.", or numbers that the question does not have."""
    if case.solution.kind != "yesno":
        return False
    numbers = [(at, token) for at, token in enumerate(case.sequence) if NUMBER.match(token)]
    if any(token not in case.solution.given for _, token in numbers):
        return True
    for (at, first), (to, second) in zip(numbers, numbers[1:]):
        between = case.sequence[at + 1 : to]
        if any(token in SENTENCE_ENDS for token in between):
            continue
        if _values("aboveWords", between) and not float(first) > float(second):
            return True
        if _values("belowWords", between) and not float(first) <= float(second):
            return True
    return False


def _other_unit(case: Case) -> bool:
    """The right number in another unit than the one asked for."""
    if case.solution.about != "conversion":
        return False
    units = _units()
    return any(
        a == case.solution.answer and b in units and units[b] != case.solution.asked
        for a, b in zip(case.sequence, case.sequence[1:])
    )


RULES: dict[str, Callable[[Case], bool]] = {
    "repeats": _repeats,
    "strange name": _strange_name,
    "other subject": _other_subject,
    "other aspect": _other_aspect,
    "start for end": _start_for_end,
    "other order": _other_order,
    "other count": _other_count,
    "other fact": _other_fact,
    "false comparison": _false_comparison,
    "other unit": _other_unit,
}


def objection(question: str, solution: Any, text: str) -> str | None:
    """The first rule that objects to an answer whose claim is right; None where none does."""
    case = Case(tokens(question), tokens(text), text, solution)
    return next((name for name, objects in RULES.items() if objects(case)), None)
