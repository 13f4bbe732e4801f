/**
 * @file The two Python files of a cluster bundle, for the libraries that its requirements.txt pins. They are run as
 * they are in tools/interop/test_bundle.py.
 */

/** Puts the adapter that the run started from in the place of the one that PEFT draws; TRL has no option for it. */
export const startScript = String.raw`"""Lets TRL start from the adapter in this folder.

TRL's command line draws a new LoRA adapter at random, without a seed, so no two of its runs are
alike. The run's YAML file puts this folder on PYTHONPATH, where Python runs this file by itself,
and PEFT's new adapter then gets the numbers that Airlock started from. Without this file the run
is the same but for its first adapter.
"""

import os
import sys

if any(os.path.basename(argument) in ("dpo.py", "sft.py", "kto.py") for argument in sys.orig_argv):
    from pathlib import Path

    import peft
    import torch
    from safetensors.torch import load_file

    here = Path(__file__).resolve().parent
    make_new = peft.get_peft_model

    def load(net, path, name):
        found = peft.set_peft_model_state_dict(net, load_file(path), adapter_name=name)
        missing = [key for key in found.missing_keys if f".{name}." in key and "lora_" in key]
        if found.unexpected_keys or missing:
            raise SystemExit(f"{path} is not an adapter of this model: {(found.unexpected_keys + missing)[:3]}")

    def make_from_start(model, config, *args, **options):
        net = make_new(model, config, *args, **options)
        load(net, here / "adapter_model.safetensors", "default")
        reference = here.parent / "reference" / "adapter_model.safetensors"
        if reference.exists():
            # Under this name TRL looks for the adapter of the reference.
            net.add_adapter("ref", config)
            load(net, reference, "ref")
            for key, parameter in net.named_parameters():
                if ".ref." in key:
                    parameter.requires_grad_(False)
        if not torch.distributed.is_initialized() or torch.distributed.get_rank() == 0:
            print(f"Training starts from {here / 'adapter_model.safetensors'}.", flush=True)
        return net

    peft.get_peft_model = make_from_start
`;

/** Holds the base, the pairs and the first steps of a run against expected.json. */
export const checkScript = String.raw`"""Says whether this machine computes what Airlock computed.

    python check.py              the first pairs on the base, then the first steps of the run in out/
    python check.py --only pairs before training: base, tokenizer, template and the first pairs
    python check.py --only run   after training, or once its tenth step is saved

Exit 0 where all agrees, 1 where something does not, 2 where there is nothing to compare yet.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A sum of log-probabilities in float32, relative to its length.
RELATIVE = 1e-4


def read_rows(count):
    with open(HERE / "pairs.jsonl", encoding="utf-8") as file:
        return [json.loads(line) for _, line in zip(range(count), file)]


def tokenise(tokenizer, row, answer):
    """Ids of the prompt and of the answer, as TRL 1.13 makes them."""
    if isinstance(row["prompt"], str):
        eos = "" if row[answer].endswith(tokenizer.eos_token) else tokenizer.eos_token
        prompt = tokenizer(row["prompt"])["input_ids"]
        whole = tokenizer(row["prompt"] + row[answer] + eos)["input_ids"]
    else:
        options = {"tokenize": True, "return_dict": True}
        prompt = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, **options)["input_ids"]
        whole = tokenizer.apply_chat_template(row["prompt"] + row[answer], **options)["input_ids"]
    return prompt, whole[len(prompt):]


def score(net, prompt, answer):
    import torch

    ids = torch.tensor([prompt + answer], device=net.device)
    logps = net(input_ids=ids).logits[0, :-1].float().log_softmax(-1)
    logps = logps.gather(1, ids[0, 1:, None])[:, 0]
    return logps[max(len(prompt) - 1, 0):].double().sum().item()


def check_pairs(expected, base, device):
    """The first pairs under the adapter that the run started from, in float32."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    net = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    net = PeftModel.from_pretrained(net, HERE / "start").to(device).eval()
    answers = [name for name in ("chosen", "rejected") if expected["method"] == "dpo"] or ["completion"]
    for number, (row, wanted) in enumerate(zip(read_rows(len(expected["pairs"])), expected["pairs"]), 1):
        for answer in answers:
            name = answer if answer != "completion" else "chosen" if row.get("label", True) else "rejected"
            prompt, ids = tokenise(tokenizer, row, answer)
            # TRL cuts what is too long at the end.
            ids = ids[: max(expected["max_length"] - len(prompt), 0)]
            seen = [len(prompt), len(ids)]
            tokens = [wanted["prompt_tokens"], wanted[name + "_tokens"]]
            if seen != tokens:
                return (f"Pair {number} ({answer}) has {seen[0]} + {seen[1]} tokens here and {tokens[0]} + {tokens[1]} in "
                        "Airlock: another tokenizer or chat template, or the pair was changed.")
            with torch.no_grad():
                logp = score(net, prompt, ids)
            target = wanted[name + "_logps"]
            if abs(logp - target) > expected["tolerance"] + RELATIVE * abs(target):
                return (f"Pair {number} ({answer}) has the log-probability {logp:.4f} here and {target:.4f} in Airlock: "
                        "another base, or the pair was changed.")
    return None


def read_losses(run):
    """The loss of every step, from the newest checkpoint's log; None where nothing is saved yet."""
    states = sorted(Path(run).glob("checkpoint-*/trainer_state.json"), key=lambda path: int(path.parent.name[11:]))
    if not states:
        return None
    log = json.loads(states[-1].read_text(encoding="utf-8"))["log_history"]
    return {line["step"]: line["loss"] for line in log if "loss" in line}


def check_run(expected, losses):
    for step, wanted in enumerate(expected["losses"], 1):
        if step not in losses:
            return f"The run has no loss of step {step}; let it reach step {len(expected['losses'])}, logging_steps 1."
        if not abs(losses[step] - wanted) <= expected["tolerance"]:
            why = "another base, another order of pairs, or another loss" if step == 1 else (
                "a changed pair, another batch size or learning rate, bfloat16, or another starting adapter "
                "(did the run say 'Training starts from .../start'?)")
            return f"Step {step} has the loss {losses[step]:.6f} here and {wanted:.6f} in Airlock: {why}."
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default=str(HERE / "base"), help="the base checkpoint (default: base)")
    parser.add_argument("--run", default=str(HERE / "out"), help="TRL's output_dir (default: out)")
    parser.add_argument("--only", choices=["pairs", "run"])
    parser.add_argument("--device", default="cpu", help="where the pairs are scored: cpu, cuda")
    options = parser.parse_args()
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    if not expected["pairs"] and not expected["losses"]:
        print("Nothing can be compared: " + expected["why_empty"])
        return 2
    if options.only != "run" and expected["pairs"]:
        problem = check_pairs(expected, options.base, options.device)
        if problem:
            print(problem)
            return 1
        print(f"The first {len(expected['pairs'])} pairs have Airlock's log-probabilities on this base.")
    if options.only != "pairs" and expected["losses"]:
        losses = read_losses(options.run)
        if losses is None:
            print(f"No step can be compared: {options.run} has no checkpoint yet. Train first, as README.md says.")
            return 2
        problem = check_run(expected, losses)
        if problem:
            print(problem)
            return 1
        print(f"The first {len(expected['losses'])} steps have Airlock's losses, within {expected['tolerance']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
