"""Summarisation: forum posts of plant and office life with typed facts, and summaries of them.

Three kinds of post: an incident at a machine or device, a meeting that changes, a delivery with
something wrong. Every fact is a (type, value) pair whose surfaces are listed in the lexicon, so
`judges.facts` reads from any text the set of facts that it states. Chatter (hobbies, animals,
garden, weather) is of type `chatter`: it belongs to no good summary.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from . import words as w
from .engine import expand, plural, tidy
from .words import listed

# value -> surfaces; the first surfaces are past clauses for "the pump {...}", after the bar noun phrases.
MACHINE_PROBLEMS = {
    "oil leak": ("leaked oil|lost oil|dripped oil|was leaking oil", "oil leak|loss of oil"),
    "water leak": ("leaked water|lost water|dripped water|was leaking water", "water leak|loss of water"),
    "overheating": ("overheated|ran too hot|got too hot|ran hot", "overheating"),
    "jam": ("jammed|got stuck|got jammed|was blocked", "jam|blockage"),
    "noise": ("squealed|made a loud noise|was far too loud|rattled", "loud noise|squealing|rattling"),
    "vibration": ("vibrated|shook badly|was shaking|trembled", "vibration|shaking"),
    "sudden stop": ("stopped|shut down|switched itself off|stopped dead|went off", "sudden stop|shutdown"),
    "failed start": ("would not start|did not start|refused to start|failed to start", "failed start"),
    "smoke": ("smoked|gave off smoke|was smoking", "smoke"),
    "slowness": ("slowed down|ran too slowly|became slow", "slow running|slowness"),
    "error message": ("showed an error|reported an error|flashed an error", "error message|error code"),
    "pressure loss": ("lost pressure|dropped in pressure", "pressure loss|loss of pressure"),
    "burning smell": ("smelled of burning|gave off a burning smell", "burning smell"),
    "sparks": ("threw sparks|sparked|was sparking", "sparks"),
    "wrong readings": ("read wrong values|misread|measured wrong", "wrong readings|wrong values"),
    "crash": ("crashed|hung itself up", "crash"),
    "dark display": ("went dark|stayed black|went black", "dark screen|black screen"),
    "tripped breaker": ("tripped the breaker|blew the breaker", "tripped breaker"),
    "foam": ("foamed over|spat foam", "foam"),
    "crack": ("split open|tore open", "split housing"),
}
CONDITIONS = {
    "worn": "worn|worn out", "loose": "loose", "broken": "broken|snapped", "cracked": "cracked", "dirty": "dirty|filthy",
    "clogged": "clogged|plugged up", "burnt": "burnt|burnt out|charred", "bent": "bent|crooked", "missing": "missing|gone", "rusty": "rusty|corroded",
    "torn": "torn|ripped", "frozen": "frozen|iced up", "misaligned": "misaligned|out of line", "dry": "dry|unlubricated", "wet": "wet|soaked",
    "swollen": "swollen", "scratched": "scratched", "melted": "melted", "pinched": "pinched|squashed", "faulty": "faulty|defective",
}
ACTIONS = {
    "replace": "replaced|swapped|changed|exchanged", "clean": "cleaned|washed|wiped|rinsed", "tighten": "tightened|fastened",
    "repair": "repaired|mended", "adjust": "adjusted|realigned|recalibrated", "grease": "greased|oiled|lubricated",
    "remove": "removed|took out", "order": "ordered a new|requested a new", "inspect": "inspected|checked|examined", "weld": "welded|soldered",
    "tape": "taped|bandaged", "bypass": "bypassed|bridged",
}
STATUSES = {
    "running": "runs again|is running again|works again|is working again|is back in service|is up again",
    "down": "is still down|is still out of order|does not run yet|is out of service|still stands",
    "reduced": "runs at half speed|runs at reduced speed|only runs slowly",
    "watched": "is being watched|is under watch|runs under observation",
    "testing": "is on a test run|is being tested",
}
CHANGES = {
    "moved": "is moved|has moved|is rescheduled|was shifted|is postponed", "cancelled": "is cancelled|is called off|was dropped|will not take place",
    "confirmed": "is confirmed|takes place as planned|stays as planned", "full": "is full|is booked out|has no seats left",
    "shortened": "is shortened|will be shorter|was cut short", "online": "is online only|will be held online",
}
REASONS = {
    "illness": "the trainer is ill|the trainer is sick|of an illness", "small room": "the space is too small|it is too crowded|there are too few seats",
    "heating": "the heating failed|the heating is out", "holiday": "of a public holiday|of the holidays", "strike": "of a strike|of a walkout",
    "audit overlap": "two dates clash|of a clash of dates", "power cut": "of a power cut|the power is off", "building work": "of building work|of the renovation",
    "late bus": "the bus is late|of the late bus", "few people": "too few people signed up|of low interest",
}
ORDER_PROBLEMS = {
    "late": "came late|arrived late|was delayed", "damaged": "came damaged|was damaged|arrived crushed", "wrong size": "was the wrong size|had the wrong size",
    "wrong colour": "was the wrong colour|had the wrong colour", "lost": "never arrived|did not arrive|got lost on the way", "short": "was incomplete|came incomplete",
    "double": "came twice|was delivered twice", "expired": "was expired|was past its date", "wrong address": "went to the wrong address|was misdelivered",
}
ORDER_ACTIONS = {
    "sent back": "sent it back|returned it|shipped it back", "kept": "kept it anyway|decided to keep it", "reordered": "ordered again|reordered it",
    "complained": "complained to the supplier|filed a complaint", "refund": "asked for a refund|got a refund", "discount": "got a discount|asked for a discount",
    "borrowed": "borrowed some from next door|borrowed a few", "sold": "sold the rest|resold it",
}
UNITS = {
    "minute": "minutes|minute", "hour": "hours|hour", "box": "boxes|box", "pallet": "pallets|pallet", "crate": "crates|crate",
    "piece": "pieces|piece", "litre": "litres|litre", "kilogram": "kilograms|kilogram", "bottle": "bottles|bottle", "person": "people|persons",
    "seat": "seats|seat", "batch": "batches|batch", "metre": "metres|metre",
}
TEAM_SURFACES = w.TEAMS
CHATTER_ACTS = listed("""
barked all night, ran away, ate my sandwich, slept on my keyboard, had to see the vet, learned a trick, won a prize,
hid under the sofa, chewed my slippers, caught a cold, made friends with the neighbours, jumped into the pond
""")

# Types in the order in which summaries care for them, with the weight of a stated fact.
WEIGHTS = {
    "equipment": 2, "problem": 2, "event": 2, "change": 2, "item": 2, "delivery": 2,
    "number": 1, "place": 1, "day": 1, "clock": 1, "quantity": 1, "person": 1, "team": 0, "part": 1, "condition": 0.5,
    "action": 1, "status": 1, "reason": 1, "response": 1, "company": 1,
}


def _entries(table: dict[str, str | tuple[str, str]]) -> dict[str, list[str]]:
    return {value: "|".join(s if isinstance(s, tuple) else (s,)).lower().split("|") for value, s in table.items()}


def lexicon() -> dict:
    """What `judges.facts` and `judges.summary` need, as it is exported to JSON."""
    nouns = lambda words: {word.lower(): [word.lower(), plural(word.lower())] for word in words}  # noqa: E731
    same = lambda words: {word.lower(): [word.lower()] for word in words}  # noqa: E731
    chatter = {word.lower() for word in (*w.HOBBIES, *w.GARDEN, *w.WEATHER)} | {
        form for a in w.ANIMALS for form in (a, plural(a))} | set(CHATTER_ACTS)
    types = {
        "equipment": nouns((*w.MACHINES.all, *w.DEVICES.all)),
        "place": nouns(w.PLACES.all),
        "team": same(t.removeprefix("the ") for t in w.TEAMS),
        "person": same(w.NAMES.all),
        "company": same(w.COMPANIES.all),
        "day": {d.lower(): [d.lower()] for d in (*w.WEEKDAYS, "yesterday", "today", "tomorrow")},
        "part": nouns(w.PARTS.all),
        "condition": _entries(CONDITIONS),
        "problem": _entries(MACHINE_PROBLEMS),
        "action": _entries(ACTIONS),
        "status": _entries(STATUSES),
        "event": nouns(w.EVENTS.all),
        "change": _entries(CHANGES),
        "reason": _entries(REASONS),
        "item": same(w.SUPPLIES.all),
        "delivery": _entries(ORDER_PROBLEMS),
        "response": _entries(ORDER_ACTIONS),
        "chatter": {c: [c] for c in sorted(chatter)},
    }
    surfaces: dict[str, tuple[str, str]] = {}
    clean = {}
    for kind, table in types.items():
        clean[kind] = {}
        for value, forms in table.items():
            kept = []
            for form in forms:
                form = form.replace("-", " ")
                if form in surfaces and surfaces[form] != (kind, value):
                    raise ValueError(f"{form!r}: {surfaces[form]} and {(kind, value)}")
                surfaces[form] = (kind, value)
                if form not in kept:
                    kept.append(form)
            clean[kind][value] = kept
    return {
        "types": clean,
        "units": {value: forms.split("|") for value, forms in UNITS.items()},
        "numbered": ["equipment", "place"],
        "weights": WEIGHTS,
        "limits": {"words": 30, "penaltyPerWord": 0.02, "penaltyPerInvention": 0.5, "penaltyPerChatter": 0.15, "coverage": 0.8},
    }


@dataclass
class Facts:
    """The slots of one post; surfaces are chosen anew each time one is written."""

    kind: str
    slots: dict[str, object] = field(default_factory=dict)


class Posts:
    """Writes posts and summaries; one object per generator and per side of the held-out split."""

    MADE_UP = {"equipment": w.MACHINES, "place": w.PLACES, "part": w.PARTS, "event": w.EVENTS, "item": w.SUPPLIES, "person": None, "company": None}

    HELD_OUT_SHARE = 0.25
    """Of the names, places and things of a held-out post; all of them together are more than a model this small can read."""

    def __init__(self, rng: random.Random, held_out: bool, novelty: float = 0.0) -> None:
        self.rng = rng
        self.held_out = held_out
        self.novelty = novelty

    # --- facts

    def draw(self) -> Facts:
        kind = self.rng.choice(["incident", "incident", "incident", "meeting", "delivery"])
        facts = Facts(kind)
        for slot in ("equipment", "number", "place", "place_number", "day", "clock", "person", "team", "problem", "part", "condition",
                     "action", "status", "quantity", "event", "change", "reason", "item", "delivery", "response", "company"):
            facts.slots[slot] = self.value(slot)
        return facts

    def value(self, slot: str) -> object:
        rng = self.rng
        held = self.held_out and rng.random() < self.HELD_OUT_SHARE
        pick = rng.choice
        if self.novelty and slot in self.MADE_UP and rng.random() < self.novelty:
            known = self.MADE_UP[slot]
            return w.made_up_thing(rng, known.train) if known else w.made_up(rng).capitalize()
        match slot:
            case "equipment": return pick(w.MACHINES.of(held) if rng.random() < 0.6 else w.DEVICES.of(held))
            case "number": return str(rng.randint(1, 29)) if rng.random() < 0.6 else ""
            case "place": return pick(w.PLACES.of(held)) if rng.random() < 0.7 or held else pick(NUMBERED)
            case "place_number": return str(rng.randint(1, 39)) if rng.random() < 0.6 else ""
            case "day": return pick(w.WEEKDAYS)
            case "clock": return f"{rng.randint(6, 22)}:{rng.choice(['00', '15', '30', '45', '10', '20', '40', '50'])}"
            case "person": return pick(w.NAMES.of(held))
            case "team": return pick(w.TEAMS)
            case "problem": return pick(list(MACHINE_PROBLEMS))
            case "part": return pick(w.PARTS.of(held))
            case "condition": return pick(list(CONDITIONS))
            case "action": return pick(list(ACTIONS))
            case "status": return pick(list(STATUSES))
            case "quantity": return (str(rng.choice([*range(2, 31), 35, 40, 45, 50, 60, 70, 80, 90, 100, 120, 150, 200])), pick(list(UNITS)))
            case "event": return pick(w.EVENTS.of(held))
            case "change": return pick(list(CHANGES))
            case "reason": return pick(list(REASONS))
            case "item": return pick(w.SUPPLIES.of(held))
            case "delivery": return pick(list(ORDER_PROBLEMS))
            case "response": return pick(list(ORDER_ACTIONS))
            case "company": return pick(w.COMPANIES.of(held))
        raise KeyError(slot)

    def surfaces(self, facts: Facts) -> dict:
        """Template slots of the facts; each use picks a surface."""
        rng, s = self.rng, facts.slots
        one = lambda table, key: lambda: rng.choice(table[key].split("|"))  # noqa: E731
        number, unit = s["quantity"]
        time_unit = unit if unit in ("minute", "hour") else "minute"
        goods = unit if unit not in ("minute", "hour", "person", "seat", "metre", "batch") else "box"
        place = s["place"] + (f" {s['place_number']}" if s["place_number"] and s["place"] in w.NUMBERED_PLACES else "")
        return {
            "E": s["equipment"] + (f" {s['number']}" if s["number"] else ""), "e": s["equipment"],
            "L": place if place[-1].isdigit() else "the " + place,
            "day": s["day"], "clock": s["clock"], "P": s["person"], "T": s["team"],
            "prob": one({k: v[0] for k, v in MACHINE_PROBLEMS.items()}, s["problem"]),
            "probn": one({k: v[1] for k, v in MACHINE_PROBLEMS.items()}, s["problem"]),
            "part": s["part"], "cond": one(CONDITIONS, s["condition"]),
            "act": one(ACTIONS, s["action"]), "stat": one(STATUSES, s["status"]),
            "Q": number, "U": UNITS[time_unit].split("|")[0], "G": UNITS[goods].split("|")[0],
            "event": s["event"], "chg": one(CHANGES, s["change"]), "why": one(REASONS, s["reason"]),
            "item": s["item"], "del": one(ORDER_PROBLEMS, s["delivery"]), "resp": one(ORDER_ACTIONS, s["response"]), "C": s["company"],
            "THE": lambda: rng.choice(["the ", "our "]) if not s["number"] else rng.choice(["", "", "the "]),
        }

    # --- posts

    OPENERS = [
        "hi all. ", "hello everyone. ", "good morning. ", "a note for [all of you|the next crew|my colleagues]. ", "for your information. ",
        "has [anyone|anybody] seen this before? ", "sorry for the long text. ", "dear all. ", "[quick|short] report. ", "I am new here. ", "", "", "", "",
    ]
    INCIDENT = [
        ["on {day} [at {clock} |at about {clock} |]{THE}{E} in {L} {prob}. ", "{THE}{E} in {L} {prob} on {day}[ at {clock}|]. ",
         "[at {clock} on {day}|{day} at {clock}] {THE}{E} in {L} {prob}. ", "we had a case of {probn} at {THE}{E} in {L} on {day}[ at {clock}|]. ",
         "in {L}, {THE}{E} {prob} [on {day}|{day} at {clock}]. ", "there was a case of {probn} at {THE}{E} in {L} on {day}. "],
        ["{P} from {T} [found|noticed|saw] it first. ", "{P} from {T} was [there|nearby|on duty]. ", "I [called|asked|told] {P} from {T}. ",
         "luckily {P} from {T} came [at once|quickly|within minutes]. ", ""],
        ["we [lost|were idle for|waited] {Q} {U}. ", "[the whole line|everybody|our team] [waited|stood] for {Q} {U}. ",
         "[that|it|this] cost us {Q} {G}[ of product|]. ", "we had to throw away {Q} {G}. ", "", ""],
        ["[the cause was|the reason was|it was|it turned out to be|behind it was] a {cond} {part}. ", "a {cond} {part} was [the cause|to blame|behind it]. ",
         "{P} found a {cond} {part}[ inside| at the back| under the cover|]. ", "[inside|under the cover|at the back] we found a {cond} {part}. "],
        ["{P} {act} {apart}. ", "in the end {P} {act} {apart}. ", "[then|so|after lunch] {P} {act} {apart}. ", "{P} {act} {apart} [with care|by hand|twice]. "],
        ["[now|by now|since then|for now] the {e} {stat}. ", "the {e} {stat}[ now| today|]. "],
    ]
    MEETING = [
        ["the {event} in {L} on {day}[ at {clock}|] {chg}. ", "please note: the {event} on {day} at {clock} in {L} {chg}. ",
         "about the {event} in {L}: it was set for {day} at {clock}, and it {chg}. ", "the {event} {chg}. it was planned for {day} at {clock} in {L}. "],
        ["[this is because|the reason: |it is so because] {why}. ", "[sadly|simply put], it is because {why}. ", "why? because {why}. "],
        ["[about|some|around] {Q} {MU} [signed up|are expected|have replied]. ", "we [expect|count on] {Q} {MU}. ", "", ""],
        ["{P} from {T} [keeps|has|makes] the list. ", "[ask|call|write to] {P} from {T} [about it|if you have questions|in any case]. ", "{P} from {T} will [lead|open|prepare] it. "],
        ["bring [your|some|the] {item}. ", "[everyone|each of us] needs {item}. ", "please do not forget your {item}. ", ""],
    ]
    DELIVERY = [
        ["[our|the|my] order of {Q} {G} of {item} from {C} {del}[ on {day}|]. ", "on {day} the {item} from {C}[, {Q} {G},|] [were checked|were due]: the order {del}. ",
         "we [bought|asked for] {Q} {G} of {item} from {C}. on {day} the order {del}. ", "{C} should have sent {Q} {G} of {item} [on|by] {day}, but it {del}. "],
        ["{P} from {T} [noticed|saw|reported] it[ at {clock}|]. ", "{P} from {T} [opened|counted|signed for] [the lot|everything]. ", "[it was|I asked] {P} from {T} who [took the call|wrote it down]. "],
        ["{P} {resp}. ", "[so|then|in the end] {P} {resp}. ", "after [a call|some thought|lunch], {P} {resp}. "],
        ["[the new ones|the rest] should be in {L} [soon|next week]. ", "[everything|the rest] [lies|waits] in {L}. ", "please look in {L} [first|for the rest]. ", ""],
    ]
    CHATTER = [
        "by the way, {hob} was [a lot of fun|hard work|as usual] this weekend. ", "my {animal} {petact}. ", "I planted {garden} [at home|behind the house|with my uncle]. ",
        "we had {weather} all week. ", "[after|before] {hob} I was [quite|rather] tired. ", "my neighbour grows {garden} and {garden}. ",
        "[her|his|our] {animal} {petact}, but that is another story. ", "outside there was {weather}[ and {weather}|]. ", "does anyone like {hob}? ",
        "I dreamed of a {animal}[ and a {animal}|]. ", "my {family} gave me {garden}. ", "my {family} has a {animal} now. ",
    ]
    CLOSERS = ["[thanks|thank you|many thanks] for reading. ", "please [pass it on|tell the others]. ", "[see you|talk to you] soon. ", "any ideas? ", "what would you do? ",
               "[regards|cheers]. ", "stay safe. ", "", "", "", ""]

    def chatter_slots(self) -> dict:
        return {"hob": w.HOBBIES, "animal": w.ANIMALS, "garden": w.GARDEN, "weather": w.WEATHER, "petact": CHATTER_ACTS,
                "family": listed("sister, brother, aunt, uncle, mother, father, cousin, daughter, son, niece, nephew, wife, husband, landlord")}

    def slots(self, facts: Facts) -> dict:
        surfaces = self.surfaces(facts)
        rng = self.rng
        article = "" if facts.slots["action"] == "order" else "the "
        surfaces["it"] = "one" if facts.slots["action"] == "order" else "it"
        surfaces["apart"] = article + str(facts.slots["part"])
        surfaces["MU"] = rng.choice(["people", "people", "persons"])
        return {**surfaces, **self.chatter_slots()}

    def post(self, facts: Facts) -> str:
        rng = self.rng
        plan = {"incident": self.INCIDENT, "meeting": self.MEETING, "delivery": self.DELIVERY}[facts.kind]
        slots = self.slots(facts)
        body = [expand(rng.choice(options), slots, rng) for options in plan]
        if facts.kind == "incident" and rng.random() < 0.15:
            body[1], body[2] = body[2], body[1]
        for _ in range(rng.choice([0, 1, 1, 2])):
            body.insert(rng.randint(0, len(body)), expand(rng.choice(self.CHATTER), slots, rng))
        return tidy(expand(rng.choice(self.OPENERS), {}, rng) + "".join(body) + expand(rng.choice(self.CLOSERS), {}, rng))

    # --- summaries

    GOOD = {
        "incident": [
            "{E} in {L} {prob} on {day}[ because of a {cond} {part}|]; {P} {act} {apart}[ and it {stat}|].",
            "{THE}{E} {prob} on {day}. {P} {act} {apart}[; it {stat}|].",
            "a {cond} {part} [made trouble at|was the trouble with] {THE}{E} in {L}: it {prob}. it {stat}.",
            "{probn} at {THE}{E} in {L} on {day}[ at|] because of a {cond} {part}. {P} {act} {it}[ and it {stat}|].",
            "{THE}{E} in {L} {prob}; a {cond} {part} was [the cause|to blame]. {P} {act} {it}.",
            "{P} {act} {apart} of {THE}{E} in {L}, which {prob} on {day}. it {stat}.",
            "{day}: {THE}{E} {prob}, {P} {act} {apart}, and it {stat}.",
            "{THE}{E} in {L} {prob}. cause: a {cond} {part}. [done by {P}|{P} {act} {it}]. it {stat}.",
            "{THE}{E} {prob}.", "{THE}{E} in {L} {prob} on {day}.", "{THE}{E} {prob} because of a {cond} {part}.", "{THE}{E} {prob}; it {stat}.",
            "{P} {act} {apart} of {THE}{E}.",
        ],
        "meeting": [
            "the {event} on {day} in {L} {chg} because {why}[; ask {P}|].",
            "the {event} {chg} because {why}. [contact: {P}|ask {P} from {T}].",
            "{event} on {day}: it {chg}, because {why}. {P} [knows more|has the list].",
            "because {why}, the {event} in {L} {chg}[; {P} from {T} has the list|].",
            "the {event} {chg}.", "the {event} on {day} {chg}.", "the {event} {chg} because {why}.",
        ],
        "delivery": [
            "the order of {item} from {C} {del}; {P} {resp}.",
            "{P} {resp} because the order of {item} from {C} {del}.",
            "order of {item} from {C} {del}[ on {day}|]. {P} {resp}.",
            "{item} from {C}: the order {del}[, so|, and] {P} {resp}.",
            "the order of {item} {del}.", "the order of {item} from {C} {del}.", "the order of {item} {del}; {P} {resp}.",
        ],
    }
    RAMBLE = [
        "so I thought I would write [a few lines|something] about [all this|what happened], ", "well, [it is a long story|where to begin], ",
        "as [I|we] said, there is [much|a lot] to tell and [much|a lot] to think about. ", "and then [again|also] one could say that things happen, ",
        "it was one of those [days|weeks], [you know|really], ", "[anyway|in any case], ", "people [talk|say a lot], and [people|they] forget, ",
    ]
    VAGUE = [
        "something [happened|broke|went wrong] [somewhere|at work|last week].", "[a machine|a thing|it] had a [problem|fault].", "a [meeting|date] changed.",
        "[someone|somebody] did something[ about it|].", "there was [trouble|a problem] and [now|then] it is [over|done|better].", "an order had [a problem|trouble].",
        "please read the [text|post] above.", "[various|several] things [happened|were said].", "it is about [work|a machine|an order|a date].",
    ]

    def summary(self, facts: Facts, style: str) -> str:
        rng = self.rng
        if style == "wrong":
            facts = self.falsify(facts)
        slots = self.slots(facts)
        if style == "vague":
            return tidy(expand(rng.choice(self.VAGUE), {}, rng))
        good = expand(rng.choice(self.GOOD[facts.kind]), slots, rng)
        if style == "rambling":
            head = expand(rng.choice(self.RAMBLE), {}, rng) + expand(rng.choice(self.CHATTER), slots, rng)
            if rng.random() < 0.6:
                head += expand(rng.choice(self.RAMBLE), {}, rng)
            tail = " " + expand(rng.choice(self.CHATTER), slots, rng) if rng.random() < 0.6 else ""
            return tidy(head + good + tail)
        return tidy(good)

    SWAPPABLE = {
        "incident": ("equipment", "place", "day", "person", "problem", "part", "action", "status", "number"),
        "meeting": ("event", "place", "day", "person", "change", "reason"),
        "delivery": ("item", "company", "person", "delivery", "response"),
    }

    def falsify(self, facts: Facts) -> Facts:
        rng = self.rng
        slots = dict(facts.slots)
        for slot in rng.sample(self.SWAPPABLE[facts.kind], rng.choice([2, 2, 3, 4])):
            before = slots[slot]
            while slots[slot] == before:
                slots[slot] = self.value(slot)
        return Facts(facts.kind, slots)

    def style(self) -> str:
        return self.rng.choices(["faithful", "wrong", "rambling", "vague"], [0.70, 0.12, 0.12, 0.06])[0]


NUMBERED = tuple(place for place in w.NUMBERED_PLACES if place in w.PLACES.train)
