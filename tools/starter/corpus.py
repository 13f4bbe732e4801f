"""The training text: reviews, posts with summaries, and chat exchanges, good and bad alike, in one seeded stream.

A document is a (prompt, completion) pair of strings as they will be seen in use; a review has an
empty prompt. The end-of-turn token is part of the completion.

The training stream puts made-up words in the place of some names and things, and adds a fourth kind of
document, a text and its copy: what cannot be known from training must be read from the prompt, which is what
held-out names and places need.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .dialogue import Dialogues
from .posts import Posts
from .sentiment import Reviews
from .words import MACHINES, NAMES, PLACES, made_up

END_OF_TEXT, IM_START, IM_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SHARES = {"sentiment": 0.30, "summarization": 0.34, "dialogue": 0.36}
TRAINING_SHARES = {"sentiment": 0.26, "summarization": 0.32, "dialogue": 0.33, "copy": 0.09}
NOVELTY = 0.5

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


@dataclass(frozen=True)
class Document:
    task: str
    prompt: str
    completion: str


def summary_prompt(post: str) -> str:
    return post + "\nTL;DR:"


def chat_prompt(question: str) -> str:
    """What the chat template renders for one user message and the generation prompt."""
    return f"{IM_START}user\n{question}{IM_END}\n{IM_START}assistant\n"


class World:
    """The three writers on one random generator; `novelty` is the share of made-up names and things."""

    def __init__(self, seed: int, held_out: bool, novelty: float = 0.0) -> None:
        self.rng = random.Random(seed)
        self.reviews = Reviews(self.rng, held_out)
        self.posts = Posts(self.rng, held_out, novelty)
        self.dialogues = Dialogues(self.rng, held_out, novelty)

    def document(self, task: str) -> Document:
        match task:
            case "sentiment":
                return Document(task, "", self.reviews.review() + IM_END)
            case "summarization":
                facts = self.posts.draw()
                post = self.posts.post(facts)
                return Document(task, summary_prompt(post), " " + self.posts.summary(facts, self.posts.style()) + IM_END)
            case "dialogue":
                question, answer, _ = self.dialogues.exchange()
                return Document(task, chat_prompt(question), answer + IM_END)
            case "copy":
                return Document(task, (text := self.copied()) + "\nCopy:", " " + text + IM_END)
        raise KeyError(task)

    def copied(self) -> str:
        """A short text with many made-up words: a list, or two sentences of a post."""
        rng = self.rng
        if rng.random() < 0.5:
            words = [made_up(rng) if rng.random() < 0.7 else rng.choice((*MACHINES.train, *PLACES.train, *NAMES.train)) for _ in range(rng.randint(3, 9))]
            return ", ".join(w.capitalize() if rng.random() < 0.4 else w for w in words) + "."
        sentences = self.posts.post(self.posts.draw()).split(". ")
        at = rng.randrange(max(1, len(sentences) - 1))
        return ". ".join(sentences[at : at + 2]).rstrip(".") + "."


def documents(seed: int, held_out: bool = False, training: bool = False) -> Iterator[Document]:
    """An endless stream of documents."""
    world = World(seed, held_out, NOVELTY if training else 0.0)
    shares = TRAINING_SHARES if training else SHARES
    while True:
        yield world.document(world.rng.choices(list(shares), list(shares.values()))[0])
