"""Time a DPO step of TRL + PEFT + PyTorch, and decoding by transformers, beside Airlock's, on the same machine in the
same run, and print the ratios.

Both train LoRA r=8 on all linears of a model of a named shape with random weights, float32, on random pairs.
Each measurement is a process of its own, so that peak memory is its own; the rounds are interleaved and each figure is
the best of its rounds, because a shared machine can only slow a step down. Never part of the tests.

With a GPU: --device cuda --browser webgpu [--bf16].

Usage: python tools/bench_trl.py [--shape SmolLM2-135M] [--prompt-tokens 100] [--completion-tokens 50] [--pairs 2] [--steps 3] [--rounds 2]
       [--decode 32] [--variants NAME,NAME] [--thread-counts N N]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHAPES = {
    "SmolLM2-135M": ("Llama", dict(
        vocab_size=49152, hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9,
        num_key_value_heads=3, max_position_embeddings=8192, rms_norm_eps=1e-5, tie_word_embeddings=True,
    )),
    "Qwen2.5-0.5B": ("Qwen2", dict(
        vocab_size=151936, hidden_size=896, intermediate_size=4864, num_hidden_layers=24, num_attention_heads=14,
        num_key_value_heads=2, max_position_embeddings=32768, rms_norm_eps=1e-6, tie_word_embeddings=True,
    )),
}
# TRL's default recomputes activations and runs the reference in every step.
VARIANTS = {
    "default": {},
    "without checkpointing": {"gradient_checkpointing": False},
    "precomputed": {"precompute_ref_log_probs": True},
    "precomputed without checkpointing": {"precompute_ref_log_probs": True, "gradient_checkpointing": False},
}


def build_model(options: argparse.Namespace):
    """Random weights of the shape, float32, on the chosen device."""
    import transformers

    family, shape = SHAPES[options.shape]
    config = getattr(transformers, f"{family}Config")(**shape)
    return getattr(transformers, f"{family}ForCausalLM")(config).to(options.device)


def train(options: argparse.Namespace) -> None:
    """One variant in this process; prints seconds a pair (median of the steps after the first) and peak memory."""
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import random

    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, PrinterCallback, TrainerCallback
    from trl import DPOConfig, DPOTrainer

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    draw = random.Random(1)
    vocabulary = SHAPES[options.shape][1]["vocab_size"]
    words = Tokenizer(models.WordLevel({f"w{i}": i for i in range(vocabulary)}, unk_token="w0"))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, eos_token="w1", pad_token="w2", unk_token="w0")
    text = lambda count: " ".join(f"w{draw.randrange(3, vocabulary)}" for _ in range(count))  # noqa: E731
    # TRL appends EOS to each completion.
    rows = [
        {"prompt": text(options.prompt_tokens) + " ", "chosen": text(options.completion_tokens - 1), "rejected": text(options.completion_tokens - 1)}
        for _ in range(options.pairs)
    ]

    class Clock(TrainerCallback):
        times: list[float] = []

        def on_step_begin(self, *_args, **_kwargs) -> None:
            self.start = time.perf_counter()

        def on_step_end(self, *_args, **_kwargs) -> None:
            self.times.append(time.perf_counter() - self.start)

    with tempfile.TemporaryDirectory() as scratch:
        trainer = DPOTrainer(
            model=build_model(options),
            args=DPOConfig(
                output_dir=scratch, max_steps=options.steps + 1, per_device_train_batch_size=options.pairs, learning_rate=1e-4, bf16=options.bf16, max_length=None,
                use_cpu=options.device == "cpu", report_to=[], save_strategy="no", disable_tqdm=True, logging_steps=1000, **VARIANTS[options.variant],
            ),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            peft_config=LoraConfig(r=8, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM"),
            callbacks=[Clock],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    seconds = sorted(Clock.times[1:])[(len(Clock.times) - 1) // 2] / options.pairs
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if options.device == "cpu" else torch.cuda.max_memory_allocated()
    print(json.dumps({"seconds_per_pair": seconds, "peak_memory_bytes": peak}))


def decode(options: argparse.Namespace) -> None:
    """Greedy decoding with the cache, batch 1, in this process; prints tokens a second after the first token."""
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    model = build_model(options).eval()
    prompt = torch.randint(3, model.config.vocab_size, (1, options.prompt_tokens), device=options.device)

    def seconds(count: int) -> float:
        start = time.perf_counter()
        model.generate(prompt, attention_mask=torch.ones_like(prompt), min_new_tokens=count, max_new_tokens=count, do_sample=False)
        return time.perf_counter() - start

    with torch.no_grad():
        seconds(2)
        first = seconds(1)
        rest = seconds(options.decode + 1) - first
    print(json.dumps({"decode_tokens_per_second": options.decode / rest}))


def measure(command: list[str]) -> dict:
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(options: argparse.Namespace) -> None:
    sizes = ["--shape", options.shape, "--prompt-tokens", str(options.prompt_tokens), "--completion-tokens", str(options.completion_tokens), "--pairs", str(options.pairs), "--steps", str(options.steps)]
    own = [sys.executable, __file__, *sizes, "--device", options.device, *(["--bf16"] if options.bf16 else [])]
    results: dict[str, dict] = {}
    speeds: dict[str, float] = {}

    def keep(name: str, result: dict) -> None:
        best = results.get(name)
        if best is None or result["seconds_per_pair"] < best["seconds_per_pair"]:
            results[name] = result
        print(f"{name:42}{result['seconds_per_pair']:9.3f} s a pair {result.get('peak_memory_bytes', result.get('peak_tensor_bytes')) / 1e9:7.2f} GB", flush=True)

    def keep_speed(name: str, result: dict) -> None:
        speeds[name] = max(speeds.get(name, 0), result["decode_tokens_per_second"])
        print(f"{name:42}{result['decode_tokens_per_second']:9.1f} tokens decoded a second", flush=True)

    for _ in range(options.rounds):
        bench = ["npm", "run", "--silent", "bench", "--", *sizes, "--json"]
        if options.browser:
            bench += ["--browser", options.browser]

        keep("Airlock", measure([*bench, "--decode", "0"]))
        for variant in options.variants.split(","):
            for threads in options.thread_counts:
                keep(f"TRL {variant}, {threads} threads", measure([*own, "--variant", variant, "--threads", str(threads)]))
        if options.decode:
            count = ["--decode", str(options.decode)]
            keep_speed("Airlock", measure([*bench, "--steps", "1", "--pairs", "1", *count]))
            for threads in options.thread_counts:
                keep_speed(f"transformers, {threads} threads", measure([*own, "--only-decode", "--threads", str(threads), *count]))
    airlock = results["Airlock"]

    def best(prefixes: tuple[str, ...]) -> float:
        return min((r["seconds_per_pair"] for name, r in results.items() if name.startswith(prefixes)), default=float("nan"))

    print(f"Airlock / TRL default             {airlock['seconds_per_pair'] / best(('TRL default',)):.2f}")
    print(f"Airlock / TRL precomputed, best   {airlock['seconds_per_pair'] / best(('TRL precomputed',)):.2f}")
    print(f"Airlock's share of the runtime's own matrix product {airlock['share_of_matrix_product']:.2f}")
    if speeds:
        fastest = max(speed for name, speed in speeds.items() if name != "Airlock")
        print(f"Airlock / transformers, tokens decoded a second {speeds['Airlock'] / fastest:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=[*SHAPES], default="SmolLM2-135M")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="of PyTorch")
    parser.add_argument("--bf16", action="store_true", help="PyTorch under bfloat16 autocast")
    parser.add_argument("--browser", choices=["webgpu", "wasm"], help="measure Airlock in Chrome")
    parser.add_argument("--prompt-tokens", type=int, default=100)
    parser.add_argument("--completion-tokens", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--decode", type=int, default=32, help="tokens; 0 for none")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="some of: " + ", ".join(VARIANTS))
    parser.add_argument("--thread-counts", type=int, nargs="+", default=[*range(1, (os.cpu_count() or 1) + 1)])
    parser.add_argument("--threads", type=int, default=2, help=argparse.SUPPRESS)
    parser.add_argument("--only-decode", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--variant", choices=[*VARIANTS], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only_decode:
        decode(arguments)
    elif arguments.variant:
        train(arguments)
    else:
        compare(arguments)
