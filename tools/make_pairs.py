"""Write the preference pairs that the golden fixtures are computed on.

Makes `fixtures/pairs.jsonl` (24 plain-text pairs) and `fixtures/chat-pairs.jsonl`
(8 conversational pairs). The pairs are written by hand below; this script only
serialises them, so that the files stay one valid JSON object a line.

They are chosen for their edges: prompts of 3 to 40 words, completions of 1 to 30,
Korean, emoji and accents, digits, code, a prompt that ends in a newline, a
completion with no leading space, and pairs whose completions share a long prefix.

Usage: python tools/make_pairs.py
"""

from __future__ import annotations

import json
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

# (prompt, chosen, rejected)
PAIRS = [
    (
        "How often should the fern by the window be watered?",
        " Once a week, or when the top of the soil feels dry.",
        " Every hour, with as much water as the pot can hold.",
    ),
    (
        "Pump 3 is loud.",
        " Stop it, lock it out, and check the bearing.",
        " Ignore it.",
    ),
    (
        "The morning shift found a small puddle of oil under the second press, next to the guard rail, and the "
        "operator asked whether the line may keep running until the maintenance team arrives at noon. What do you say?",
        " No. Stop the press, mark the floor, and find the leak before anyone works near it again.",
        " Yes, put a towel on it and keep the line running; the maintenance team will look at it some day.",
    ),
    (
        "Say yes or no: is the valve open?",
        " Yes",
        " No",
    ),
    (
        "Write a short note to the team about the meeting.",
        " The meeting moved to Tuesday at ten. Please bring the numbers for last week.",
        " The meeting moved to Tuesday at ten. Please bring nothing, nobody reads it anyway.",
    ),
    (
        "오늘 회의는 몇 시에 시작하나요?",
        " 회의는 오전 열 시에 시작합니다.",
        " 모릅니다.",
    ),
    (
        "Translate to Korean: the plant is green.",
        " 그 식물은 초록색입니다.",
        " The plant is green.",
    ),
    (
        "Why do the leaves of the ficus turn yellow?",
        " Most often it gets too much water; let the soil dry and move it closer to the light.",
        " Most often it gets too much water; pour in more water until it stops.",
    ),
    (
        "Question: the temperature sensor on tank 12 reads 999.9 since 07:45. What is the likely cause?\nAnswer:",
        " A broken wire: 999.9 is the value the card sends for an open circuit.",
        " The tank is at 999.9 degrees.",
    ),
    (
        "Complete the line of code that prints the total:\n```python\ntotal = sum(values)\n",
        "print(total)\n```",
        "return None\n```",
    ),
    (
        "Who may enter the boiler room?",
        " Only trained staff, and only with a permit signed by the shift lead.",
        " Only trained staff, and only if they feel like it, and their friends too.",
    ),
    (
        "A colleague is sad because her cactus died. Be kind in one sentence.",
        " I am sorry about your cactus; you cared for it for years, and I would love to help you choose a new one. 🌵",
        " It was only a cactus.",
    ),
    (
        "Summarise: the order came late, two boxes were open, and the labels were wrong.",
        " The order was late, damaged and mislabelled.",
        " The order was late, damaged and mislabelled, which is fine, great, perfect, and nobody should ever write about it "
        "again in any report at all.",
    ),
    (
        "List three office plants that need little light:",
        "\n- snake plant\n- pothos\n- cast iron plant",
        "\n- sunflower\n- sunflower\n- sunflower",
    ),
    (
        "The café on the second floor closes at half past three on Fridays, so the project group wants to know where "
        "they can still get coffee for the late review with the guests from Zürich. Where should they go?",
        " The kitchen on the fourth floor has a machine; it is open until six.",
        " Nowhere.",
    ),
    (
        "May I prop the fire door open?",
        " No, never: it must close by itself.",
        " Sure, use a chair or the big plant.",
    ),
    (
        "Read the gauge: 4.2 bar, limit 6.0 bar.",
        " 4.2 bar is below the limit of 6.0 bar, so the line may run.",
        " 4.2 bar is above the limit of 6.0 bar, so the line must stop.",
    ),
    (
        "점검표를 한 문장으로 설명해 주세요. The reader is new here, and has never seen one of our check lists before today.",
        " 점검표는 매일 아침 기계를 켜기 전에 확인할 것을 적은 목록입니다.",
        " 점검표는 종이입니다.",
    ),
    (
        "What does the red lamp mean?",
        " The red lamp means stop.",
        " The red lamp means stop or go, depending on the day.",
    ),
    (
        "Answer with a number only. A tray holds 24 seedlings and we have 15 trays. How many seedlings?",
        " 360",
        " 24 + 15 = 39 seedlings, I think",
    ),
    (
        "Ask politely for the report.",
        " Could you please send me the report by Thursday? Thank you!",
        " SEND THE REPORT NOW!!!",
    ),
    (
        "The new printer shows the message “paper jam” although no paper is in the tray, the covers are shut, and it was "
        "switched off and on twice this morning. What would you try next, before calling the help desk?",
        " Open the rear door and look for a small torn piece of paper near the rollers.",
        " Hit it.",
    ),
    (
        "Describe the greenhouse in the evening.",
        " The lamps go out one by one, the fans slow down, and the air smells of wet earth and tomato leaves.",
        " It is a greenhouse, it is evening, the greenhouse is in the evening, the evening is in the greenhouse.",
    ),
    (
        "Finish the sentence: a clean workplace is",
        " a safe workplace.",
        " a waste of time.",
    ),
]


def user(text: str) -> dict:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict:
    return {"role": "assistant", "content": text}


# (prompt messages, chosen reply, rejected reply)
CHAT_PAIRS = [
    (
        [{"role": "system", "content": "You are a calm safety officer."}, user("The alarm rings. What now?")],
        "Leave by the nearest exit and meet at the blue sign.",
        "Finish your coffee first.",
    ),
    (
        [user("Which plant is good for a dark office?")],
        "A snake plant; it needs little light and little water.",
        "A sunflower.",
    ),
    (
        [
            user("My basil is dying."),
            assistant("How often do you water it?"),
            user("Three times a day."),
        ],
        "That is too often. Water it only when the top of the soil is dry.",
        "That is too often. Water it four times a day.",
    ),
    (
        [user("안녕하세요! 회의실은 어디에 있나요?")],
        "회의실은 삼 층에 있습니다.",
        "몰라요.",
    ),
    (
        [user("Give me one rule for ladders.")],
        "Keep three points of contact.",
        "Run.",
    ),
    (
        [
            {"role": "system", "content": "Answer in one word."},
            user("Is 4.2 bar below 6.0 bar?"),
        ],
        "Yes",
        "No",
    ),
    (
        [user("Write a line of Python that prints hello.")],
        "print('hello')",
        "PRINT HELLO",
    ),
    (
        [
            user("Who signs the permit?"),
            assistant("The shift lead."),
            user("And if she is on leave? 🙂"),
        ],
        "Her deputy, who is named on the board next to the door.",
        "Nobody.",
    ),
]


def write_jsonl(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def main() -> None:
    write_jsonl(
        FIXTURES / "pairs.jsonl",
        [{"prompt": p, "chosen": c, "rejected": r} for p, c, r in PAIRS],
    )
    write_jsonl(
        FIXTURES / "chat-pairs.jsonl",
        [{"prompt": p, "chosen": [assistant(c)], "rejected": [assistant(r)]} for p, c, r in CHAT_PAIRS],
    )


if __name__ == "__main__":
    main()
