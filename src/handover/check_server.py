#!/usr/bin/env python3
"""Asks a running server whether it answers as the studio did, and says so in one sentence.

    python3 check_server.py http://localhost:8000

The server is vLLM, SGLang or llama.cpp's llama-server; canaries.json lies beside this file. Only Python's
standard library is needed, 3.8 or later. Nothing is sent but token ids of the canaries and two short texts,
and to that address only, past any proxy. A key goes into the environment variable SERVER_API_KEY.

Exit codes
    0  right: base and adapter answer as in the studio
    2  the command line, or canaries.json, is wrong
   10  the base is served silently: the adapter's name is answered by the base
   11  the adapter is applied at another scale
   12  another base (or another version of it)
   13  another tokenizer or chat template
   14  the server is not reachable
   15  the server answers, but not with the log-probabilities that are asked for
   16  another adapter: the base is right, the adapter's numbers are nobody's
   17  not to be told: by these canaries base and adapter differ less than the server rounds
"""

import argparse
import json
import math
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

RIGHT, USAGE = 0, 2
BASE_SILENTLY, SCALED, OTHER_BASE, OTHER_TOKENIZER = 10, 11, 12, 13
UNREACHABLE, UNREADABLE, OTHER_ADAPTER, UNTOLD = 14, 15, 16, 17

# Nats that a token's log-probability may lie off: in the mean over all tokens, and at most.
TOLERANCES = {"float32": (0.002, 0.02), "bfloat16": (0.05, 0.3), "4bit": (0.15, 1.0)}
# What the studio's own weights were rounded to, where it did not hold them in float32.
STUDIO_TOLERANCE = {"float32": "float32", "float16": "bfloat16"}

# Positions of a canary that llama-server is asked for, one short request each.
LLAMA_POSITIONS = 8
# Tokens of which llama-server is asked to tell the probability; a rarer one is known to be rarer.
LLAMA_TOP = 512


class Verdict(Exception):
    """What there is to say, and with which exit code."""

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code


# --- talking to the server ---------------------------------------------------------------------


class Server:
    """JSON over HTTP, to one address."""

    def __init__(self, address, timeout):
        self.address = address.rstrip("/")
        if self.address.endswith("/v1"):
            self.address = self.address[:-3]
        self.timeout = timeout
        # A proxy of the network has no business with a server inside it.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, path, body=None):
        headers = {"Content-Type": "application/json"}
        key = os.environ.get("SERVER_API_KEY")
        if key:
            headers["Authorization"] = "Bearer " + key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode("utf-8", "replace")) from None
        except (OSError, ValueError) as error:
            raise Verdict(
                UNREACHABLE, f"Not reachable: {self.address}{path} gave no answer ({error}). Is the server running there?"
            ) from None
        try:
            return json.loads(text)
        except ValueError:
            raise Refused(200, text[:200].decode("utf-8", "replace")) from None

    def ask(self, path, body=None):
        """As call; null where the server has no such address."""
        try:
            return self.call(path, body)
        except Refused:
            return None


class Refused(Exception):
    """The server answered, but not with what was asked for."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = " ".join(text.split())[:300]


def unreadable(what, refused):
    return Verdict(
        UNREADABLE, f"The server did not give {what}: it answered HTTP {refused.status}, {refused.text or 'nothing'}."
    )


class Vllm:
    name = "vLLM"

    def __init__(self, server, models):
        self.server, self.models = server, models

    def score(self, model, canary, wanted):
        """Log-probabilities of the completion; None where it does not tell one."""
        body = {"model": model, "prompt": canary["ids"], "max_tokens": 1, "temperature": 0, "prompt_logprobs": 0}
        answer = self.server.call("/v1/completions", body)
        rows = (answer.get("choices") or [{}])[0].get("prompt_logprobs") or answer.get("prompt_logprobs")
        if not rows or len(rows) != len(canary["ids"]):
            raise Refused(200, "no prompt_logprobs, one for each token")
        scores = []
        for at in range(canary["first"], len(canary["ids"])):
            told = (rows[at] or {}).get(str(canary["ids"][at]))
            scores.append(None if told is None else told["logprob"])
        return scores

    def tokenize(self, model, text):
        return (self.server.ask("/tokenize", {"model": model, "prompt": text}) or {}).get("tokens")

    def apply_template(self, model, messages):
        return (self.server.ask("/tokenize", {"model": model, "messages": messages}) or {}).get("tokens")


class Sglang(Vllm):
    name = "SGLang"

    def score(self, model, canary, wanted):
        body = {
            "input_ids": canary["ids"],
            "sampling_params": {"temperature": 0, "max_new_tokens": 1},
            "return_logprob": True,
            "logprob_start_len": 0,
        }
        if model is not None and model != self.base_name():
            body["lora_path"] = model
        answer = self.server.call("/generate", body)
        rows = (answer.get("meta_info") or {}).get("input_token_logprobs")
        completion = canary["ids"][canary["first"] :]
        if not rows or len(rows) < len(completion):
            raise Refused(200, "no input_token_logprobs, one for each token")
        return [row[0] if row[1] == token else None for row, token in zip(rows[-len(completion) :], completion)]

    def base_name(self):
        return next((model["id"] for model in self.models if not model.get("parent")), None)

    def apply_template(self, model, messages):
        # It has no address that gives the ids of messages.
        return None


class LlamaServer:
    """llama-server tells no probabilities of a prompt: it is asked token by token what comes next."""

    name = "llama-server"

    def __init__(self, server, models):
        self.server, self.models = server, models
        # It tells no probabilities where it generates an end or a part of a character, so a token of plain letters is
        # generated, whatever is likely. The probabilities are those from before.
        self.harmless = None
        adapters = self.server.ask("/lora-adapters")
        self.adapters = adapters if isinstance(adapters, list) else []

    def score(self, model, canary, wanted):
        ids, first = canary["ids"], canary["first"]
        scores = [None] * (len(ids) - first)
        for at in wanted:
            # It keeps what it has computed of a prompt when the adapter's scale changes, so the first request of a
            # sequence computes it anew, and the others use what that one left in the same slot.
            body = {
                "prompt": ids[: first + at], "n_predict": 1, "temperature": 0, "n_probs": LLAMA_TOP, "id_slot": 0,
                "cache_prompt": at != wanted[0], "post_sampling_probs": False,
                "logit_bias": [[self.harmless, 1000]],
            }
            # The adapter is asked for as everybody gets it, at the scale that the server was started with.
            if model == "base":
                body["lora"] = [{"id": adapter["id"], "scale": 0.0} for adapter in self.adapters]
            scores[at] = self.probability(self.server.call("/completion", body), ids[first + at])
        return scores

    @staticmethod
    def probability(answer, token):
        """The token's log-probability; a tuple of the least that was told where it is not among those told."""
        rows = answer.get("completion_probabilities") or []
        if not rows:
            raise Refused(200, "no completion_probabilities")
        told = rows[0].get("top_logprobs") or []
        found = next((row["logprob"] for row in told if row["id"] == token), None)
        if found is None and rows[0].get("id") == token:
            found = rows[0].get("logprob")
        if found is not None:
            return found
        return (min(row["logprob"] for row in told),) if told else None

    def tokenize(self, model, text):
        body = {"content": text, "add_special": True, "parse_special": True}
        return (self.server.ask("/tokenize", body) or {}).get("tokens")

    def apply_template(self, model, messages):
        text = (self.server.ask("/apply-template", {"messages": messages}) or {}).get("prompt")
        if text is None:
            return None
        body = {"content": text, "add_special": False, "parse_special": True}
        return (self.server.ask("/tokenize", body) or {}).get("tokens")


OWNERS = {"vllm": Vllm, "sglang": Sglang, "llamacpp": LlamaServer}
KINDS = {"vllm": Vllm, "sglang": Sglang, "llama.cpp": LlamaServer}


def find_server(server, kind):
    """The kind of server and the models that it lists."""
    try:
        listed = server.call("/v1/models")
    except Refused as refused:
        if refused.status in (401, 403):
            raise unreadable("its models: set SERVER_API_KEY to its key", refused) from None
        listed = {}
    models = [model for model in (listed.get("data") or []) if isinstance(model, dict) and "id" in model]
    if kind is not None:
        return KINDS[kind](server, models)
    owners = {OWNERS[model["owned_by"]] for model in models if model.get("owned_by") in OWNERS}
    if len(owners) == 1:
        return owners.pop()(server, models)
    raise Verdict(
        UNREADABLE,
        f"The server at {server.address} does not say that it is vLLM, SGLang or llama-server. Name it: --server vllm.",
    )


def find_names(asked, options):
    """The names of base and adapter; the base's is null where it is not served beside the adapter."""
    if isinstance(asked, LlamaServer):
        return (None if options.merged or not asked.adapters else "base"), "adapter"
    names = [model["id"] for model in asked.models]
    tuned = [model["id"] for model in asked.models if model.get("parent")]
    if options.merged:
        name = options.adapter or (names[0] if names else None)
        if name is None:
            raise Verdict(USAGE, "The server lists no model. Name the merged one: --adapter NAME.")
        return None, name
    adapter = options.adapter or (tuned[0] if len(tuned) == 1 else None)
    if adapter is None:
        raise Verdict(
            BASE_SILENTLY if names and not tuned else USAGE,
            f"The server lists {', '.join(names) or 'no model'} and no adapter: it serves the base alone. "
            "Load the adapter, or name it: --adapter NAME (--merged for a merged checkpoint)."
            if not tuned
            else f"The server lists several adapters: {', '.join(tuned)}. Name the one to check: --adapter NAME.",
        )
    parent = next((model.get("parent") for model in asked.models if model["id"] == adapter), None)
    others = [name for name in names if name not in tuned and name != adapter]
    base = options.base or (parent if parent in names else None) or (others[0] if others else None)
    return base, adapter


# --- what the numbers say ----------------------------------------------------------------------


def distance(seen, wanted):
    """Mean and largest distance over the tokens that were told; of a token rarer than told, what it is too much."""
    gaps = []
    for one, other in zip(seen, wanted):
        if isinstance(one, tuple):
            gaps.append(max(0.0, other - one[0]))
        elif one is not None:
            gaps.append(abs(one - other))
    return (sum(gaps) / len(gaps), max(gaps)) if gaps else (math.inf, math.inf)


def moves(seen, seen_base, canaries):
    """What the adapter changed on the server and in the studio, token by token, where the server told both."""
    seen_base = canaries.base if seen_base is None else seen_base
    return [
        (one - plain, tuned - base)
        for one, plain, tuned, base in zip(seen, seen_base, canaries.adapter, canaries.base)
        if isinstance(one, (int, float)) and isinstance(plain, (int, float))
    ]


def share(moved):
    """How far the server has gone from the base towards the adapter: 0 is the base, 1 the adapter."""
    length = sum(change * change for _, change in moved)
    return sum(got * change for got, change in moved) / length if length > 0 else math.nan


def judge_base(seen, canaries, tolerance):
    mean, largest = distance(seen, canaries.base)
    if mean <= tolerance[0] and largest <= tolerance[1]:
        return
    raise Verdict(
        OTHER_BASE,
        "Another base: without the adapter the server's log-probabilities lie "
        f"{mean:.3f} nats off in the mean and {largest:.3f} at most ({tolerance[0]} and {tolerance[1]} are allowed), "
        f"so it does not serve {canaries.base_name} as the adapter was trained on, or serves it quantised "
        "(then: --tolerance 4bit).",
    )


def judge_adapter(seen, seen_base, canaries, tolerance):
    """Raises what is wrong; returns the mean distance where all is right."""
    mean, largest = distance(seen, canaries.adapter)
    apart, _ = distance(canaries.adapter, canaries.base)
    if apart <= 2 * tolerance[0] and distance(seen, canaries.base)[0] <= tolerance[0]:
        raise Verdict(
            UNTOLD,
            f"Not to be told: base and adapter differ by {apart:.3f} nats a token on these canaries, no more than the "
            f"server may round ({tolerance[0]}). Serve it in float32 and check with --tolerance float32, or export with "
            "canaries of pairs.",
        )
    known = {"base": canaries.base, "adapter": canaries.adapter, **canaries.scaled}
    nearest = min(known, key=lambda name: distance(seen, known[name])[0])
    off = distance(seen, known[nearest])[0]
    moved = moves(seen, seen_base, canaries)
    reached = share(moved)
    if nearest == "base" and off <= max(tolerance[0], apart / 4):
        raise Verdict(
            BASE_SILENTLY,
            "The base is served silently: under the adapter's name the server answers as the base does "
            f"({off:.3f} nats off the base in the mean, {mean:.3f} off the adapter). Load the adapter again and look at "
            "the server's log.",
        )
    if nearest not in ("base", "adapter") and off <= max(tolerance[0], apart / 4):
        raise Verdict(
            SCALED,
            f"Scaled wrong: the server applies the adapter at {nearest:g} times its scale "
            f"({canaries.scale:g} = lora_alpha / r is right). {advice_on_scale(nearest, canaries)}",
        )
    if nearest == "adapter" and mean <= tolerance[0] and largest <= tolerance[1] and 0.5 <= reached <= 1.5:
        return mean
    strength, rest = find_strength(seen, canaries)
    if rest <= max(tolerance[0], min(mean, distance(seen, canaries.base)[0]) / 3) and not 0.9 <= strength <= 1.1:
        raise Verdict(
            SCALED,
            f"Scaled wrong: the server applies the adapter at about {strength:.2g} times its scale ({mean:.3f} nats off in "
            f"the mean). {advice_on_scale(strength, canaries)}",
        )
    if seen_base is None:
        raise Verdict(
            OTHER_BASE,
            f"Another base, or another adapter: the server's log-probabilities lie {mean:.3f} nats off in the mean and "
            f"{largest:.3f} at most ({tolerance[0]} and {tolerance[1]} are allowed), and are those of base or adapter at "
            "no scale. Quantised weights: --tolerance 4bit.",
        )
    raise Verdict(
        OTHER_ADAPTER,
        f"Another adapter: the base is right, but under the adapter's name the server's log-probabilities lie {mean:.3f} "
        f"nats off in the mean and {largest:.3f} at most, and are those of this adapter at no scale.",
    )


def find_strength(seen, canaries):
    """The scale between two known ones that comes nearest, and how far off that still is in the mean."""
    known = sorted({0.0: canaries.base, 1.0: canaries.adapter, **canaries.scaled}.items())
    found = (math.nan, math.inf)
    for (low, at_low), (high, at_high) in zip(known, known[1:]):
        moved = [(s - one, other - one) for s, one, other in zip(seen, at_low, at_high) if isinstance(s, (int, float))]
        part = min(1.0, max(0.0, share(moved)))
        between = [one + part * (other - one) for one, other in zip(at_low, at_high)]
        rest = distance(seen, between)[0]
        if rest < found[1]:
            found = (low + part * (high - low), rest)
    return found


def advice_on_scale(strength, canaries):
    if abs(strength * canaries.scale - 1) < 0.05 * max(1, strength):
        return "lora_alpha / r is not applied at all: look whether the file's lora_alpha arrived."
    if abs(strength / canaries.rank - 1) < 0.05:
        return "It is not divided by r: look how the server computes lora_alpha / r."
    if abs(strength - 2) < 0.2:
        return "It is applied twice, say by two adapters loaded, or an adapter on a merged base."
    return "Look for a scale in the server's options, and for rsLoRA (use_rslora) in adapter_config.json."


class Canaries:
    """The numbers of the file, of all sequences in one row."""

    def __init__(self, file, wanted):
        self.list = file["canaries"]
        self.base_name = file["base"]["name"]
        self.rank = file["adapter"]["r"]
        self.scale = file["adapter"]["lora_alpha"] / self.rank
        self.probes = file["probes"]
        self.wanted = wanted
        self.base = self.pick(lambda canary: canary["base"]["logprobs"])
        self.adapter = self.pick(lambda canary: canary["adapter"]["logprobs"])
        strengths = [scaled["strength"] for scaled in self.list[0]["scaled"]] if self.list else []
        self.scaled = {
            strength: self.pick(lambda canary, at=at: canary["scaled"][at]["logprobs"])
            for at, strength in enumerate(strengths)
        }

    def pick(self, of):
        return [of(canary)[at] for canary, places in zip(self.list, self.wanted) for at in places]

    @staticmethod
    def all_places(file):
        return [range(len(canary["base"]["logprobs"])) for canary in file["canaries"]]

    @staticmethod
    def changed_places(file):
        """The places of each canary that the adapter changes most, among those that are likely at all."""
        chosen = []
        for canary in file["canaries"]:
            base, tuned = canary["base"]["logprobs"], canary["adapter"]["logprobs"]
            order = sorted(
                range(len(base)), key=lambda at: (min(base[at], tuned[at]) < -12, -abs(tuned[at] - base[at]))
            )
            chosen.append(sorted(order[:LLAMA_POSITIONS]))
        return chosen


def score_all(asked, model, canaries):
    scores = []
    for canary, places in zip(canaries.list, canaries.wanted):
        try:
            row = asked.score(model, canary, places)
        except Refused as refused:
            if "vocab" in refused.text.lower() or "token id" in refused.text.lower():
                raise Verdict(
                    OTHER_TOKENIZER,
                    f"Another tokenizer: the server refuses token ids of the studio's vocabulary ({refused.text}).",
                ) from None
            # Another vocabulary may be why.
            judge_texts(asked, model, canaries.probes)
            raise unreadable(f"log-probabilities of {model}", refused) from None
        scores.extend(row[at] for at in places)
    if all(score is None for score in scores):
        raise Verdict(UNREADABLE, f"The server told no log-probability of {model}'s tokens.")
    return scores


def judge_texts(asked, model, probes):
    """Raises where texts or messages become other tokens; returns what could not be asked."""
    messages = [probes["template"]] if probes["template"] is not None else []
    kinds = [
        ("tokenizer", probes["texts"], "text", asked.tokenize, "the tokenizer files of the base"),
        ("chat template", messages, "messages", asked.apply_template, "the studio's template"),
    ]
    unasked = set()
    for what, given, key, tokens_of, remedy in kinds:
        for probe in given:
            ids = tokens_of(model, probe[key])
            if ids is None:
                unasked.add(what)
            elif ids != probe["ids"]:
                of = json.dumps(probe["text"]) if key == "text" else "one question"
                raise Verdict(
                    OTHER_TOKENIZER,
                    f"Another {what}: of {of} the server makes the tokens {show(ids)}, the studio {show(probe['ids'])}. "
                    f"Give the server {remedy}.",
                )
    return sorted(unasked)


def show(ids):
    shown = ", ".join(map(str, ids[:8]))
    return f"[{shown}{', ...' if len(ids) > 8 else ''}]"


def check(options):
    file = read_canaries(options.canaries)
    options.merged = options.merged or Path(options.canaries).with_name("config.json").exists()
    asked = find_server(Server(options.address, options.timeout), options.server)
    base, adapter = find_names(asked, options)
    few = isinstance(asked, LlamaServer)
    if few:
        plain = file["probes"]["texts"][0]["ids"]
        asked.harmless = plain[len(plain) // 2]
    canaries = Canaries(file, Canaries.changed_places(file) if few else Canaries.all_places(file))
    least = STUDIO_TOLERANCE.get(file["base"]["precision"], "4bit")
    tolerance = max(TOLERANCES[options.tolerance], TOLERANCES[least])
    seen_base = None
    if base is not None:
        seen_base = score_all(asked, base, canaries)
        judge_base(seen_base, canaries, tolerance)
    mean = judge_adapter(score_all(asked, adapter, canaries), seen_base, canaries, tolerance)
    unasked = judge_texts(asked, adapter if not few else None, canaries.probes)
    told = f"Right: {asked.name} answers as the studio did, {mean:.4f} nats off a token in the mean over "
    told += f"{len(canaries.base)} tokens of {len(canaries.list)} canaries"
    told += "." if base is not None else "; the base was not served beside it."
    if unasked:
        told += f" Its {' and its '.join(unasked)} could not be asked."
    raise Verdict(RIGHT, told)


def read_canaries(path):
    try:
        file = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Verdict(USAGE, f"{path} cannot be read ({error}); it lies in the export beside check_server.py.") from None
    if not isinstance(file, dict) or file.get("format") != "airlock-canaries" or file.get("version") != 1:
        raise Verdict(USAGE, f"{path} is no canaries.json of this version; use the check_server.py that came with it.")
    if not file["canaries"]:
        raise Verdict(USAGE, f"{path} holds no canary.")
    return file


def main():
    parser = argparse.ArgumentParser(
        description="Asks a running server whether it answers as the studio did.",
        epilog=__doc__[__doc__.index("Exit codes") :],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("address", help="the server's, say http://localhost:8000")
    parser.add_argument("--adapter", help="the adapter's name on the server, where it lists several models")
    parser.add_argument("--base", help="the base's name on the server")
    parser.add_argument(
        "--merged", action="store_true", help="the server has the merged checkpoint; so where one lies beside canaries.json"
    )
    parser.add_argument("--server", choices=sorted(KINDS), help="where it does not say what it is")
    parser.add_argument(
        "--tolerance", choices=list(TOLERANCES), default="bfloat16", help="how the server computes (bfloat16)"
    )
    parser.add_argument("--canaries", default=Path(__file__).with_name("canaries.json"), help="canaries.json beside this file")
    parser.add_argument("--timeout", type=float, default=120, help="seconds to wait for an answer (120)")
    try:
        check(parser.parse_args())
    except Verdict as verdict:
        print(verdict)
        return verdict.code


if __name__ == "__main__":
    sys.exit(main())
