"""Write what PyTorch's AdamW and clip_grad_norm_ do to some vectors, for Airlock's optimiser to be held against.

`fixtures/golden/adamw.json`, float64: parameters and both moments after each of six steps, with decay and without,
with usual and unusual betas and epsilon, clipped and not. Gradients reach from 1e-9 to 1, so that epsilon shows.

Usage: python tools/make_adamw_golden.py
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "golden" / "adamw.json"
BLOCKS, SIZE, STEPS = 2, 10, 6
# As a schedule with warm-up gives them: the first step has rate 0.
RATES = [0.0, 1e-3, 5e-3, 2e-3, 1e-3, 5e-4]
DEFAULTS = {"adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-8, "weight_decay": 0.0, "max_grad_norm": 1.0}
CASES = {
    "defaults": {},
    "weight decay": {"weight_decay": 20.0},
    "epsilon": {"adam_epsilon": 1e-3},
    "betas": {"adam_beta1": 0.7, "adam_beta2": 0.95},
    "clipped at each step": {"max_grad_norm": 0.1},
    "no clipping": {"max_grad_norm": 0.0},
    "all": {"adam_beta1": 0.8, "adam_beta2": 0.97, "adam_epsilon": 1e-4, "weight_decay": 5.0, "max_grad_norm": 0.5},
}


def follow(options: dict, parameters: torch.Tensor, gradients: torch.Tensor) -> list[dict]:
    blocks = [torch.nn.Parameter(block.clone()) for block in parameters]
    optimizer = torch.optim.AdamW(
        blocks,
        betas=(options["adam_beta1"], options["adam_beta2"]),
        eps=options["adam_epsilon"],
        weight_decay=options["weight_decay"],
    )
    steps = []
    for step, rate in enumerate(RATES):
        for block, gradient in zip(blocks, gradients[step], strict=True):
            block.grad = gradient.clone()
        limit = options["max_grad_norm"] or float("inf")
        norm = torch.nn.utils.clip_grad_norm_(blocks, limit)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        state = [optimizer.state[block] for block in blocks]
        steps.append({
            "grad_norm": norm.item(),
            "parameter": [block.tolist() for block in blocks],
            "mean": [each["exp_avg"].tolist() for each in state],
            "variance": [each["exp_avg_sq"].tolist() for each in state],
        })
    return steps


def main() -> None:
    generator = torch.Generator().manual_seed(11)
    parameters = torch.randn(BLOCKS, SIZE, generator=generator, dtype=torch.float64).float()
    scales = 10.0 ** torch.linspace(-9, 0, SIZE, dtype=torch.float64)
    gradients = (torch.randn(STEPS, BLOCKS, SIZE, generator=generator, dtype=torch.float64) * scales).float()
    content = {
        "made_by": f"tools/make_adamw_golden.py; torch {torch.__version__}",
        "rates": RATES,
        "parameters": parameters.tolist(),
        "gradients": gradients.tolist(),
    }
    cases = []
    for name, own in CASES.items():
        options = {**DEFAULTS, **own}
        cases.append({"name": name, "options": options, "steps": follow(options, parameters.double(), gradients.double())})
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
    lines.append(' "cases": [\n' + ",\n".join("  " + json.dumps(case) for case in cases) + "\n ]")
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
