"""The lines of the shipped files of pairs, and where they lie."""

from __future__ import annotations

import json
from pathlib import Path

PUBLIC = Path(__file__).resolve().parents[2] / "public" / "starter"


def row(task: str, read: str, text: str, **completions: str) -> dict:
    """One line of JSONL in TRL's format."""
    if task == "dialogue":
        return {"prompt": [{"role": "user", "content": text}], **{k: [{"role": "assistant", "content": v}] for k, v in completions.items()}}
    return {"prompt": read, **completions}


def write(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8", newline="\n")
