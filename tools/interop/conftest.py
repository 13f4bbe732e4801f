"""What the interop tests share: where things are, and how the command line is run.

The tests build nothing: they run `npm run --silent airlock -- ...` in the repository's
root, as a user would, and hold its answers against transformers, PEFT and the numbers
that TRL left in `fixtures/golden/`.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import pytest
import torch

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "fixtures"
COMMAND_TIMEOUT_S = 600

MODELS = {
    "tiny-llama": FIXTURES / "tiny-llama",
    "tiny-mistral": FIXTURES / "tiny-mistral",
    "tinystories-260k": ROOT.parent / "shared" / "models" / "tinystories-260k",
}


@dataclass(frozen=True)
class Model:
    name: str
    directory: Path

    @property
    def golden(self) -> Path:
        return FIXTURES / "golden" / self.name

    @property
    def init_adapter(self) -> Path:
        return self.golden / "init-adapter"

    def golden_json(self, name: str) -> dict:
        return json.loads((self.golden / name).read_text(encoding="utf-8"))


def pytest_configure(config):
    torch.set_num_threads(1)


@pytest.fixture(params=list(MODELS), scope="session")
def model(request) -> Model:
    directory = MODELS[request.param]
    if not directory.is_dir():
        pytest.skip(f"{request.param} is absent: {os.path.relpath(directory, ROOT)} does not exist")
    return Model(request.param, directory)


@pytest.fixture(scope="session")
def airlock():
    """Runs one command; gives its stdout. A failing command fails the test with its stderr."""

    def run(*arguments: str | Path) -> str:
        command = ["npm", "run", "--silent", "airlock", "--", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=COMMAND_TIMEOUT_S, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}\nexit {done.returncode}\n{done.stderr[-4000:]}"
        return done.stdout

    return run


def parse_jsonl(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def read_jsonl(path: Path) -> list[dict]:
    return parse_jsonl(path.read_text(encoding="utf-8"))
