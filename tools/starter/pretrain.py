"""Pretraining of the base model: PyTorch, bfloat16 products, documents packed into rows of 256 tokens.

Documents in a row do not see each other and each starts at position 0, as in use. The tokens of
summaries and answers count more in the loss than those of posts and questions, whose facts are random. A run that was
stopped goes on from its last hundredth step when started again with the same arguments.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from torch.nn import functional as F
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from .corpus import Document, documents
from .initialise import Hold, initialise
from .vocabulary import DOCUMENTS, SEED as VOCABULARY_SEED, train_tokenizer

SEED = 7
ROW = 256
COMPLETION_WEIGHT = 2.5
MUON_RATE = 1.0  # times the learning rate of the embedding: Muon for matrices, AdamW for the rest
HELD_SHARE = 0.6  # of the steps, during which the circuit of `initialise` stands still
HELD_OUT_SEED, SEEN_WORDS_SEED = 1_000_003, 1_000_033


@dataclass(frozen=True)
class Model:
    """One model that ships: its shape, its text, and whether it starts with the induction circuit of `initialise`."""

    documents: Callable[..., Iterator[Document]]
    """(seed, held_out, training) to an endless stream."""
    vocabulary: int
    hidden: int
    intermediate: int
    layers: int
    heads: int
    copies: bool


ENGLISH = Model(documents, vocabulary=2048, hidden=192, intermediate=640, layers=6, heads=6, copies=True)


def config(tokenizer: PreTrainedTokenizerFast, shape: Model) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=512,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 100000.0},
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def encode(tokenizer: PreTrainedTokenizerFast, document: Document) -> tuple[list[int], list[float]]:
    """Token ids and their weights in the loss; prompt and completion are encoded apart, as TRL does not."""
    head = tokenizer(document.prompt, add_special_tokens=False)["input_ids"] if document.prompt else []
    tail = tokenizer(document.completion, add_special_tokens=False)["input_ids"]
    weight = COMPLETION_WEIGHT if head else 1.0
    return head + tail, [1.0] * len(head) + [weight] * len(tail)


def rows(tokenizer: PreTrainedTokenizerFast, stream: Iterator[Document], pool: int = 64) -> Iterator[list[tuple[list[int], list[float]]]]:
    """Documents gathered into rows of at most ROW tokens, longest that fits first from a small pool."""
    waiting: list[tuple[list[int], list[float]]] = []
    while True:
        row, room = [], ROW
        while True:
            while len(waiting) < pool:
                item = encode(tokenizer, next(stream))
                if len(item[0]) <= ROW:
                    waiting.append(item)
            # The oldest that fits, so that nothing waits for ever.
            fitting = next((i for i, item in enumerate(waiting) if len(item[0]) <= room), None)
            if fitting is None:
                break
            item = waiting.pop(fitting)
            row.append(item)
            room -= len(item[0])
        yield row


def rate_at(step: int, steps: int, warmup: int) -> float:
    """The learning rate as a share of the peak: warm-up, then a cosine to 2 %."""
    return min(1.0, (step + 1) / warmup) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))


def batch(row_list: list) -> dict[str, torch.Tensor]:
    size = len(row_list)
    ids = torch.zeros(size, ROW, dtype=torch.long)
    positions = torch.zeros(size, ROW, dtype=torch.long)
    weights = torch.zeros(size, ROW)
    document = torch.full((size, ROW), -1, dtype=torch.long)
    for r, row in enumerate(row_list):
        at = 0
        for d, (tokens, token_weights) in enumerate(row):
            n = len(tokens)
            ids[r, at : at + n] = torch.tensor(tokens)
            positions[r, at : at + n] = torch.arange(n)
            document[r, at : at + n] = d
            # The first token of a document without a prompt is learnt by nobody: nothing precedes it.
            weights[r, at + 1 : at + n] = torch.tensor(token_weights[1:])
            at += n
    mask = (document[:, :, None] == document[:, None, :]) & torch.ones(ROW, ROW, dtype=torch.bool).tril()
    return {"ids": ids, "positions": positions, "weights": weights, "mask": mask[:, None]}


def loss_of(model: LlamaForCausalLM, data: dict[str, torch.Tensor], weighted: bool = True) -> tuple[torch.Tensor, torch.Tensor]:
    """Sum of the weighted token losses, and sum of the weights."""
    hidden = model.model(input_ids=data["ids"], attention_mask=data["mask"], position_ids=data["positions"], use_cache=False).last_hidden_state
    weights = data["weights"][:, 1:].reshape(-1)
    used = weights.nonzero().squeeze(1)
    logits = model.lm_head(hidden[:, :-1].reshape(-1, hidden.shape[-1])[used])
    losses = F.cross_entropy(logits.float(), data["ids"][:, 1:].reshape(-1)[used], reduction="none")
    weights = weights[used] if weighted else torch.ones_like(losses)
    return (losses * weights).sum(), weights.sum()


@torch.no_grad()
def perplexity(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, text: Iterator[Document], count: int = 600) -> dict[str, float]:
    """Per-token perplexity by task, over whole documents and over completions alone."""
    model.eval()
    result: dict[str, float] = {}
    by_task: dict[str, list] = {}
    for document in islice(text, count):
        by_task.setdefault(document.task, []).append(encode(tokenizer, document))
    totals = [0.0, 0.0]
    for task, items in by_task.items():
        whole, part = [0.0, 0.0], [0.0, 0.0]
        for i in range(0, len(items), 16):
            chosen = [item for item in items[i : i + 16] if len(item[0]) <= ROW]
            total, n = loss_of(model, batch([[item] for item in chosen]), weighted=False)
            whole[0] += total.item()
            whole[1] += n.item()
            only = [[(ids, [float(w > 1) for w in weights])] for ids, weights in chosen]
            if any(document_weight > 1 for _, weights in chosen for document_weight in weights):
                total, n = loss_of(model, batch(only))
                part[0] += total.item()
                part[1] += n.item()
        totals = [totals[0] + whole[0], totals[1] + whole[1]]
        result[task] = round(math.exp(whole[0] / whole[1]), 3)
        if part[1]:
            result[task + "_completions"] = round(math.exp(part[0] / part[1]), 3)
    result["all"] = round(math.exp(totals[0] / totals[1]), 3)
    model.train()
    return result


def pretrain(out: Path, shape: Model, steps: int, rows_per_step: int, lr: float, warmup: int = 100) -> dict:
    torch.manual_seed(SEED)
    tokenizer = train_tokenizer(islice(shape.documents(VOCABULARY_SEED), DOCUMENTS), shape.vocabulary)
    model = LlamaForCausalLM(config(tokenizer, shape))
    hold = None
    if shape.copies:
        initialise(model, SEED)
        hold = Hold(model)
    model.config._attn_implementation = "sdpa"
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and "embed" not in name]
    others = [p for name, p in model.named_parameters() if p.dim() == 1 or "embed" in name]
    optimisers = [
        torch.optim.Muon(matrices, lr=MUON_RATE * lr, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=lr, betas=(0.9, 0.97), weight_decay=0.0, fused=True),
    ]
    schedules = [torch.optim.lr_scheduler.LambdaLR(o, lambda step: rate_at(step, steps, warmup)) for o in optimisers]
    stream = rows(tokenizer, shape.documents(SEED, training=True))
    first, spent_before, tokens, running = 1, 0.0, 0, []
    state = out / "resume.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        model.load_state_dict(saved["model"])
        for part, state_dict in zip([*optimisers, *schedules], saved["parts"]):
            part.load_state_dict(state_dict)
        first, spent_before, tokens = saved["step"] + 1, saved["seconds"], saved["tokens"]
        # Rows already used: read them once more, so that the stream stands where it stood.
        for _ in range(saved["step"] * rows_per_step):
            next(stream)
    started = time.time() - spent_before
    for step in range(first, steps + 1):
        data = batch(list(islice(stream, rows_per_step)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            total, weight = loss_of(model, data)
        loss = total / weight
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for part in [*optimisers, *schedules]:
            part.step()
        model.zero_grad(set_to_none=True)
        if hold is not None and step <= steps * HELD_SHARE:
            hold.apply()
        tokens += int((data["weights"] > 0).sum())
        running.append(loss.item())
        if step % 20 == 0 or step == 1:
            spent = time.time() - started
            print(f"step {step}/{steps} loss {sum(running) / len(running):.4f} tokens {tokens} tokens/s {tokens / spent:.0f} s {spent:.0f}", flush=True)
            running = []
        if step % 100 == 0:
            out.mkdir(parents=True, exist_ok=True)
            parts = [part.state_dict() for part in [*optimisers, *schedules]]
            torch.save({"model": model.state_dict(), "parts": parts, "step": step, "seconds": time.time() - started, "tokens": tokens}, state)
            save(model, tokenizer, out)
    save(model, tokenizer, out)
    state.unlink(missing_ok=True)
    report = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "tokens": tokens,
        "steps": steps,
        "rows_per_step": rows_per_step,
        "lr": lr,
        "seconds": round(time.time() - started),
        "perplexity_new_text": perplexity(model, tokenizer, shape.documents(SEEN_WORDS_SEED)),
        "perplexity_held_out_words": perplexity(model, tokenizer, shape.documents(HELD_OUT_SEED, held_out=True)),
    }
    (out / "training.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    return report


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    """An ordinary checkpoint directory in float16; the model in memory stays float32."""
    out.mkdir(parents=True, exist_ok=True)
    half = LlamaForCausalLM(model.config)
    half.load_state_dict(model.state_dict())
    half = half.to(torch.float16)
    half.config.dtype = torch.float16
    half.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
        do_sample=True, temperature=0.7, max_new_tokens=64,
    )
    half.save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    tokenizer.save_pretrained(out)
    model.config.dtype = torch.float32


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    pretrain(arguments.out, ENGLISH, arguments.steps, arguments.rows, arguments.lr)
