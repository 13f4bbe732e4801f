"""Batched sampling from the base model: each prompt is read once, its cache is repeated for its samples."""

from __future__ import annotations

import torch
from transformers import DynamicCache, LlamaForCausalLM, PreTrainedTokenizerFast


@torch.no_grad()
def sample(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    prompts: list[str],
    samples: int,
    max_new_tokens: int,
    temperature: float = 1.0,
    seed: int = 0,
    batch_size: int = 64,
) -> list[list[str | None]]:
    """`samples` completions of each prompt, from the whole distribution; None where EOS was not reached."""
    generator = torch.Generator().manual_seed(seed)
    encoded = [tokenizer(p, add_special_tokens=False)["input_ids"] for p in prompts]
    order = sorted(range(len(prompts)), key=lambda i: len(encoded[i]))
    result: list[list[str | None]] = [[] for _ in prompts]
    for start in range(0, len(order), batch_size):
        group = order[start : start + batch_size]
        ids = _batch(model, [encoded[i] for i in group], samples, max_new_tokens, temperature, tokenizer.eos_token_id, generator)
        for row, tokens in enumerate(ids):
            ended = tokens and tokens[-1] == tokenizer.eos_token_id
            result[group[row // samples]].append(tokenizer.decode(tokens[:-1]) if ended else None)
    return result


def _batch(
    model: LlamaForCausalLM, prompts: list[list[int]], samples: int, max_new_tokens: int, temperature: float, eos: int, generator: torch.Generator
) -> list[list[int]]:
    width = max(map(len, prompts))
    ids = torch.zeros(len(prompts), width, dtype=torch.long)
    mask = torch.zeros(len(prompts), width, dtype=torch.long)
    for r, prompt in enumerate(prompts):
        ids[r, width - len(prompt) :] = torch.tensor(prompt)
        mask[r, width - len(prompt) :] = 1
    cache = DynamicCache()
    out = model(input_ids=ids, attention_mask=mask, position_ids=(mask.cumsum(1) - 1).clamp(min=0), past_key_values=cache, use_cache=True, logits_to_keep=1)
    cache.batch_repeat_interleave(samples)
    logits = out.logits[:, -1].repeat_interleave(samples, 0)
    mask = mask.repeat_interleave(samples, 0)
    rows: list[list[int]] = [[] for _ in range(len(prompts) * samples)]
    alive = torch.arange(len(rows))
    for step in range(max_new_tokens):
        if temperature == 0:
            picked = logits.argmax(-1)
        else:
            picked = torch.multinomial(torch.softmax(logits.float() / temperature, -1), 1, generator=generator).squeeze(1)
        for row, token in zip(alive.tolist(), picked.tolist()):
            rows[row].append(token)
        keep = (picked != eos).nonzero().squeeze(1)
        if len(keep) == 0:
            break
        if len(keep) < len(alive):
            cache.batch_select_indices(keep)
            alive, picked, mask = alive[keep], picked[keep], mask[keep]
        position = mask.sum(1, keepdim=True)
        mask = torch.cat([mask, torch.ones(len(alive), 1, dtype=torch.long)], 1)
        logits = model(input_ids=picked[:, None], attention_mask=mask, position_ids=position, past_key_values=cache, use_cache=True).logits[:, -1]
    return rows
