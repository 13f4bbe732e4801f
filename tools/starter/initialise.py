"""The starting weights: random, but for one circuit set by hand that looks back and copies.

A model of this size sees some four million tokens, too few to discover "find where the current token came
before, and say what came next" by itself; without it, no name can be taken from a prompt. So two attention
heads start as an induction circuit, and training does with them what it likes:

- the first dimension of every embedding is a constant; the last 32 start at zero;
- layer 0, head 0 attends to the previous token (query and key read the constant; their phases under RoPE
  peak at distance 1) and writes a projection of it into the last 32 dimensions;
- layer 1, head 0 matches the current token with those, in the slowly rotating pairs, and adds the embedding
  of the token found.

While the rest learns words, noise would wash the circuit out: `Hold` keeps its weights, and the dimensions it
speaks through, as they are for the first part of the training.
"""

from __future__ import annotations

import math

import torch
from transformers import LlamaForCausalLM

CONSTANT = 0.2
SHARPNESS = 100.0
MATCH = 30.0
COPY = 30.0


@torch.no_grad()
def initialise(model: LlamaForCausalLM, seed: int) -> None:
    """Normal weights (embedding 0.06, linears 1/sqrt(fan-in), outputs small), then the circuit."""
    generator = torch.Generator().manual_seed(seed)
    config = model.config
    width, head = config.hidden_size, config.head_dim
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            parameter.fill_(1.0)
            continue
        std = 0.06 if "embed" in name else 1 / math.sqrt(parameter.shape[1])
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            std *= 0.02
        if name.endswith(("q_proj.weight", "k_proj.weight")):
            std *= 0.7
        parameter.copy_(torch.randn(parameter.shape, generator=generator) * std)

    def orthonormal(rows: int, columns: int) -> torch.Tensor:
        return torch.linalg.qr(torch.randn(columns, rows, generator=generator)).Q.T.contiguous()

    embedding = model.model.embed_tokens.weight
    embedding[:, 0] = CONSTANT
    embedding[:, width - head :] = 0
    pairs = head // 2
    theta = config.rope_parameters["rope_theta"]
    rate = torch.tensor([theta ** (-i / pairs) for i in range(pairs)])
    scale = 0.06

    # The normed constant: CONSTANT over the root mean square of an embedding row.
    rms = math.sqrt((CONSTANT**2 + (width - 1 - head) * scale**2) / width)
    constant = CONSTANT / rms
    first = model.model.layers[0].self_attn
    q, k = torch.zeros(head), torch.zeros(head)
    strength = math.sqrt(SHARPNESS) / constant
    for i in range(4):
        # score = cos(rate * (distance - 1)): turn the query by one step against the key.
        k[i] = strength
        q[i], q[i + pairs] = strength * math.cos(rate[i]), strength * -math.sin(rate[i])
    first.q_proj.weight[:head] *= 0.1
    first.q_proj.weight[:head, 0] = q
    first.k_proj.weight[:head] *= 0.1
    first.k_proj.weight[:head, 0] = k
    look = torch.zeros(head, width)
    look[:, 1 : width - head] = orthonormal(head, width - head - 1)
    first.v_proj.weight[:head] = look * scale
    first.o_proj.weight[:, :head] = 0
    first.o_proj.weight[width - head :, :head] = torch.eye(head)

    later = model.model.layers[1].self_attn
    slow = [i for i in range(pairs) if rate[i] < 0.01]
    dims = slow + [i + pairs for i in slow]
    mix = orthonormal(len(dims), head)
    strength = math.sqrt(MATCH * math.sqrt(head) / len(dims))
    query, key = torch.zeros(head, width), torch.zeros(head, width)
    query[dims] = mix @ look * strength
    key[dims, width - head :] = mix * strength
    later.q_proj.weight[:head] = query
    later.k_proj.weight[:head] = key
    copy = torch.zeros(head, width)
    copy[:, 1 : width - head] = orthonormal(head, width - head - 1)
    later.v_proj.weight[:head] = copy
    later.o_proj.weight[:, :head] = copy.T * scale * COPY
    model.model.layers[0].mlp.down_proj.weight[width - head :] = 0
    first.o_proj.weight[width - head :, head:] = 0
    later.o_proj.weight[width - head :] = 0


def held(model: LlamaForCausalLM) -> list[tuple[torch.nn.Parameter, torch.Tensor]]:
    """The circuit's weights: parameters and masks of the entries that stand still while it is held."""
    head, width = model.config.head_dim, model.config.hidden_size
    found = []

    def hold(parameter: torch.nn.Parameter, rows: slice | None = None, columns: slice | None = None) -> None:
        mask = torch.zeros_like(parameter, dtype=torch.bool)
        if rows is not None:
            mask[rows] = True
        if columns is not None:
            mask[:, columns] = True
        found.append((parameter, mask))

    last = slice(width - head, width)
    hold(model.model.embed_tokens.weight, columns=last)
    hold(model.model.embed_tokens.weight, columns=slice(0, 1))
    for i, layer in enumerate(model.model.layers[:2]):
        attention = layer.self_attn
        for linear in (attention.q_proj, attention.k_proj, attention.v_proj):
            hold(linear.weight, rows=slice(0, head))
        # Nothing else writes where the previous token is told, nor over the constant.
        # How loudly the found token is told is free to grow.
        hold(attention.o_proj.weight, rows=last, columns=slice(0, head) if i == 0 else None)
    hold(model.model.layers[0].mlp.down_proj.weight, rows=last)
    return found


class Hold:
    """Puts the circuit back where it stood after each step of the optimiser."""

    def __init__(self, model: LlamaForCausalLM) -> None:
        self.entries = [(parameter, mask, parameter.detach()[mask].clone()) for parameter, mask in held(model)]

    @torch.no_grad()
    def apply(self) -> None:
        for parameter, mask, values in self.entries:
            parameter[mask] = values
