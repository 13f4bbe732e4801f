"""Write the lexicons that the judges read: `tools/starter/lexicon/{sentiment,summarization,dialogue}.json`."""

from __future__ import annotations

import json
from pathlib import Path

from . import dialogue, posts, sentiment

LEXICON = Path(__file__).resolve().parent / "lexicon"


def export() -> None:
    LEXICON.mkdir(exist_ok=True)
    for name, module in {"sentiment": sentiment, "summarization": posts, "dialogue": dialogue}.items():
        text = json.dumps(module.lexicon(), indent=1, ensure_ascii=False)
        (LEXICON / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    export()
