"""Leave out of the shipped pairs those that the judges of today would not make: python -m tools.starter.revise

For when the judges changed and the model did not: the samples that were not chosen are not kept, so pairs can be left
out, and none made. Needs nothing beyond Python. The prompts' order stays.
"""

from __future__ import annotations

import json

from .labels import usable
from .pairs_file import PUBLIC


def spoken(part: str | list[dict]) -> str:
    """A prompt or completion as its judge reads it: of a chat the last message, of a summary's prompt the post."""
    text = part if isinstance(part, str) else part[-1]["content"]
    return text.removesuffix("\nTL;DR:")


def revise() -> None:
    path = PUBLIC / "statistics.json"
    statistics = json.loads(path.read_text(encoding="utf-8"))
    card = (PUBLIC / "README.md").read_text(encoding="utf-8")
    for task, splits in statistics.items():
        for split, facts in splits.items():
            file = PUBLIC / task / f"{split}.jsonl"
            lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
            rows = [json.loads(line) for line in lines]
            kept = [line for line, row in zip(lines, rows) if usable(task, *(spoken(row[key]) for key in ("prompt", "chosen", "rejected")))]
            file.write_text("".join(kept), encoding="utf-8", newline="\n")
            card = card.replace(f"| {task} | {split} | {facts['pairs']} |", f"| {task} | {split} | {len(kept)} |")
            facts["pairs"] = len(kept)
            print(f"{task} {split}: {len(kept)} of {len(lines)} pairs kept")
    path.write_text(json.dumps(statistics, indent=2) + "\n", encoding="utf-8", newline="\n")
    (PUBLIC / "README.md").write_text(card, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    revise()
