"""Write the log-probs of the letters A and B as transformers has them: `fixtures/golden/letters.json`.

`{made_by, cue, questions, models}`; `models`: `[{path, template, ids, letters}]`. `letters` is one `{tokens, a, b}` a
question: tokens that go in, and the logs of the summed probabilities, in nats, of the tokens of `ids.a` and `ids.b`: A
and B as the first token of a reply, bare and after a space, where both letters have that form as one token of their
own. A model with a chat template is asked through it; another is given the question and the cue.

Usage: python tools/make_judge_golden.py
"""

from __future__ import annotations

import json

import make_golden as golden
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MADE_BY = golden.MADE_BY.replace("make_golden.py", "make_judge_golden.py")
OUT = golden.FIXTURES / "golden" / "letters.json"
# The starter's tokenizer alone has both forms of the letters.
MODELS = ["fixtures/tiny-llama", "fixtures/tiny-gpt-neox", "fixtures/tiny-gemma3", "public/starter/model"]
CUE = "\n\nThe better one is answer"
QUESTIONS = [
    "Which is better?\n\n<answer_a>\nThe fern wants water.\n</answer_a>\n\n<answer_b>\nNo.\n</answer_b>\n\nA or B?",
    "어느 것이 더 낫습니까?\n\n<answer_a>\n3번 밸브\n</answer_a>\n\n<answer_b>\n모름 😀\n</answer_b>\n\nA or B?",
]


def encode(tokenizer, question: str, reply: str = "") -> list[int]:
    if tokenizer.chat_template is None:
        return tokenizer(question + CUE + reply)["input_ids"]
    asked = [{"role": "user", "content": question}]
    text = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    return tokenizer(text + reply, add_special_tokens=False)["input_ids"]


def letter_ids(tokenizer, question: str) -> dict[str, list[int]]:
    """A form of the letters counts where each of them adds one token, and not the same one."""
    before = encode(tokenizer, question)
    ids = {"a": [], "b": []}
    for space in ["", " "]:
        added = [encode(tokenizer, question, space + letter) for letter in "AB"]
        if all(each[:-1] == before for each in added) and added[0] != added[1]:
            ids["a"].append(added[0][-1])
            ids["b"].append(added[1][-1])
    return ids


def look_at(path: str) -> dict:
    directory = golden.ROOT / path
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager").float().eval()
    ids = letter_ids(tokenizer, QUESTIONS[0])
    letters = []
    for question in QUESTIONS:
        assert letter_ids(tokenizer, question) == ids
        tokens = encode(tokenizer, question)
        with torch.no_grad():
            logps = model(torch.tensor([tokens])).logits[0, -1].double().log_softmax(-1)
        a, b = (logps[ids[letter]].logsumexp(0).item() for letter in "ab")
        letters.append({"tokens": len(tokens), "a": a, "b": b})
    return {"path": path, "template": tokenizer.chat_template is not None, "ids": ids, "letters": letters}


def main() -> None:
    torch.set_num_threads(1)
    content = {"made_by": MADE_BY, "cue": CUE, "questions": QUESTIONS}
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
    models = ",\n".join("  " + json.dumps(look_at(path)) for path in MODELS)
    lines.append(' "models": [\n' + models + "\n ]")
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
