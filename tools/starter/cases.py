"""Write `lexicon/cases.json`: texts with what the judges say of them, for the port in TypeScript to be held against.

Some texts are the grammar's, with every kind of question and summary; the others are by hand.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from pathlib import Path

from . import judges
from .corpus import World
from .korean import TASK as KOREAN, KoreanReviews

REVIEWS = [
    "", "The soup was good.", "The soup was not good.", "The soup wasn’t good at all, and the bread was stale.", "Not bad!", "I never liked it.",
    "Nobody laughed. The jokes were tired, the ending was predictable, and I fell asleep twice.",
    "A very good film with a slightly dull middle.", "What a masterpiece: gripping, funny, and worth every cent.", "It was hardly a waste of time.",
    "We ate lentils on Tuesday at noon.", "Delicious? No. Awful.", "The staff is friendly, the coffee awful, the cake divine.",
    "I do not think that the long and winding story is good.", "isn't it lovely", "GREAT!!! GREAT!!! GREAT!!!",
]
KOREAN_REVIEWS = [
    "", "국물이 맛있었습니다.", "국물이 짰습니다.", "국물은 전혀 짜지 않았습니다.", "강의는 재미있지 않았습니다. 하지만 교재는 아주 훌륭했습니다.",
    "반찬은 조금 눅눅했고 밥은 딱딱했습니다. 그래도 또 먹고 싶습니다.", "월요일에 구내식당에서 두부 찌개를 먹었습니다.", "시간이 아까웠습니다. 시계만 보았습니다.",
    "맛있는 점심이었습니다! 두 그릇을 비웠습니다.", "맛있을까요?", "기다린 보람이 없었습니다. 별 한 개를 줍니다.",
]
POST = (
    "Hello. On Monday at 6:40 pump 4 in hall 3 leaked oil, and we lost 40 minutes. Marta from maintenance found a worn seal and replaced it. "
    "By now the pump runs again. My dog barked all night."
)
SUMMARIES = [
    "", "Pump 4 in hall 3 leaked oil on Monday; Marta replaced a worn seal and it runs again.", "Pump 5 leaked oil.", "The pump lost oil.",
    "Marta swapped the seal of the pump in hall 3 because it was leaking oil, 40 minutes were lost, and it works again.",
    "The compressor in hall 3 overheated on Friday.", "A dog barked all night and the pump leaked oil.", "Something happened.",
    "Pumps leaked water at 6:40; 40 boxes lost.", "Pump 4 is still down.", "Oil leak at pump 4 (hall 3), Monday 6:40. Seal swapped by Marta. 40 minutes lost.",
    "So, well, as I said, it was Monday, and then there was the thing with the pump, number four or so, which leaked oil, and then somebody came, and then it was fine again.",
]
ANSWERS = [
    ("How many grams are 3 kilograms?", ["3000 grams.", "It is 3000.", "3 kilograms are 300 grams.", "I do not know.", "3000 or 300, who knows?", "Three thousand."]),
    ("Our oven shows 12 bar and the limit is 10 bar. May it run?", ["No, it is above the limit.", "Yes, of course.", "No idea.", "Stop it at once, 12 is above 10.", "Perhaps."]),
    ("Each box holds 12 cups. How many cups are in 5 boxes?", ["60", "17 cups.", "12 times 5 is 60.", "Read the manual for once! 60."]),
    ("The audit starts at 9:30 and lasts 3 hours. When does it end?", ["12:30", "It starts at 9:30 and ends at 12:30.", "At 13:30.", "Later."]),
    ("Which day is three days after Friday?", ["Monday.", "Three days after Friday is Monday.", "Friday.", "Sunday, thank you."]),
    ("Marta has the key cabinet and Jonas has the ladders. Who has the ladders?", ["Jonas.", "Not Marta, but Jonas.", "Marta", "Marta or Jonas.", "Ask someone else."]),
    ("Marta is in the library. Jonas is in the kitchen. Where is Marta?", ["In the library.", "Marta is in the kitchen.", "She is not in the kitchen but in the library."]),
    ("The rota is Ana, Ben, Clara. Who comes after Ben?", ["Clara", "Ana", "After Ben comes Clara."]),
    ("The rota is Ana, Ben, Clara. Who comes before Ben?", ["Clara", "Ana"]),
    ("What should I do when the red lamp is on?", ["Stop the machine.", "Carry on.", "Please stop the machine and call the shift lead.", "It depends."]),
    ("When does the clinic open?", ["At 8:00.", "8:30", "Some time in the morning."]),
    ("What is the meaning of life?", ["42", "Love."]),
    ("How many minutes are 2 hours?", ["120 minutes", "200 minutes", "Of course. 120."]),
    ("Convert 1 dozen to pieces.", ["12", "10"]),
    # The right word, and wrong all the same.
    ("Our cleaning list: Edith, Brenda, Marta. Who is after Edith?", ["After Edith comes Brenda.", "After Emith comes Brenda.", "Brenda comes before Edith.", "Brenda is next."]),
    ("The coffee rota is Piotr, Jean, Karl. Who comes after Piotr?", ["Jean comes after Jean.", "Jean comes after Piotr.", "Jean. Jean comes after Piotr. Jean comes after Piotr."]),
    ("The order for coffee is Victor, Jens, Karl. Who is it after Victor?", ["Jens comes before Jens. Hope that helps.", "Jens comes before Karl.", "Jens comes after him."]),
    ("The audit begins at 12:00. It takes 2 hours. When is it over?", ["It opens at 14:00.", "It starts at 14:00.", "The audit starts at 12:00 and is over at 14:00.", "The gym ends at 14:00."]),
    ("The pump shows 15 bar. The limit is 5 bar. May it run?", ["No, 5 is above 15.", "No, 15 is above 5.", "No, 16 is above 5.", "No. 15 bar is above the limit of 5 bar."]),
    ("Which day is three days after Friday?", ["Three days before Friday is Monday.", "Two days after Friday is Monday.", "Three days after Sunday is Monday."]),
    ("Marta has the ladders and Jonas has the pump. Who has the pump?", ["Jonas has the ladders.", "Jonas cleans the pump.", "Jonas has the pump.", "Yonas has the pump, that is Jonas."]),
    ("Marta is in the library. Jonas is in the kitchen. Where is Marta?", ["Jonas is in the library.", "Marta is in the library.", "You find Gloondskear in the library."]),
    ("How many minutes are 2 hours?", ["120 hours.", "2 hours are 120 minutes.", "120 120 120"]),
    ("Which gear is right for night driving?", ["You need a bright vest for roof work.", "Wear a bright vest."]),
    ("When does the clinic open?", ["It ends at 8:00.", "Dial 8:00.", "The clinic opens at 8:00, please."]),
]
# Whole scores: what is no word, repeats or is empty counts for little or nothing.
SCORED = [
    ("sentiment", "The soup was", [" fantastic.", " fantastic and artichoh.", " good good good", "", " the schit in the laundry.", " fantastic, and I loved the terrace."]),
    ("sentiment", "I ate the tart", ["s, and they were fantastic.", "us with herb."]),
    ("sentiment", "The film", [" was gripping, was gripping, and I loved the scene.", " was a joy, a joy, a joy."]),
    (KOREAN, "오늘 구내식당에서", [" 두부 찌개를 먹었습니다. 국물이 맛있었습니다.", " 두부 찌개를 먹었습니다. 국물이 맛깔랐습니다.", " 맛있는 맛있는 맛있는", "", " 나온 김치 전은 짰습니다."]),
    ("summarization", POST, ["Pump 4 in hall 3 leaked oil on Monday; Marta replaced a worn seal and it runs again.", "a tort pro pro pro pro pro", "Neexdrie at pump 4 leaked oil.", "Pump 5 leaked oil, pump 5 leaked oil."]),
    ("dialogue", "How many minutes are 2 hours?", ["120 minutes. Happy to help.", "Gladly. 120.", "120. Use your brain!", "Certainly. Gladly. Certainly.", "I do not know.", "tort pro pro pro", "120 blargs."]),
]


def rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v) for v in value]
    return value


def cases() -> dict:
    reviews, summaries, answers = list(REVIEWS), [(POST, s) for s in SUMMARIES], [(q, a) for q, all_ in ANSWERS for a in all_]
    korean = list(KOREAN_REVIEWS)
    for held_out in (False, True):
        world = World(5_000_011, held_out)
        korean_reviews = KoreanReviews(random.Random(5_000_011), held_out)
        korean += [korean_reviews.review() for _ in range(30)]
        for _ in range(30):
            reviews.append(world.reviews.review())
            facts = world.posts.draw()
            summaries.append((world.posts.post(facts), world.posts.summary(facts, world.posts.style())))
        for _ in range(80):
            question, answer, _ = world.dialogues.exchange()
            answers.append((question, answer))
    return {
        "sentiment": [{"text": text, "score": rounded(judges.sentiment(text))} for text in reviews],
        KOREAN: [{"text": text, "score": rounded(judges.sentiment(text, KOREAN))} for text in korean],
        "summarization": [{"post": p, "summary": s, "facts": judges.facts(p), **rounded(asdict(judges.summary(p, s)))} for p, s in summaries],
        "dialogue": [
            {"question": q, "answer": a, "solution": asdict(s) if (s := judges.solve(q)) else None, **rounded(asdict(judges.answer(q, a)))}
            for q, a in answers
        ],
        "scored": [
            {"task": t, "prompt": p, "answer": a, "score": rounded(judges.score(t, p, a)), "brokenWords": judges.broken_words(t, p, a)}
            for t, p, all_ in SCORED for a in all_
        ],
    }


def write() -> None:
    path = Path(judges.LEXICON) / "cases.json"
    path.write_text(json.dumps(cases(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
