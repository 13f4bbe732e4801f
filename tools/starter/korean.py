"""Controlled sentiment in Korean: short reviews of canteen meals and training courses, after the manner of `sentiment.py`.

A review has a stance, but each sentence draws its own polarity from it. Opinions are written only with the forms that
`lexicon()` lists, so `judges.sentiment` can read them back: a Korean word is matched whole, endings and all, and a
negation (짜지 않았습니다) is a phrase of its own, of the other sign.
"""

from __future__ import annotations

import random
import re
import zlib

from . import korean_words as w
from .engine import expand, tidy

TASK = "sentiment-ko"
PARTICLES = {"은/는": ("은", "는"), "이/가": ("이", "가"), "을/를": ("을", "를"), "과/와": ("과", "와"), "이었/였": ("이었", "였")}
PARTICLE = re.compile("([가-힣])(" + "|".join(map(re.escape, PARTICLES)) + ")")


def particles(text: str) -> str:
    """Chooses each particle by whether the syllable before it ends in a consonant."""
    return PARTICLE.sub(lambda m: m.group(1) + PARTICLES[m.group(2)][(ord(m.group(1)) - 0xAC00) % 28 == 0], text)


def forms(stems: w.Stems) -> list[str]:
    past, attributive, _ = stems
    return [f"{past}습니다", f"{past}고", attributive]


def negated(stems: w.Stems) -> list[str]:
    return [f"{stems[2]}지 않았습니다"]


def lexicon() -> dict:
    """What `judges.sentiment` needs, as it is exported to JSON."""
    praise, blame = (*w.POS_ANY, *w.POS_MEAL, *w.POS_COURSE), (*w.NEG_ANY, *w.NEG_MEAL, *w.NEG_COURSE)
    positive = {form for stems in praise for form in forms(stems)} | {form for stems in blame for form in negated(stems)}
    negative = {form for stems in blame for form in forms(stems)} | {form for stems in praise for form in negated(stems)}
    positive |= {*w.POS_PHRASES_ANY, *w.POS_PHRASES_MEAL, *w.POS_PHRASES_COURSE}
    negative |= {*w.NEG_PHRASES_ANY, *w.NEG_PHRASES_MEAL, *w.NEG_PHRASES_COURSE}
    if positive & negative:
        raise ValueError(f"both polarities: {positive & negative}")
    return {
        "positive": sorted(positive), "negative": sorted(negative), "negators": [], "boosters": sorted(w.BOOSTERS),
        "dampeners": sorted(w.DAMPENERS), "negationWindow": 0, "boost": 1.5, "dampen": 0.5, "gain": 2,
    }


def is_held_out(first: str, second: str) -> bool:
    """One in five combinations is kept for evaluation; each of its words stands in other combinations too."""
    return zlib.crc32(f"{first} {second}".encode()) % 5 == 0


class KoreanReviews:
    """Writes reviews; one object per generator and per side of the held-out split."""

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.rng = rng
        self.dishes = [f"{a} {b}" for a in w.INGREDIENTS for b in w.DISHES if is_held_out(a, b) == held_out]
        self.courses = [f"{a} {b}" for a in w.MACHINES for b in w.SUBJECTS if is_held_out(a, b) == held_out]

    MEAL_OPEN = [
        "[오늘|어제|{day}에] [{place}에서 |]{dish}을/를 [먹었습니다|골랐습니다|받았습니다]. ",
        "{place}의 {dish}은/는 ",
        "[오늘|어제|{day}] {place} [점심|저녁]은 {dish}이었/였습니다. ",
        "{who}과/와 [함께 |]{dish}을/를 [먹었습니다|골랐습니다|나눠 먹었습니다]. ",
        "[오늘|어제|{day}에] {place}에서 {dish}이/가 나왔습니다. ",
        "{place}에서 나온 {dish}은/는 ",
        "[오늘|어제|{day}] 메뉴는 {dish}과/와 {dish2}이었/였습니다. ",
        "{who}이/가 {dish}을/를 [권했습니다|골라 주었습니다]. ",
    ]
    COURSE_OPEN = [
        "[오늘|어제|지난주|{day}에] [{hall}에서 |]{course} 교육을 [들었습니다|받았습니다]. ",
        "{course} 교육은 ",
        "{who}과/와 [함께 |]{course} 과정에 [갔습니다|참석했습니다]. ",
        "{teacher} 강사의 {course} 강의는 ",
        "[오늘|어제|지난주|{day}에] {hall}에서 {course} 교육이 [있었습니다|열렸습니다]. ",
        "{teacher} 강사가 {course} 과정을 [맡았습니다|열었습니다]. ",
        "{who}이/가 {course} 교육을 권했습니다. ",
    ]
    BODY = [
        "{thing}은/는 {A}습니다", "{thing}도 {A}습니다", "{thing}이/가 {A}습니다", "{thing}과/와 {thing2} 모두 {P}습니다",
        "{thing}은/는 {P}고 {thing2}은/는 {A}습니다", "{boost}{T} {kind}이었/였습니다", "{T} {thing}이었/였습니다",
        "{phrase}", "{phrase}", "{who}도 {phrase}", "무엇보다 {thing}이/가 {A}습니다", "{thing}은/는 [전혀 |]{O}지 않았습니다",
    ]
    NEUTRAL = ["{who}과/와 함께 앉았습니다", "창가에 앉았습니다", "모두 {number}명이었습니다", "{number}분 걸렸습니다"]
    SAME = ["", "", "", "게다가 ", "그리고 ", "또 "]
    OTHER = ["하지만 ", "그러나 ", "그래도 ", "다만 "]

    def review(self) -> str:
        draw = self.rng.random()
        chance = 0.93 if draw < 0.44 else 0.07 if draw < 0.88 else 0.5
        meal = self.rng.random() < 0.5
        slots = self._slots(meal)
        return self._finish(self._opening(meal, slots), meal, chance, slots)

    def opposites(self) -> tuple[str, str, str]:
        """(opening, a review that praises, one that blames): both begin with the opening and go on from the same draws."""
        meal = self.rng.random() < 0.5
        slots = self._slots(meal)
        opening = self._opening(meal, slots)
        state = self.rng.getstate()
        praise = self._finish(opening, meal, 1.0, slots)
        self.rng.setstate(state)
        return tidy(opening), praise, self._finish(opening, meal, 0.0, slots)

    def _opening(self, meal: bool, slots: dict) -> str:
        return particles(expand(self.rng.choice(self.MEAL_OPEN if meal else self.COURSE_OPEN), slots, self.rng))

    def _slots(self, meal: bool) -> dict:
        """What does not depend on the stance."""
        things = w.MEAL_THINGS if meal else w.COURSE_THINGS
        return {
            "dish": self.dishes, "dish2": self.dishes, "course": self.courses, "thing": things, "thing2": things, "place": w.PLACES,
            "hall": w.HALLS, "day": w.DAYS, "who": w.PEOPLE, "teacher": w.TEACHERS, "kind": w.MEAL_KINDS if meal else w.COURSE_KINDS,
            "number": lambda: str(self.rng.randint(5, 60)),
        }

    def _polar(self, positive: bool, meal: bool) -> dict:
        """Slots of a sentence of one polarity."""
        rng = self.rng
        praise, blame = [*w.POS_ANY, *(w.POS_MEAL if meal else w.POS_COURSE)], [*w.NEG_ANY, *(w.NEG_MEAL if meal else w.NEG_COURSE)]
        ours, theirs = (praise, blame) if positive else (blame, praise)
        any_phrases, own = (w.POS_PHRASES_ANY, w.POS_PHRASES_MEAL if meal else w.POS_PHRASES_COURSE) if positive else (
            w.NEG_PHRASES_ANY, w.NEG_PHRASES_MEAL if meal else w.NEG_PHRASES_COURSE)
        level = rng.random()
        adverb = rng.choice(w.BOOSTERS) + " " if level < 0.3 else rng.choice(w.DAMPENERS) + " " if level < 0.36 else ""
        return {
            "A": lambda: adverb + rng.choice(ours)[0],
            "P": lambda: rng.choice(ours)[0],
            "T": lambda: rng.choice(ours)[1],
            "O": lambda: rng.choice(theirs)[2],
            "boost": lambda: rng.choice(["", "", rng.choice(w.BOOSTERS) + " "]),
            "phrase": [*any_phrases, *own],
        }

    def _finish(self, text: str, meal: bool, chance: float, base: dict) -> str:
        """Sentences after the opening, each positive by chance."""
        rng = self.rng
        goes_on = not text.rstrip().endswith(".")
        before: bool | None = None
        for i in range(rng.choice([1, 2, 2, 3, 3])):
            positive = rng.random() < chance
            slots = {**base, **self._polar(positive, meal)}
            if i == 0 and goes_on:
                clause = expand("[{A}습니다|{A}습니다|{P}고 {A}습니다]", slots, rng)
            else:
                join = "" if i == 0 else rng.choice(self.SAME if before == positive else self.OTHER)
                clause = join + expand(rng.choice(self.BODY), slots, rng)
            text = f"{text.rstrip()} {clause}."
            if rng.random() < 0.1:
                text += " " + expand(rng.choice(self.NEUTRAL), base, rng) + "."
            before = positive
        return tidy(particles(text))
