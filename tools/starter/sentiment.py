"""Controlled sentiment: short reviews of films and canteen meals, positive, negative or mixed.

A review has a stance, but each sentence draws its own polarity from it, so that no prefix decides
the rest. Sentiment is written only with the words and phrases of the lexicon below (with negators,
boosters and dampeners), so `judges.sentiment` can read it back from the text.
"""

from __future__ import annotations

import random
import re

from . import words as w
from .engine import expand, plural, tidy
from .words import listed, one_word

POS_ANY = one_word("""
good great wonderful excellent superb brilliant fantastic marvellous lovely delightful charming splendid terrific
outstanding remarkable impressive pleasant enjoyable satisfying memorable perfect magnificent gorgeous beautiful fine
admirable amazing astonishing fabulous exquisite sublime phenomenal glorious incredible first-rate generous
""")
POS_FILM = one_word("""
gripping thrilling moving touching funny hilarious clever witty inventive suspenseful poetic heartfelt uplifting
riveting absorbing stylish original intelligent imaginative exciting believable convincing tender graceful elegant
captivating enchanting dazzling masterful polished engaging breathtaking heartwarming
""")
POS_FOOD = one_word("""
delicious tasty fresh crisp juicy fragrant flavourful creamy hearty appetising mouthwatering savoury well-seasoned
nourishing wholesome tender succulent crunchy spicy aromatic velvety scrumptious
""")
NEG_ANY = one_word("""
bad terrible awful horrible dreadful poor disappointing appalling miserable lousy mediocre unpleasant atrocious abysmal
pathetic ghastly shoddy lamentable regrettable unbearable horrid pitiful annoying ridiculous sloppy careless overpriced
forgettable second-rate laughable unacceptable
""")
NEG_FILM = one_word("""
boring dull tedious predictable shallow confusing clumsy lifeless wooden pretentious silly tiresome bland cheesy
pointless incoherent sluggish unconvincing unfunny uninspired amateurish stale flat contrived messy derivative dreary
humourless overlong implausible
""")
NEG_FOOD = one_word("""
tasteless bland soggy greasy stale burnt undercooked overcooked watery salty lukewarm rubbery tough bitter mushy sour
cold slimy gritty oily inedible revolting disgusting rancid chewy limp mouldy flavourless
""")
POS_NOUNS = one_word("masterpiece triumph gem delight treat pleasure joy success highlight feast marvel wonder")
NEG_NOUNS = one_word("disaster mess failure disappointment chore bore flop nightmare insult embarrassment catastrophe letdown")
POS_VERBS = one_word("loved enjoyed adored admired liked praised cherished relished appreciated")
NEG_VERBS = one_word("hated disliked regretted loathed despised detested resented")
POS_FELT = one_word("delighted thrilled charmed pleased enchanted impressed amazed happy satisfied captivated")
NEG_FELT = one_word("annoyed bored disappointed disgusted irritated angry frustrated appalled unhappy dissatisfied")
POS_PHRASES = listed("""
worth every cent, worth the wait, worth the ticket, a real treat, full of life, five stars, ten out of ten, laughed out loud,
moved to tears, asked for seconds, licked the plate clean, two thumbs up, stood up and clapped, won us over, came back twice,
stole the show, hit the spot, made my day, a breath of air, best of the year
""")
NEG_PHRASES = listed("""
a waste of time, a waste of money, fell asleep, walked out, left half of it, sent it back, one star, two hours lost, asked for a refund,
threw it away, went home hungry, looked at my watch, ruined the evening, gave me a stomach ache, put us to sleep,
fell flat, made no sense, got on my nerves, worst of the year, two thumbs down
""")
POS_ADVERBS = one_word("beautifully brilliantly wonderfully superbly perfectly delightfully cleverly splendidly masterfully")
NEG_ADVERBS = one_word("badly terribly poorly horribly awfully dreadfully clumsily carelessly appallingly")
# Words the grammar never writes; the judge knows them all the same.
POS_EXTRA = one_word("""
best better nice favourite awesome love loves enjoy enjoys recommend recommended joyful cheerful kind friendly yummy
superior stunning spectacular exceptional divine flawless refreshing fascinating inspiring sweet exceeded winner fun
recommendable pleasing adorable
""")
NEG_EXTRA = one_word("""
worst worse hate hates dislike nasty ugly gross sad weak useless worthless rude unfriendly dirty awkward painful slow
disgrace rubbish garbage trash junk avoid unappetising dishonest cheap fails failed boredom horrific vile
""")

NEGATORS = one_word("not never hardly no nothing neither nor without isn't wasn't aren't weren't didn't don't doesn't cannot can't couldn't barely")
BOOSTERS = one_word("very really extremely truly absolutely so utterly completely incredibly totally remarkably deeply thoroughly simply")
DAMPENERS = one_word("slightly somewhat rather fairly quite almost partly mildly")


def lexicon() -> dict:
    """What `judges.sentiment` needs, as it is exported to JSON."""
    positive = {*POS_ANY, *POS_FILM, *POS_FOOD, *POS_NOUNS, *POS_VERBS, *POS_FELT, *POS_PHRASES, *POS_ADVERBS, *POS_EXTRA}
    negative = {*NEG_ANY, *NEG_FILM, *NEG_FOOD, *NEG_NOUNS, *NEG_VERBS, *NEG_FELT, *NEG_PHRASES, *NEG_ADVERBS, *NEG_EXTRA}
    positive |= {plural(n) for n in POS_NOUNS}
    negative |= {plural(n) for n in NEG_NOUNS}
    positive -= {"remarkably", "incredibly"}
    both = positive & negative
    if both:
        raise ValueError(f"both polarities: {both}")
    # The hyphen is no letter to the judge's tokeniser.
    clean = lambda entries: sorted({entry.lower().replace("-", " ") for entry in entries})  # noqa: E731
    return {
        "positive": clean(positive),
        "negative": clean(negative),
        "negators": sorted(NEGATORS),
        "boosters": sorted(BOOSTERS),
        "dampeners": sorted(DAMPENERS),
        "negationWindow": 3,
        "boost": 1.5,
        "dampen": 0.5,
        "gain": 2,
    }


PLURAL_SUBJECT = re.compile(
    r"\b((?:" + "|".join(t for t in (*w.FILM_THINGS, *w.CANTEEN_THINGS, *w.DISHES.all) if t.endswith("s")) + r")) (?:was|is)\b"
)


class Reviews:
    """Writes reviews; one object per generator and per side of the held-out split."""

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.rng = rng
        self.held_out = held_out

    def title(self) -> str:
        adjective, noun = w.TITLE_ADJECTIVES.of(self.held_out), w.TITLE_NOUNS.of(self.held_out)
        other, surname = w.TITLE_NOUNS.of(self.held_out), w.NAMES.of(self.held_out)
        pick = self.rng.choice
        return pick([
            f"The {pick(adjective)} {pick(noun)}", f"{pick(adjective)} {pick(noun)}", f"The {pick(noun)} and the {pick(other)}",
            f"{pick(noun)} in {pick(w.CITIES.of(self.held_out))}", f"{pick(surname)} and the {pick(adjective)} {pick(noun)}",
            f"A {pick(noun)} for {pick(surname)}", f"The {pick(noun)} of {pick(w.CITIES.of(self.held_out))}", f"The {pick(noun)}",
        ])

    def dish(self) -> str:
        pick = self.rng.choice
        first, second = pick(w.INGREDIENTS.of(self.held_out)), pick(w.INGREDIENTS.of(self.held_out))
        kind = pick(w.DISHES.of(self.held_out))
        return pick([f"{first} {kind}", f"{first} {kind}", f"{first} and {second} {kind}" if first != second else f"{first} {kind}",
                     f"{kind} with {second}", f"{first} {kind} with {second}" if first != second else f"{first} {kind}"])

    def polar(self, positive: bool, film: bool) -> dict:
        """Slots of a sentence of one polarity."""
        rng = self.rng
        adjectives = (POS_ANY + (POS_FILM if film else POS_FOOD)) if positive else (NEG_ANY + (NEG_FILM if film else NEG_FOOD))
        opposite = (NEG_ANY + (NEG_FILM if film else NEG_FOOD)) if positive else (POS_ANY + (POS_FILM if film else POS_FOOD))
        film_only = {"laughed out loud", "moved to tears", "stole the show", "stood up and clapped", "worth the ticket", "fell asleep",
                     "walked out", "two hours lost", "looked at my watch", "ruined the evening", "put us to sleep", "made no sense",
                     "fell flat", "a breath of air", "full of life"}
        food_only = {"asked for seconds", "licked the plate clean", "hit the spot", "left half of it", "sent it back", "went home hungry",
                     "threw it away", "gave me a stomach ache"}
        subject = {"won us over", "stole the show", "hit the spot", "made my day", "ruined the evening", "gave me a stomach ache",
                   "put us to sleep", "fell flat", "made no sense", "got on my nerves"}
        nominal = {"worth every cent", "worth the wait", "worth the ticket", "a real treat", "full of life", "five stars", "ten out of ten",
                   "two thumbs up", "a breath of air", "best of the year", "a waste of time", "a waste of money", "one star",
                   "two hours lost", "worst of the year", "two thumbs down"}
        phrases = [p for p in (POS_PHRASES if positive else NEG_PHRASES) if p not in (food_only if film else film_only)]
        be = {"five stars": "gets five stars from me", "one star": "gets one star from me", "two thumbs up": "gets two thumbs up",
              "two thumbs down": "gets two thumbs down", "ten out of ten": "deserves ten out of ten",
              "best of the year": "was the best of the year", "worst of the year": "was the worst of the year",
              "two hours lost": "meant two hours lost"}
        level = rng.random()
        adverb = rng.choice(BOOSTERS) + " " if level < 0.3 else rng.choice(DAMPENERS) + " " if level < 0.36 else ""
        ours = [p for p in phrases if p not in subject and p not in nominal]
        return {
            "A": lambda: adverb + rng.choice(adjectives),
            "B": lambda: rng.choice(adjectives),
            "O": lambda: rng.choice(opposite),
            "N": POS_NOUNS if positive else NEG_NOUNS,
            "V": POS_VERBS if positive else NEG_VERBS,
            "F": POS_FELT if positive else NEG_FELT,
            "D": POS_ADVERBS if positive else NEG_ADVERBS,
            "we_did": lambda: rng.choice(ours),
            "it_did": lambda: rng.choice([p for p in phrases if p in subject]),
            "it_was": lambda: (lambda p: be.get(p, "was " + p))(rng.choice([p for p in phrases if p in nominal])),
        }

    FILM_OPEN = [
        "[we|I|{who} and I] [saw|watched] {title} [on {day}|last week|last night|at the [old |new |]cinema|at home|twice|{with_whom}|] [and|; |. ]",
        "{title} [is|was] a {genre} [about|with] {hero}[ in {city}|][. | and |; ]",
        "{title} [tells of|follows|is about|shows] {hero} who {quest}. ",
        "[last {day} |yesterday |this week |on {day} ][we went|I went|{who} and I went] to see {title}. ",
        "{surname}'s [new|latest|first|second] {genre} [opens|begins|starts] with {hero}[ in {city}|]. ",
        "[in|for] this {genre}, {hero} {quest}. ",
        "[the film club|{team}|our cinema] [showed|chose|picked] {title}[ on {day}|]. ",
        "{hero} {quest}: that is [the plot of|the story of|] {title}. ",
        "[the|this] {genre} [by|from] {name} {surname} ",
        "[my|our] [opinion of|thoughts on|notes on] {title}: ",
        "",
        "",
    ]
    FOOD_OPEN = [
        "[we|I|{who} and I] [had|ate|tried|ordered|chose] the {dish} [on {day}|today|yesterday|for lunch|in {place}|{with_whom}|] [and|; |. ]",
        "the {dish} [in the canteen|at the counter|on {day}|from the buffet|today|of the day|] ",
        "[today|yesterday|on {day}|this week] the [canteen|kitchen|cook|chef|{company} canteen] [served|offered|made] {dish}. ",
        "[lunch|dinner|breakfast] [on {day}|today|in {place}|in {city}|with {team}]: {dish} [and|, then] {dish2}. ",
        "[the menu|the board|the sign] said {dish}. ",
        "[the canteen|the kitchen|the cook] [in|at] {place} [has|had] {dish} [on {day}|this week]. ",
        "[the|my] {dish} with {name} [from|of] {team} ",
        "{name} [from {team}|] [told|asked|invited] me to [try|taste] the {dish}. ",
        "",
        "",
    ]
    FILM_BODY = [
        "[the|its|this] {thing} [was|is|seemed|felt] {A}", "[the|its] {thing} [and|and the] {thing2} [were|are] {A}",
        "I {V} [the|its] {thing}", "[we|I|{who}] {V} [it|every minute|the {thing}][ from start to finish|]",
        "[a|what a|such a] {A} {thing}", "[it|this|the film|the {genre}] [was|is] [a {N}|a {B} {N}]", "{name} {surname} [was|is] {A} as the {job}",
        "[I|we|{who}] {we_did}", "[it|the film|the {thing}] {it_did}", "[it|this film|that] {it_was}",
        "[the|its] {thing} [was|is] [B_AND]", "the {thing} was {D} [written|done|made|filmed|cut|played]",
        "[never|not once] {O}[, |]", "[the|its] {thing} was [not|never|hardly] {O}", "{who} was {F} [by|with] the {thing}",
        "[we|I] [left|came out|drove home] {F}", "{surname} plays a {job} with {B} {thing}", "it was [not|never] a {O} {genre}",
        "[after|by] the [second|first|last] [act|hour|scene] [I|we] {we_did}", "how {B} the {thing} [was|is]",
        "[there was|it has] [a|one] {A} {thing}", "the {thing} [made|kept] [me|us] {F}",
    ]
    FOOD_BODY = [
        "[the|its|this] {thing} [was|is|seemed|tasted] {A}", "[the|its] {thing} and {thing2} [were|are] {A}",
        "I {V} [the|its] {thing}", "[we|I|{who}] {V} [it|every bite|the {thing}]", "[a|what a|such a] {A} {thing}",
        "[it|this|the {dishkind}|lunch] [was|is] [a {N}|a {B} {N}]", "[I|we|{who}] {we_did}", "[it|the {dishkind}|the {thing}] {it_did}",
        "[it|this meal|that] {it_was}", "[the|its] {thing} [was|is] [B_AND]", "the {thing} was {D} [cooked|made|seasoned|served|prepared|sliced]",
        "[the|its] {thing} was [not|never|hardly] {O}", "{who} was {F} [by|with] the {thing}", "[we|I] [left|went back to work] {F}",
        "it was [not|never] a {O} {dishkind}", "the {thing} [came|arrived] {B}[ and {B}|]", "how {B} the {thing} [was|is]",
        "[there was|it came with] [a|one] {A} {thing}", "the {thing} [made|left] [me|us] {F}", "even the {thing} was {A}",
    ]
    NEUTRAL = [
        "[it|the film] [lasts|runs for|took] {number} minutes", "the hall had {number} seats", "[we|I] sat in row {number}",
        "it [cost|costs] {number} [cents|crowns|tokens]", "{name} played the {job}", "the {job} {quest}", "[we|I] went with {who}",
        "they filmed it in {city}", "{name} {surname} wrote it",
    ]
    NEUTRAL_FOOD = [
        "[we|I] sat [by the window|near the door|at table {number}|with {team}]", "it [cost|costs] {number} [cents|tokens]",
        "the recipe comes from {city}", "[we|I] ate with {who}", "{name} [cooked|served] it", "there was {dish} too",
        "they serve it on {day}s", "[the|a] {thing} came with it",
    ]
    JOIN_SAME = [". ", ". ", ", and ", "; ", ". also, ", ". besides, ", " because "]
    JOIN_OTHER = [", but ", ", yet ", ". however, ", "; still, ", " although "]

    def review(self) -> str:
        film = self.rng.random() < 0.5
        draw = self.rng.random()
        chance = 0.93 if draw < 0.44 else 0.07 if draw < 0.88 else 0.5
        base = self._slots(film)
        return self._finish(self._opening(film, base), film, chance, base)

    def opposites(self) -> tuple[str, str, str]:
        """(opening, a review that praises, one that blames): both begin with the opening and go on from the same draws."""
        film = self.rng.random() < 0.5
        base = self._slots(film)
        opening = self._opening(film, base)
        state = self.rng.getstate()
        praise = self._finish(opening, film, 1.0, base)
        self.rng.setstate(state)
        return tidy(opening), praise, self._finish(opening, film, 0.0, base)

    def _opening(self, film: bool, base: dict) -> str:
        return expand(self.rng.choice(self.FILM_OPEN if film else self.FOOD_OPEN), base, self.rng)

    def _slots(self, film: bool) -> dict:
        """What does not depend on the stance."""
        rng, held = self.rng, self.held_out
        things = w.FILM_THINGS if film else w.CANTEEN_THINGS
        return {
            "title": self.title, "dish": self.dish, "dish2": self.dish,
            "dishkind": w.DISHES.of(held), "genre": w.GENRES, "thing": things, "thing2": things,
            "name": w.NAMES.of(held), "surname": w.SURNAMES.of(held), "city": w.CITIES.of(held), "company": w.COMPANIES.of(held),
            "team": w.TEAMS, "who": w.COMPANIONS, "with_whom": lambda: "with " + rng.choice(w.COMPANIONS), "day": w.WEEKDAYS,
            "place": lambda: "the " + rng.choice(w.PLACES.of(held)), "job": w.OCCUPATIONS.of(held), "quest": w.QUESTS,
            "hero": lambda: expand("[a|the|one|a young|an old] " + rng.choice(w.OCCUPATIONS.of(held)), {}, rng),
            "number": lambda: str(rng.randint(4, 180)),
        }

    def _finish(self, text: str, film: bool, chance: float, base: dict) -> str:
        """Sentences after the opening, each positive by chance."""
        rng = self.rng
        verbal = not text.rstrip().endswith((".", ";", ":", "and")) and text != ""
        count = rng.choice([1, 2, 2, 3, 3, 4])
        before: bool | None = None
        for i in range(count):
            positive = rng.random() < chance
            slots = {**base, **self.polar(positive, film)}
            if i == 0 and verbal:
                clause = expand("[was|is|seemed|was] [{A}|{B} and {B}|a {N}|{A}]", slots, rng)
                text = text.rstrip() + " " + clause
            else:
                if i > 0 and rng.random() < 0.12:
                    text += ". " + expand(rng.choice(self.NEUTRAL if film else self.NEUTRAL_FOOD), base, rng)
                template = rng.choice(self.FILM_BODY if film else self.FOOD_BODY).replace("[B_AND]", "{B} and {B}")
                clause = expand(template, slots, rng)
                join = "" if i == 0 else rng.choice(self.JOIN_SAME if before == positive else self.JOIN_OTHER)
                text = text + join + clause if join else text.rstrip() + " " + clause
            before = positive
        text = PLURAL_SUBJECT.sub(r"\1 were", text)
        return tidy(text.replace(", ,", ",").replace(", .", ".").rstrip(", ") + rng.choice([".", ".", ".", "!"]))
