"""A small HTTP server around transformers and PEFT that answers as vLLM or SGLang does, as far as
check_server.py asks them: names and shapes of their APIs, computed by another library than Airlock's.

It can do what goes wrong in practice: answer an adapter's name with the base, apply it at another
scale, serve another base, another tokenizer, another template.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch
from peft import PeftModel


class NoSuchModel(Exception):
    pass


@dataclass
class Served:
    """What is served, and under which names."""

    net: PeftModel
    tokenizer: object
    kind: str = "vllm"
    base: str | None = "ours"
    adapter: str | None = "ours-tuned"
    # None: the adapter's name is answered by the base.
    scale: float | None = 1.0
    asked: list[str] = field(default_factory=list)

    def logprobs(self, name: str, ids: list[int]) -> list[float | None]:
        """Of each token given those before it; null for the first."""
        if name not in (self.base, self.adapter):
            raise NoSuchModel(name)
        vocabulary = self.net.config.vocab_size
        if any(token >= vocabulary for token in ids):
            raise ValueError(f"Token id {max(ids)} is out of vocabulary")
        tuned = name == self.adapter and self.scale is not None
        with torch.no_grad(), self.adapted(self.scale) if tuned else self.net.disable_adapter():
            logits = self.net(input_ids=torch.tensor([ids])).logits[0].float().log_softmax(-1)
        return [None, *(float(logits[at, token]) for at, token in enumerate(ids[1:]))]

    @contextmanager
    def adapted(self, scale: float):
        layers = [module for module in self.net.modules() if isinstance(getattr(module, "scaling", None), dict)]
        kept = [dict(layer.scaling) for layer in layers]
        for layer in layers:
            layer.scaling = {name: value * scale for name, value in layer.scaling.items()}
        try:
            yield
        finally:
            for layer, scaling in zip(layers, kept, strict=True):
                layer.scaling = scaling

    def models(self) -> dict:
        names = [(self.base, None), (self.adapter, self.base)]
        return {"object": "list", "data": [
            {"id": name, "object": "model", "owned_by": self.kind, "root": name, "parent": parent}
            for name, parent in names if name is not None
        ]}

    def complete(self, body: dict) -> dict:
        rows = self.logprobs(body["model"], body["prompt"])
        told = [
            None if logprob is None else
            {str(token): {"logprob": logprob, "rank": 1, "decoded_token": self.tokenizer.decode([token])}}
            for token, logprob in zip(body["prompt"], rows, strict=True)
        ]
        return {"object": "text_completion", "model": body["model"],
                "choices": [{"index": 0, "text": "", "finish_reason": "length", "prompt_logprobs": told}]}

    def generate(self, body: dict) -> dict:
        ids, start = body["input_ids"], body["logprob_start_len"]
        rows = self.logprobs(body.get("lora_path") or self.base, ids)
        told = [[logprob, token, None] for logprob, token in zip(rows, ids, strict=True)][start:]
        return {"text": "", "meta_info": {"prompt_tokens": len(ids), "input_token_logprobs": told}}

    def tokenize(self, body: dict) -> dict:
        if "messages" in body:
            text = self.tokenizer.apply_chat_template(body["messages"], tokenize=False, add_generation_prompt=True)
            ids = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        else:
            ids = self.tokenizer(body["prompt"])["input_ids"]
        return {"count": len(ids), "max_model_len": 128, "tokens": ids}

    def answer(self, path: str, body: dict | None) -> dict | None:
        self.asked.append(path)
        if body is None:
            return self.models() if path == "/v1/models" else None
        if path == "/tokenize" and not (self.kind == "sglang" and "messages" in body):
            return self.tokenize(body)
        if (self.kind, path) == ("vllm", "/v1/completions"):
            return self.complete(body)
        if (self.kind, path) == ("sglang", "/generate"):
            return self.generate(body)
        return None


@contextmanager
def serving(served: Served):
    """Yields the address, on a port that the system chose."""

    class Handler(BaseHTTPRequestHandler):
        def reply(self, body: dict | None) -> None:
            try:
                answer, status = served.answer(self.path, body), 200
                if answer is None:
                    answer, status = {"detail": "Not Found"}, 404
            except NoSuchModel as error:
                answer, status = {"error": {"message": f"The model `{error}` does not exist.", "code": 404}}, 404
            except ValueError as error:
                answer, status = {"error": {"message": str(error), "code": 400}}, 400
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self.reply(None)

        def do_POST(self) -> None:
            self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_arguments) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
