"""The ground truth of the three tasks, computed from text and the exported lexicons alone.

The TypeScript judges in `src/evaluation/` are ports of these functions: keep them small, pure and
without anything that JavaScript lacks. How text is read is in `phrases.py`; why an answer that has the
right word in it may be wrong all the same in `objections.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from .objections import objection
from .phrases import CLOCK, LEXICON, NAME, NUMBER, PUNCTUATION, Phrases, lexicon, repeats, tokens, word_count

__all__ = ["LEXICON", "tokens", "word_count"]

TASKS = ("sentiment", "summarization", "dialogue")
REVIEWS = ("sentiment", "sentiment-ko")
"""The tasks whose completion goes on with its prompt and is scored by the opinions in it; each has a lexicon of its own."""


# --- sentiment


@lru_cache
def _polarities(task: str) -> Phrases:
    lex = lexicon(task)
    return Phrases({**{p: 1 for p in lex["positive"]}, **{n: -1 for n in lex["negative"]}})


def sentiment(text: str, task: str = "sentiment") -> float:
    """Sentiment of a whole review (prompt and completion together), 0 to 1; 0.5 where none is found.

    Each match of the lexicon weighs 1; times `boost` or `dampen` if the word right before it is a
    booster or dampener; its sign flips if an odd number of negators stands within the
    `negationWindow` words before it, not counting that modifier, and not across punctuation.
    With P and N the summed weights of both signs: 1 / (1 + exp(-gain (P - N) / sqrt(max(1, P + N)))).
    """
    lex = lexicon(task)
    sequence = tokens(text)
    positive = negative = 0.0
    for start, _, sign in _polarities(task).matches(sequence):
        weight = 1.0
        at = start - 1
        if at >= 0 and sequence[at] in lex["boosters"]:
            weight, at = lex["boost"], at - 1
        elif at >= 0 and sequence[at] in lex["dampeners"]:
            weight, at = lex["dampen"], at - 1
        negators = 0
        for back in range(at, max(-1, at - lex["negationWindow"]), -1):
            if sequence[back] in PUNCTUATION:
                break
            negators += sequence[back] in lex["negators"]
        if (sign > 0) == (negators % 2 == 0):
            positive += weight
        else:
            negative += weight
    return 1 / (1 + math.exp(-lex["gain"] * (positive - negative) / math.sqrt(max(1.0, positive + negative))))


# --- summarisation


@lru_cache
def _fact_surfaces() -> Phrases:
    return Phrases({
        surface: (kind, value)
        for kind, table in lexicon("summarization")["types"].items()
        for value, surfaces in table.items()
        for surface in surfaces
    })


@lru_cache
def _units() -> dict[str, str]:
    return {surface: unit for unit, surfaces in lexicon("summarization")["units"].items() for surface in surfaces}


def facts(text: str) -> list[tuple[str, str]]:
    """The (type, value) facts that a text states, without repetition, in order of first mention.

    Lexicon surfaces; a number right after an equipment or place: ("number", "pump 4"); a clock time:
    ("clock", "6:40"); a number before a unit: ("quantity", "40 minute").
    """
    sequence = tokens(text)
    found: dict[tuple[str, str], None] = {}
    for _, end, (kind, value) in _fact_surfaces().matches(sequence):
        found[(kind, value)] = None
        if kind in lexicon("summarization")["numbered"] and end < len(sequence) and NUMBER.match(sequence[end]):
            found[("number", f"{value} {sequence[end]}")] = None
    for i, token in enumerate(sequence):
        if CLOCK.match(token):
            found[("clock", token)] = None
        elif NUMBER.match(token) and i + 1 < len(sequence) and sequence[i + 1] in _units():
            found[("quantity", f"{token} {_units()[sequence[i + 1]]}")] = None
    return list(found)


def strangers(post: str, text: str) -> list[tuple[str, str]]:
    """Words with a capital inside a sentence that neither the post nor the lexicon has: names made up."""
    known = set(tokens(post))
    surfaces = _fact_surfaces().values
    found = dict.fromkeys(word.lower() for word in NAME.findall(text))
    return [("name", word) for word in found if word not in known and word not in surfaces]


@dataclass(frozen=True)
class SummaryVerdict:
    stated: list[tuple[str, str]]
    """Facts of the post that the summary states."""
    invented: list[tuple[str, str]]
    """Facts of the summary that the post does not have."""
    chatter: int
    words: int
    quality: float
    faithful: bool
    """Nothing invented, subject and happening stated, no chatter, short."""


SUBJECTS = ("equipment", "event", "item")
HAPPENINGS = ("problem", "part", "change", "delivery")


def summary(post: str, text: str) -> SummaryVerdict:
    """Judge one summary of a post.

    quality = coverage - penaltyPerInvention * invented - penaltyPerChatter * chatter
    - penaltyPerWord * words above the limit, where coverage = min(1, stated weight / (`coverage` * the
    post's weight)). Chatter counts whether or not the post has it.
    """
    lex = lexicon("summarization")
    weights, limits = lex["weights"], lex["limits"]
    of_post = set(facts(post))
    own = facts(text)
    chatter = sum(kind == "chatter" for kind, _ in own)
    stated = [f for f in own if f in of_post and f[0] != "chatter"]
    invented = [f for f in own if f not in of_post and f[0] != "chatter"] + strangers(post, text)
    words = word_count(text)
    whole = sum(weights.get(kind, 0) for kind, _ in of_post)
    coverage = min(1.0, sum(weights.get(kind, 0) for kind, _ in stated) / (limits["coverage"] * whole)) if whole else 0.0
    quality = (
        coverage
        - limits["penaltyPerInvention"] * len(invented)
        - limits["penaltyPerChatter"] * chatter
        - limits["penaltyPerWord"] * max(0, words - limits["words"])
    )
    kinds = {kind for kind, _ in stated}
    faithful = (
        not repeats(tokens(text)) and not invented and chatter == 0 and words <= limits["words"]
        and any(s in kinds for s in SUBJECTS) and any(h in kinds for h in HAPPENINGS)
    )
    return SummaryVerdict(stated, invented, chatter, words, quality, faithful)


# --- dialogue


@dataclass(frozen=True)
class Solution:
    kind: str
    """number, clock, day, name, object, yesno or key."""
    answer: str
    others: tuple[str, ...] = ()
    """For name and object: the other candidates; for key: the other keys of the group."""
    given: tuple[str, ...] = ()
    """Numbers, clocks and days that the question itself states, which an answer may repeat."""
    about: str = ""
    """The rule that solved it: span, days, limit, conversion, product, lookup, rota; or the knowledge base's group."""
    asked: str = ""
    """The name or object whose partner is asked for; of a conversion the unit that is asked for; of days their count."""


@lru_cache
def _set_of(key: str) -> Phrases:
    return Phrases({surface: surface for surface in lexicon("dialogue")[key]})


@lru_cache
def _dialogue_units() -> dict[str, str]:
    return {s: unit for unit, row in lexicon("dialogue")["units"].items() for s in row["surfaces"]}


@lru_cache
def _topics() -> Phrases:
    return Phrases({row["topic"]: i for i, row in enumerate(lexicon("dialogue")["knowledge"])})


def has(key: str, sequence: list[str]) -> bool:
    return bool(_set_of(key).matches(sequence))


def clock_of(minutes: int) -> str:
    minutes %= 1440
    return f"{minutes // 60}:{minutes % 60:02d}"


def minutes_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def number_text(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def solve(question: str) -> Solution | None:
    """The answer of a question, from its text; None where no rule applies. The rules in order:

    1. names >= 2: *lookup* if the question also names objects, else *rota*.
    2. a clock, a span word and a number of hours or minutes: clock + span.
    3. a weekday and a day number before "day(s)": that many days after, or before.
    4. two numbers of one unit and a limit word: yes if the reading <= the limit.
    5. one number with its unit and another unit of the same dimension: conversion.
    6. two numbers and an each-word: their product.
    7. a topic of the knowledge base: its key.
    """
    lex = lexicon("dialogue")
    sequence = tokens(question)
    names = _set_of("names").matches(sequence)
    if len({v for _, _, v in names}) >= 2:
        return _who(sequence, names)
    numbers = tuple(t for t in sequence if NUMBER.match(t))
    clocks = [t for t in sequence if CLOCK.match(t)]
    units = [(i, _dialogue_units()[t]) for i, t in enumerate(sequence) if t in _dialogue_units()]
    with_number = [(sequence[i - 1], unit, i - 1) for i, unit in units if i > 0 and NUMBER.match(sequence[i - 1])]
    if len(clocks) == 1 and with_number and has("spanWords", sequence):
        n, unit, _ = with_number[0]
        if lex["units"][unit]["dimension"] == "time":
            end = minutes_of(clocks[0]) + float(n) * lex["units"][unit]["factor"]
            return Solution("clock", clock_of(int(end)), given=(clocks[0],), about="span")
    days = [t for t in sequence if t in lex["weekdays"]]
    counted = [lex["dayNumbers"][a] for a, b in zip(sequence, sequence[1:]) if a in lex["dayNumbers"] and b in ("day", "days")]
    if len(days) == 1 and len(counted) == 1:
        back = has("beforeWords", sequence)
        to = (lex["weekdays"].index(days[0]) + (-counted[0] if back else counted[0])) % 7
        return Solution("day", lex["weekdays"][to], given=(days[0],), about="days", asked=str(counted[0]))
    if len(with_number) == 2 and with_number[0][1] == with_number[1][1] and has("limitWords", sequence):
        after = _set_of("limitWords").matches(sequence)[0][1]
        later = [n for n, _, i in with_number if i >= after]
        # The first number after the limit word is the limit, the other one the reading.
        limit = later[0] if later else with_number[-1][0]
        reading = with_number[1][0] if limit == with_number[0][0] else with_number[0][0]
        return Solution("yesno", "yes" if float(reading) <= float(limit) else "no", given=numbers, about="limit")
    if len(with_number) == 1 and len(numbers) == 1:
        n, unit, _ = with_number[0]
        for _, other in units:
            a, b = lex["units"][unit], lex["units"][other]
            if other != unit and a["dimension"] == b["dimension"]:
                return Solution("number", number_text(float(n) * a["factor"] / b["factor"]), given=numbers, about="conversion", asked=other)
    if len(numbers) == 2 and has("eachWords", sequence):
        return Solution("number", number_text(float(numbers[0]) * float(numbers[1])), given=numbers, about="product")
    topics = _topics().values_in(sequence)
    if topics:
        row = lex["knowledge"][topics[0]]
        others = tuple(r["key"] for r in lex["knowledge"] if r["group"] == row["group"] and r["key"] != row["key"])
        return Solution("key", row["key"], others, about=row["group"])
    return None


def _who(sequence: list[str], names: list) -> Solution | None:
    """Lookup or rota. The asked one is the last name or object; the k-th name goes with the k-th object."""
    objects = _set_of("objects").matches(sequence)
    if not objects:
        order = [v for _, _, v in names]
        asked, listing = order[-1], order[:-1]
        if asked not in listing:
            return None
        step = -1 if has("beforeWords", sequence) else 1
        to = listing.index(asked) + step
        if to < 0 or to >= len(listing):
            return None
        others = tuple(n for n in listing if n != listing[to] and n != asked)
        return Solution("name", listing[to], others, about="rota", asked=asked)
    asks_name = objects[-1][0] > names[-1][0]
    people = [v for _, _, v in names]
    things = [v for _, _, v in objects]
    if asks_name:
        asked, things = things[-1], things[:-1]
    else:
        asked, people = people[-1], people[:-1]
    if len(people) != len(things):
        return None
    keys, values = (things, people) if asks_name else (people, things)
    if asked not in keys:
        return None
    answer = values[keys.index(asked)]
    others = tuple(v for v in values if v != answer)
    return Solution("name" if asks_name else "object", answer, others, about="lookup", asked=asked)


@dataclass(frozen=True)
class AnswerVerdict:
    verdict: str
    """correct, wrong (a claim, and not the right one) or evasive (no claim)."""
    relevance: float
    """1 with a claim of the asked kind, else the share of the answer's longer words that the question has (at most 0.5)."""
    tone: int
    """1 polite, -1 rude, 0 neither; rude wins."""
    words: int
    score: float
    helpful: bool
    """Correct and not rude."""


def claims(solution: Solution, sequence: list[str]) -> list[str]:
    """What an answer claims, of the kind that was asked.

    No claim is what has "not" among the three tokens before it, with neither punctuation nor "but" between.
    """

    def negated(start: int) -> bool:
        for at in range(start - 1, max(-1, start - 4), -1):
            if sequence[at] == "not":
                return True
            if sequence[at] in PUNCTUATION or sequence[at] == "but":
                return False
        return False

    def unless_negated(found: list[tuple[int, int, object]]) -> list[str]:
        return [str(v) for start, _, v in found if not negated(start)]

    match solution.kind:
        case "number":
            every = [t for t in sequence if NUMBER.match(t)]
        case "clock":
            every = [t for t in sequence if CLOCK.match(t)]
        case "day":
            every = unless_negated([(i, i + 1, t) for i, t in enumerate(sequence) if t in lexicon("dialogue")["weekdays"]])
        case "yesno":
            lex = lexicon("dialogue")
            # "No idea" is no "no": the evasive phrases are matched along, and dropped.
            both = Phrases({**{s: "yes" for s in lex["yes"]}, **{s: "no" for s in lex["no"]}, **{s: "" for s in lex["evasive"]}})
            return [c for c in unless_negated(both.matches(sequence)) if c]
        case _:
            surfaces = {" ".join(tokens(s)): " ".join(tokens(s)) for s in (solution.answer, *solution.others)}
            return unless_negated(Phrases(surfaces).matches(sequence))
    # What the question gave may be repeated; it is a claim only where nothing else is said.
    new = [t for t in every if t not in solution.given or t == solution.answer]
    return new or every


def answer(question: str, text: str) -> AnswerVerdict:
    """Judge one answer: correct iff it makes a claim, every claim is the expected answer, and nothing speaks against it.

    What speaks against it is in `objections.py`. score = correct, or evasive where it is said that the answer is not
    known, else 0; of a correct answer + polite or rude; - penaltyPerWord * words above the limit; never below 0.
    """
    lex = lexicon("dialogue")
    sequence = tokens(text)
    solution = solve(question)
    claimed = claims(solution, sequence) if solution else []
    expected = " ".join(tokens(solution.answer)) if solution else ""
    if not claimed:
        verdict = "evasive"
    elif all(c == expected for c in claimed) and objection(question, solution, text) is None:
        verdict = "correct"
    else:
        verdict = "wrong"
    asked = set(tokens(question))
    longer = {t for t in sequence if len(t) >= 5}
    relevance = 1.0 if claimed else min(0.5, len(longer & asked) / len(longer)) if longer else 0.0
    tone = -1 if has("rude", sequence) else 1 if has("polite", sequence) else 0
    scores = lex["scores"]
    words = word_count(text)
    if verdict == "correct":
        reached = scores["correct"] + (scores["rude"] if tone < 0 else scores["polite"] if tone > 0 else 0)
    else:
        reached = scores["evasive"] if verdict == "evasive" and has("evasive", sequence) else 0
    score = max(0, reached - scores["penaltyPerWord"] * max(0, words - scores["words"]))
    return AnswerVerdict(verdict, relevance, tone, words, score, verdict == "correct" and tone >= 0)


# --- all tasks


def broken_words(task: str, prompt: str, text: str) -> list[str]:
    """Words that neither the task's grammar nor the prompt has, each once: of no language, or of another subject.

    A review goes on where its prompt ends, perhaps within a word: both are read together.
    """
    known = _words(task) | set(tokens(prompt))
    written = prompt + text if task in REVIEWS else text
    return list(dict.fromkeys(t for t in tokens(written) if t[0].isalpha() and t not in known))


@lru_cache
def _words(task: str) -> frozenset[str]:
    return frozenset(lexicon("words")[task])


PENALTY_PER_BROKEN_WORD = 0.2


def score(task: str, prompt: str, text: str) -> float:
    """An answer as one number from 0 to 1, as the demonstration shows it and the pairs are labelled.

    The task's own judge, held at 0 and 1, less a penalty for each broken word; 0 for a text that is empty or repeats.
    """
    sequence = tokens(text)
    if not sequence or repeats(sequence):
        return 0.0
    match task:
        case "sentiment" | "sentiment-ko":
            judged = sentiment(prompt + text, task)
        case "summarization":
            judged = summary(prompt, text).quality
        case "dialogue":
            judged = answer(prompt, text).score
        case _:
            raise KeyError(task)
    return min(1.0, max(0.0, judged - PENALTY_PER_BROKEN_WORD * len(broken_words(task, prompt, text))))
