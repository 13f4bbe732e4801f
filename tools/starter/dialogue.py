"""Single-turn dialogue: questions of operators and clerks whose answers can be computed from the question.

Eight kinds of question: unit conversion, limit check, multiplication, end of a shift, weekday
arithmetic, looking up who has what, order in a rota, and a fixed knowledge base of the plant.
`judges.solve` finds the expected answer from the question's text and the lexicon alone.
"""

from __future__ import annotations

import random

from . import words as w
from .engine import expand, tidy
from .words import listed

# (dimension, factor to the smallest unit, surfaces)
UNITS = {
    "gram": ("mass", 1, "grams|gram"), "kilogram": ("mass", 1000, "kilograms|kilogram|kilos|kilo"), "tonne": ("mass", 1000000, "tonnes|tonne|tons|ton"),
    "millimetre": ("length", 1, "millimetres|millimetre"), "centimetre": ("length", 10, "centimetres|centimetre"), "metre": ("length", 1000, "metres|metre"),
    "kilometre": ("length", 1000000, "kilometres|kilometre"), "millilitre": ("volume", 1, "millilitres|millilitre"), "litre": ("volume", 1000, "litres|litre"),
    "minute": ("time", 1, "minutes|minute"), "hour": ("time", 60, "hours|hour"), "day": ("time", 1440, "days|day"),
    "piece": ("count", 1, "pieces|piece"), "dozen": ("count", 12, "dozens|dozen"),
    "bar": ("pressure", 1, "bar"), "degree": ("temperature", 1, "degrees|degree"), "ampere": ("current", 1, "amperes|ampere"), "volt": ("voltage", 1, "volts|volt"),
    "decibel": ("noise", 1, "decibels|decibel"), "revolution": ("speed", 1, "turns|turn"),
}
CONVERSIONS = [("kilogram", "gram"), ("tonne", "kilogram"), ("centimetre", "millimetre"), ("metre", "centimetre"), ("metre", "millimetre"), ("kilometre", "metre"),
               ("litre", "millilitre"), ("hour", "minute"), ("day", "hour"), ("dozen", "piece")]
GAUGES = ["bar", "degree", "ampere", "volt", "decibel", "revolution"]
DAY_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

# group -> (question templates, held-out templates, answer templates, {topic surfaces: key surfaces})
KNOWLEDGE = {
    "lamp": (["what does the {t} mean?", "the {t} is on. what does that mean?", "what should I do when the {t} is on?", "I see the {t}. what now?"],
             ["on my panel the {t} came on; please explain.", "tell me what to do at the {t}."],
             ["the {t} means: {k}.", "please {k}.", "{k}, that is what the {t} means.", "when the {t} is on, {k}."],
             {"red lamp": "stop the machine", "yellow lamp": "call the shift lead", "green lamp": "carry on", "blue lamp": "bring more material",
              "white lamp": "wait for the test", "flashing lamp": "leave the area", "orange lamp": "check the guard", "purple lamp": "scan your badge"}),
    "bin": (["where do I throw {t}?", "which bin is for {t}?", "I have {t} here. which bin?", "where does {t} go?"],
            ["what bin takes {t}?", "how do I get rid of {t}?"],
            ["{t} goes into the {k}.", "use the {k}.", "the {k} is for that.", "please put that into the {k}."],
            {"waste paper": "blue bin", "plastic wrap": "yellow bin", "oily rags": "red bin", "broken glass": "green bin", "scrap metal": "black bin",
             "food scraps": "brown bin", "dead batteries": "grey box", "old toner": "white box", "used solvent": "steel drum", "wood chips": "orange skip"}),
    "wear": (["what do I wear for {t}?", "what protection do I need for {t}?", "which gear is right for {t}?", "I start {t} now. what must I wear?"],
             ["how do I protect myself during {t}?", "gear for {t}, please?"],
             ["wear {k}.", "for {t} you need {k}.", "please put on {k} first.", "you need {k} for {t}."],
             {"welding": "a welding mask", "grinding": "safety glasses", "acid work": "rubber sleeves", "roof work": "a safety rope", "spray painting": "a breathing mask",
              "freezer work": "a thick jacket", "crane work": "a hard hat", "night driving": "a bright vest", "knife work": "chain mitts", "sawing": "hearing protection",
              "foundry work": "a heat suit", "wet cleaning": "rubber boots"}),
    "phone": (["what is the number of {t}?", "how do I call {t}?", "which extension has {t}?", "I need {t}. what do I dial?"],
              ["can you give me the extension of {t}?", "phone number for {t}?"],
              ["dial {k}.", "the number of {t} is {k}.", "you reach {t} at {k}.", "it is {k}."],
              {"the fire desk": "112", "the nurse": "333", "the gate": "110", "the it desk": "200", "the payroll clerk": "610", "the tool crib": "450",
               "the canteen office": "520", "the shift office": "275", "the press office": "840", "the travel desk": "730"}),
    "open": (["when does {t} open?", "from when is {t} open?", "what time does {t} open?", "I want to go to {t}. when does it open?"],
             ["at which hour can I go to {t}?", "opening time of {t}, please?"],
             ["{t} opens at {k}.", "it opens at {k}.", "from {k}.", "at {k}, every working day."],
             {"the staff shop": "10:00", "the clinic": "8:00", "the gym": "5:30", "the payroll window": "9:30", "the book corner": "9:00", "the big canteen": "11:30",
              "the coffee bar": "6:30", "the tool counter": "7:00", "the car park": "5:00", "the badge office": "8:30"}),
    "sign": (["who signs {t}?", "who must sign {t}?", "whose signature do I need for {t}?", "I filled in {t}. who signs it?"],
             ["{t}: who has to approve it?", "who approves {t}?"],
             ["{k} signs {t}.", "that is signed by {k}.", "ask {k} to sign it.", "you need the signature of {k}."],
             {"a holiday form": "your team lead", "an overtime sheet": "the works council chair", "a travel claim": "the department head", "a purchase order": "the buyer",
              "a hot work permit": "the safety officer", "a visitor pass": "the front desk", "a key receipt": "the caretaker", "a repair slip": "the foreman",
              "a sick note": "the company doctor", "a training plan": "the training manager", "a scrap report": "the quality engineer"}),
    "first": (["what do I do first [at|in case of|after] {t}?", "there is {t}. what now?", "what is the first step at {t}?", "we have {t} here. what should I do?"],
              ["how do I react to {t}?", "help, {t}! what comes first?"],
              ["{k}.", "first {k}.", "please {k} at once.", "in case of {t}, {k}."],
              {"a fire": "pull the alarm", "an oil spill": "spread the sand", "an injury": "call the nurse", "a gas smell": "open the windows", "a stuck lift": "press the bell",
               "a paper jam": "open the rear door", "a lost badge": "tell the gate", "a power cut": "stay where you are", "a burn": "cool it with water",
               "an eye splash": "rinse for ten minutes", "a cut finger": "press a bandage on it", "a water leak": "close the main valve", "a computer virus": "unplug the network",
               "a bomb threat": "call the police", "a wasp nest": "lock the door", "a hot motor": "press the stop button"}),
}

EVASIVE = listed("""
i cannot say, i do not know, i am not sure, hard to say, it depends, ask someone else, ask somebody else, look it up, not my department,
that is a good question, who knows, no idea, maybe later, i would rather not say, come back tomorrow, it is written somewhere, try the intranet,
opinions differ, i have heard different things
""")
POLITE = listed("""
please, thank you, thanks, you are welcome, gladly, happy to help, of course, sure, certainly, good luck, hope that helps, my pleasure, stay safe,
sorry, have a nice day
""")
RUDE = listed("""
what a stupid question, leave me alone, figure it out yourself, not again, are you blind, do not bother me, read the manual for once, how dumb,
you should know that, stop asking, get lost, that is obvious, use your brain
""")
YES = ["yes", "below", "under the limit", "within", "may run", "keep running", "is safe"]
NO = ["no", "above", "over the limit", "too high", "must stop", "stop it", "exceeds", "not safe"]
LIMIT_WORDS = ["limit", "maximum", "at most", "allowed", "not more than", "no more than"]
EACH_WORDS = ["each", "every", "per"]
SPAN_WORDS = ["lasts", "last", "takes", "take", "long", "later"]
AFTER_WORDS = ["after", "later", "follows", "next"]
BEFORE_WORDS = ["before", "earlier", "precedes"]
ABOVE_WORDS = ["above", "over", "exceeds", "more than", "higher than"]
BELOW_WORDS = ["below", "under", "within", "less than", "at most"]
START_CUES = ["starts", "start", "begins", "begin", "opens", "from"]
END_CUES = ["ends", "end", "over", "until", "till", "to", "finishes", "finished"]
PRONOUNS = ["it", "that", "this", "he", "she", "they", "him", "her", "them", "who", "comes", "is"]
SUBJECT_LEADS = ["the", "a", "an", "our", "your", "for", "of"]
DEEDS = ["is in", "has", "needs", "cleans", "checks", "looks after", "ordered", "paid for"]
# What an answer says of a topic, by the group of the knowledge base; "span" is the end of a shift.
CUES = {
    "lamp": ["means", "mean"], "wear": ["wear"], "phone": ["dial", "you reach", "the number of", "extension"], "open": ["opens", "open at"],
    "sign": ["signs", "signed", "signature", "sign it", "approves"], "bin": ["goes into"], "span": ["ends", "is over", "closes"],
}


def lexicon() -> dict:
    """What `judges.solve` and `judges.answer` need, as it is exported to JSON."""
    knowledge = []
    for group, (_, _, _, topics) in KNOWLEDGE.items():
        for topic, key in topics.items():
            bare = topic.lower().split(" ", 1)[1] if topic.split(" ")[0] in ("a", "an", "the") else topic.lower()
            knowledge.append({"group": group, "topic": bare, "key": key.lower()})
    objects = sorted({x.lower() for x in (*w.PLACES.all, *w.PARTS.all, *w.SUPPLIES.all, *w.MACHINES.all, *w.DEVICES.all)})
    topics = {row["topic"] for row in knowledge}
    events = {x.lower() for x in w.EVENTS.all}
    return {
        "names": sorted(n.lower() for n in w.NAMES.all),
        "objects": objects,
        "weekdays": [d.lower() for d in w.WEEKDAYS],
        "dayNumbers": DAY_NUMBERS,
        "units": {name: {"dimension": d, "factor": f, "surfaces": s.split("|")} for name, (d, f, s) in UNITS.items()},
        "knowledge": knowledge,
        "limitWords": LIMIT_WORDS, "eachWords": EACH_WORDS, "spanWords": SPAN_WORDS, "afterWords": AFTER_WORDS, "beforeWords": BEFORE_WORDS,
        "aboveWords": ABOVE_WORDS, "belowWords": BELOW_WORDS, "startCues": START_CUES, "endCues": END_CUES, "pronouns": PRONOUNS, "deeds": DEEDS,
        "cues": CUES, "subjectLeads": SUBJECT_LEADS, "subjects": sorted({*objects, *events, *topics}),
        "yes": YES, "no": NO, "evasive": EVASIVE, "polite": POLITE, "rude": RUDE,
        "scores": {"correct": 0.9, "evasive": 0.3, "polite": 0.1, "rude": -0.2, "words": 24, "penaltyPerWord": 0.01},
    }


def clock(minutes: int) -> str:
    minutes %= 1440
    return f"{minutes // 60}:{minutes % 60:02d}"


class Dialogues:
    """Writes questions with right, evasive and wrong answers."""

    def __init__(self, rng: random.Random, held_out: bool, novelty: float = 0.0) -> None:
        self.rng = rng
        self.held_out = held_out
        self.novelty = novelty

    def _people(self, count: int) -> list[str]:
        people = self.rng.sample(w.NAMES.of(self.held_out), count)
        return [w.made_up(self.rng).capitalize() if self.novelty and self.rng.random() < self.novelty else p for p in people]

    def exchange(self) -> tuple[str, str, str]:
        """(question, answer, style); style is helpful, wrong, evasive or rude."""
        question, right, wrong = self.question()
        style = self.rng.choices(["helpful", "wrong", "evasive", "rude"], [0.62, 0.20, 0.13, 0.05])[0]
        return question, self.answer(right, wrong, style), style

    def question(self) -> tuple[str, list[str], list[str]]:
        kind = self.rng.choices(["convert", "limit", "times", "end", "day", "lookup", "rota", "knowledge"], [3, 3, 2, 2, 2, 4, 2, 7])[0]
        question, right, wrong = getattr(self, "_" + kind)()
        opener = self.rng.choice(["", "", "", "", "hello. ", "hi, ", "good morning. ", "excuse me, ", "a question: ", "quick question: ", "I am new here. ", "sorry to bother you. "])
        closer = self.rng.choice(["", "", "", "", "", " thank you.", " thanks.", " please help."]) if kind not in ("lookup", "rota") else ""
        return tidy(opener + question + closer), right, wrong

    def answer(self, right: list[str], wrong: list[str], style: str) -> str:
        rng = self.rng
        if style == "rude" or (style == "evasive" and rng.random() < 0.15):
            rude = rng.choice(RUDE) + rng.choice([".", "!"])
            return tidy(rude + (" " + rng.choice(right) if rng.random() < 0.3 and style == "rude" else ""))
        if style == "evasive":
            first = rng.choice(EVASIVE)
            second = rng.choice(["", "", rng.choice(EVASIVE), "some say this, some say that", "there are many rules here", "we can talk about it next week",
                                 "the manual is long", "it was different last year", "my colleague is on holiday", "every plant does it its own way"])
            return tidy(rng.choice(["", "", "well, ", "hm, ", "sorry, "]) + first + ". " + (second + "." if second and second != first else ""))
        body = rng.choice(right if style == "helpful" else wrong)
        head = rng.choice(["", "", "", "", "", "sure. ", "of course. ", "gladly. ", "certainly. ", "hello. "])
        tail = rng.choice(["", "", "", "", "", " happy to help.", " good luck.", " have a nice day.", " hope that helps.", " stay safe."])
        return tidy(head + body + tail)

    def _both(self, templates: list[str], right: dict, wrong: dict, base: dict) -> tuple[list[str], list[str]]:
        write = lambda slots: [expand(t, {**base, **slots}, self.rng) for t in templates]  # noqa: E731
        return write(right), write(wrong)

    def _combination(self, draw):
        """Two numbers by `draw`; one combination in five is kept for evaluation."""
        while True:
            first, second = draw()
            if ((first + 3 * second) % 5 == 0) == self.held_out:
                return first, second

    def _convert(self):
        rng = self.rng
        which, n = self._combination(lambda: (rng.randrange(len(CONVERSIONS)), rng.randint(2, 24)))
        a, b = CONVERSIONS[which]
        factor = UNITS[a][1] // UNITS[b][1]
        name = lambda unit, n: UNITS[unit][2].split("|")[0 if n != 1 else 1]  # noqa: E731
        A, B = name(a, n), name(b, 2)
        false = rng.choice([x for x in (n * factor * 10, n * factor // 10 if n * factor % 10 == 0 else n * factor + 1, (n + 1) * factor, (n - 1) * factor, n * 10, n * 100)
                            if x != n * factor and x != n])
        thing = rng.choice(w.SUPPLIES.of(self.held_out))
        q = expand(rng.choice(["how many {B} are {n} {A}?", "how many {B} is {n} {A}?", "[please |]convert {n} {A} to {B}.", "I need {n} {A} of {thing}. how many {B} is that?",
                               "{n} {A}: how much is that in {B}?", "the list says {n} {A}[ of {thing}|]. what is that in {B}?", "what are {n} {A} in {B}?"]),
                   {"A": A, "B": B, "n": str(n), "thing": thing}, rng)
        return q, *self._both(["{n} {A} are {x} {B}.", "{x} {B}.", "that is {x} {B}.", "it makes {x} {B}."], {"x": str(n * factor)}, {"x": str(false)}, {"A": A, "B": B, "n": str(n)})

    def _limit(self):
        rng = self.rng
        unit = rng.choice(GAUGES)
        U = UNITS[unit][2].split("|")[0]
        scale = rng.choice([1, 1, 5, 10])
        limit, reading = (n * scale for n in self._combination(lambda: (rng.randint(3, 30), rng.randint(1, 45))))
        ok = reading <= limit
        machine = rng.choice(w.MACHINES.of(self.held_out))
        base = {"r": str(reading), "l": str(limit), "U": U, "m": machine}
        q = expand(rng.choice(["the {m} shows {r} {U}. the limit is {l} {U}. may it run?", "the limit of the {m} is {l} {U}. [now|today] it reads {r} {U}. is that safe?",
                               "at most {l} {U} are good for the {m}. it shows {r} {U}. may it run?", "the {m} is at {r} {U}, and the maximum is {l} {U}. is it safe?",
                               "I read {r} {U} at the {m}. the limit is {l} {U}. can we go on?"]), base, rng)
        yes = ["yes, {r} is below {l}.", "yes, it may run.", "yes. {r} {U} is within the limit of {l} {U}.", "yes, keep running, it is below the limit."]
        no = ["no, {r} is above {l}.", "no, stop it.", "no. {r} {U} is above the limit of {l} {U}.", "no, it must stop, that is too high."]
        write = lambda ts: [expand(t, base, rng) for t in ts]  # noqa: E731
        return (q, write(yes), write(no)) if ok else (q, write(no), write(yes))

    def _times(self):
        rng = self.rng
        a, b = self._combination(lambda: (rng.randint(2, 14), rng.randint(2, 9)))
        item = rng.choice(w.SUPPLIES.of(self.held_out))
        box = rng.choice(listed("trays, racks, drawers, bags, carts, bins, baskets, sets, bundles, cases"))
        base = {"a": str(a), "b": str(b), "item": item, "boxes": box, "box": box[:-1]}
        q = expand(rng.choice(["each {box} holds {a} {item}. how many {item} are in {b} {boxes}?", "there are {a} {item} per {box}. I have {b} {boxes}. how many {item} is that?",
                               "we packed {b} {boxes} with {a} {item} each. how many {item} in all?", "every {box} has {a} {item}. how many {item} do {b} {boxes} have?"]), base, rng)
        false = rng.choice([x for x in (a + b, a * (b + 1), (a + 1) * b, a * b + 10, a * (b - 1)) if x not in (a * b, a, b)])
        return q, *self._both(["{b} {boxes} hold {x} {item}.", "{x} {item}.", "that is {x} {item}.", "{a} times {b} is {x}."], {"x": str(a * b)}, {"x": str(false)}, base)

    def _end(self):
        rng = self.rng
        hours = rng.random() < 0.7
        hour, span = self._combination(lambda: (rng.randint(5, 15), rng.randint(2, 9)))
        start = hour * 60 + rng.choice([0, 30] if hours else [0, 5, 10, 15, 20, 30])
        span *= 1 if hours else 5
        end = start + span * (60 if hours else 1)
        event = rng.choice(w.EVENTS.of(self.held_out)) if rng.random() < 0.8 else rng.choice(["early shift", "late shift", "test run", "break"])
        base = {"c": clock(start), "n": str(span), "u": "hours" if hours else "minutes", "e": event}
        q = expand(rng.choice(["the {e} starts at {c} and lasts {n} {u}. when does it end?", "the {e} begins at {c}. it takes {n} {u}. when is it over?",
                               "the {e} is {n} {u} long and starts at {c}. until when?", "when does the {e} end? it starts at {c} and takes {n} {u}."]), base, rng)
        false = end + rng.choice([-60, 60, 30, -30, 120] if hours else [5, -5, 10, 60])
        return q, *self._both(["at {x}.", "the {e} ends at {x}.", "it ends at {x}.", "it is over at {x}."], {"x": clock(end)}, {"x": clock(false)}, base)

    def _day(self):
        rng = self.rng
        day = rng.randrange(7)
        word = rng.choice(list(DAY_NUMBERS))
        n = DAY_NUMBERS[word]
        after = rng.random() < 0.7
        to = (day + (n if after else -n)) % 7
        false = rng.choice([d for d in range(7) if d not in (to, day)])
        thing = rng.choice(w.EVENTS.of(self.held_out))
        base = {"d": w.WEEKDAYS[day], "n": word, "s": "" if n == 1 else "s", "e": thing, "w": "after" if after else "before"}
        q = expand(rng.choice(["which day is {n} day{s} {w} {d}?", "the {e} is {n} day{s} {w} {d}. which day is that?", "what day comes {n} day{s} {w} {d}?",
                               "the order was due on {d}, and it came {n} day{s} {w} that. on which day?"]), base, rng)
        return q, *self._both(["{x}.", "that is a {x}.", "on {x}.", "{n} day{s} {w} {d} is {x}."], {"x": w.WEEKDAYS[to]}, {"x": w.WEEKDAYS[false]}, base)

    def _lookup(self):
        rng, held = self.rng, self.held_out
        count = rng.choice([2, 2, 3])
        people = self._people(count)
        where = rng.random() < 0.4
        pool = w.PLACES.of(held) if where else rng.choice([w.PARTS, w.SUPPLIES, w.MACHINES, w.DEVICES]).of(held)
        things = [w.made_up_thing(rng, pool) if self.novelty and rng.random() < self.novelty else t for t in rng.sample(pool, count)]
        verb = "is in" if where else rng.choice(["has", "needs", "cleans", "checks", "looks after", "ordered", "paid for"])
        facts = [f"{p} {verb} the {t}" for p, t in zip(people, things)]
        context = rng.choice([", ".join(facts[:-1]) + " and " + facts[-1] + ". ", ". ".join(facts) + ". ", "; ".join(facts) + ". "])
        i = rng.randrange(count)
        j = rng.choice([k for k in range(count) if k != i])
        base = {"p": people[i], "t": things[i], "v": verb}
        if rng.random() < 0.5:
            q = rng.choice(["where is {p}?", "in which place is {p}?"]) if where else rng.choice(["what is it for {p}?", "and what about {p}?", "what belongs to {p}?"])
            templates = ["{p} {v} the {x}.", "the {x}.", "it is the {x}."] if not where else ["{p} is in the {x}.", "in the {x}.", "you find {p} in the {x}."]
            right, wrong = {"x": things[i]}, {"x": things[j]}
        else:
            q = "who is in the {t}?" if where else rng.choice(["who {v} the {t}?", "whom do I ask about the {t}?", "who is it for the {t}?"])
            templates = ["{x} {v} the {t}.", "{x}.", "that is {x}.", "it is {x}."]
            right, wrong = {"x": people[i]}, {"x": people[j]}
        return context + expand(q, base, rng), *self._both(templates, right, wrong, base)

    def _rota(self):
        rng = self.rng
        people = self._people(rng.choice([3, 3, 4]))
        after = rng.random() < 0.6
        i = rng.randrange(len(people) - 1) if after else rng.randrange(1, len(people))
        right = people[i + 1] if after else people[i - 1]
        wrong = rng.choice([p for p in people if p not in (right, people[i])])
        base = {"list": ", ".join(people), "p": people[i], "w": "after" if after else "before", "job": rng.choice(listed("coffee, cleaning, watering, standby, phone, driving, inventory, guard"))}
        q = expand(rng.choice(["the {job} rota is {list}. who comes {w} {p}?", "our {job} list: {list}. who is {w} {p}?", "the order for {job} is {list}. who is it {w} {p}?"]), base, rng)
        return q, *self._both(["{x}.", "{x} comes {w} {p}.", "it is {x}.", "{w} {p} comes {x}."], {"x": right}, {"x": wrong}, base)

    def _knowledge(self):
        rng = self.rng
        group = rng.choice(list(KNOWLEDGE))
        questions, held_questions, answers, topics = KNOWLEDGE[group]
        topic, key = rng.choice(list(topics.items()))
        false = rng.choice([k for k in topics.values() if k != key])
        q = expand(rng.choice(held_questions if self.held_out else questions), {"t": topic}, rng)
        return q, *self._both(answers, {"k": key}, {"k": false}, {"t": topic})
