"""Write small tokenizers with the pipelines of real model families, and what transformers makes of them.

The vocabularies are trained here on a few lines; normalizers, pre-tokenizers with their
regular expressions, decoders, post-processors and flags of added tokens are those of the
families' files on the Hugging Face Hub. Each tokenizer is written as its family writes it
(tokenizer.json, tokenizer_config.json, config.json), read back by AutoTokenizer, and run
over a nasty corpus. Makes `fixtures/tokenizers/goldens.json`; `tools/README.md` describes it.

Usage: python tools/make_tokenizers.py
"""

from __future__ import annotations

import base64
import json
import os
import random
import struct
import tempfile
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "tokenizers" / "goldens.json"
MADE_BY = f"tools/make_tokenizers.py; tokenizers {tokenizers.__version__}, transformers {transformers.__version__}"

# --- text ---------------------------------------------------------------------------------

NASTY = [
    "", " ", "   ", "\n", "\n\n\n", " \n ", "a", " a", "a ", "  two  spaces  inside ", "\t\ttabs\t and\x0b\x0c",
    "line one\nline two\r\n\r\n\ttabbed", "안녕하세요, 세계! 저는 학생입니다.", "ㅋㅋㅋ ㅠㅠ 가각힣 漢字 한국어와 English를 섞어요", "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "emoji 🌵🙂 👩\u200d👩\u200d👧 🇰🇷 👍🏽 ❤\ufe0f", "e\u0301 a\u0323\u0307 é ﬁ ｆｕｌｌ ２ ① Ⅳ ½ x² Å", "\x00\x01\x07\x1b\x7f\x85 control",
    "zero\u200bwidth no\u00a0break soft\u00adhyphen \ufeffbom\ufeff line\u2028sep \u3000em", "1 12 123 1234 12345 1234567890123456789012345 3.14 1,000,000 ٣٤٥",
    "def f(x):\n    return x ** 2  # ok\n\n\n\tif x:\n        pass\n", "{\"key\": [1, 2.5, null], \"s\": \"a\\\\b\"}",
    "don't we'll I'M they'RE 'TIS o'clock 'Re ſ'ſ", "MiXeD CaSe ALLCAPS snake_case HTTPServer ÉCOLE Straße ǅ", "a@b.co https://example.org/p?q=1&r=%20#x C:\\dir",
    "!!!???...,,,--- ___***/// «q» “x” ¡¿ $€₩ ++==", "▁ is ▁▁ metaspace", "Ġ is Ċ byte-level", "مرحبا שלום नमस्ते สวัสดี ქართული Ελλάς ΣΑΣ",
    "x" * 300, "가" * 70, "ab" * 90 + " " * 40 + "!", "𝒳𝓎 𠮷 \U0010ffff \ufffd", "<0x41><0x0A> <unk>", "Hello, world!", "日本語のテキスト。中文文本,标点！",
    "\r\r\n x", "end\n", "\n start", "half\u00a0\u2003 space", "1a2b3c 4 d5", "'''\"\"\"", "….…··", "a\u0300\u0301\u0302\u0303b",
]  # fmt: skip
PROSE = [
    "Once upon a time, there was a little girl named Lily. She said hello to the world and the world said hello.",
    "안녕하세요 세계 오늘 날씨가 참 좋네요 한국어와 English 저는 학생입니다", "def f(x):\n    return x ** 2\n", "don't we'll the the  the   the\n\n\nthe",
    "123 12 1234 12345 007 2026", "!!! ... --- ??? «q»", "HTTPServer MiXeD ALLCAPS école", "日本語 中文", "\t\t\n \n  \n", "مرحبا नमस्ते",
]  # fmt: skip


def around(token: str) -> list[str]:
    """A token in every neighbourhood that added-token matching can get wrong."""
    return [token, f" {token} ", f"a{token}b", f"a {token} b", f"a \n\t{token}\n  b", f"{token}{token}", f"{token} {token}", token[:-1], f"_{token}_", f"가{token}é", f"  {token}1"]


# --- models ---------------------------------------------------------------------------------


def bytes_model() -> Tokenizer:
    """Byte-level BPE, trained without any family's splits: merges across them exist, and only the splits keep them unused."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=620, initial_alphabet=alphabet, show_progress=False, max_token_length=10)
    tokenizer.train_from_iterator(NASTY[:-8] + PROSE * 6 + ["x" * 40, " " * 40] * 2, trainer)
    return tokenizer


def pieces_model(with_bytes: bool = True) -> Tokenizer:
    """SentencePiece's BPE with byte fallback."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    first = ["<unk>", "<s>", "</s>", *([f"<0x{i:02X}>" for i in range(256)] if with_bytes else [])]
    trainer = trainers.BpeTrainer(vocab_size=len(first) + 330, special_tokens=first, show_progress=False, limit_alphabet=90, max_token_length=10)
    tokenizer.train_from_iterator(PROSE * 6 + ["the the the", "x" * 40, " " * 40, "\n\n"] * 3, trainer)
    return tokenizer


def unigram_model() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    trainer = trainers.UnigramTrainer(vocab_size=260, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False, max_piece_length=8)
    tokenizer.train_from_iterator(PROSE * 4, trainer)
    return tokenizer


def charsmap(mapping: dict[str, str]) -> str:
    """SentencePiece's precompiled_charsmap, base64: u32 size of the trie, a darts-clone double array, strings that end in NUL."""
    values, blob = {}, b""
    for source, target in sorted(mapping.items(), key=lambda item: item[0].encode()):
        values[source.encode()] = len(blob)
        blob += target.encode() + b"\x00"
    trie: dict = {}
    for key, value in values.items():
        node = trie
        for byte in key:
            node = node.setdefault(byte, {})
        node[0] = value
    units, used = [0], {0}

    def place(position: int, label: int, node: dict) -> None:
        base = 1
        while any((base ^ child) in used for child in node) or (position ^ base) >= 1 << 21:
            base += 1
        for child in node:
            used.add(base ^ child)
        units.extend([0] * (max(base ^ child for child in node) + 1 - len(units)))
        units[position] = ((position ^ base) << 10) | label | (256 if 0 in node else 0)
        for child, value in sorted(node.items()):
            if child == 0:
                units[base] = value | 1 << 31
            else:
                place(base ^ child, child, value)

    place(0, 0, trie)
    units.extend([0] * (256 - len(units) % 256))
    body = struct.pack(f"<{len(units)}I", *units)
    return base64.b64encode(struct.pack("<I", len(body)) + body + blob).decode()


def nmt_mapping() -> dict[str, str]:
    """A part of SentencePiece's nmt_nfkc: white space, controls, compatibility forms, a mark with its letter."""
    out = {chr(c): " " for c in (9, 10, 11, 12, 13, 0xA0, 0x2003, 0x2028, 0x3000, 0xFEFF, 0x200B)}
    out |= {chr(c): "" for c in (*range(1, 9), 0x1B, 0x7F, 0xAD)}
    out |= {"ﬁ": "fi", "①": "1", "Ⅳ": "IV", "½": "1\u20442", "²": "2", "Å": "Å", "e\u0301": "é", "\u1112\u1161\u11ab": "한", "ｆ": "f", "ｕ": "u", "ｌ": "l", "２": "2", "…": "..."}
    return out


# --- parts of pipelines ---------------------------------------------------------------------

CL100K = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN = CL100K.replace(r"\p{N}{1,3}", r"\p{N}")
TEKKEN = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
O200K = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN35 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
DEEPSEEK = [
    r"[\r\n]", r"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆა-ჿ]+", r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", r"[一-龥ࠀ-一가-퟿]+",
]  # fmt: skip


def byte_level(**options):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, **options)


def split(regex, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(regex), behavior, invert)


def sequence(*parts):
    return pre_tokenizers.Sequence(list(parts))


def byte_split(*regexes):
    return sequence(*(split(regex) for regex in regexes), byte_level(use_regex=False))


SP_NORMALIZER = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
SP_DECODER = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
GEMMA_DECODER = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])


def special(content, **flags):
    return AddedToken(content, special=True, **{"normalized": False, **flags})


def plain(content, **flags):
    return AddedToken(content, special=False, **flags)


def family(model, added, config, model_type, *, normalizer=None, pre=None, decoder=None, post="bos", legacy=False, override=None):
    """One family: `post` is "bos" (a template that adds it), "bos+eos", "bytes" or None; `legacy` writes no added_tokens_decoder;
    `override` changes flags in tokenizer_config.json's added_tokens_decoder alone."""
    return {"model": model, "added": added, "config": config, "model_type": model_type, "normalizer": normalizer, "pre": pre,
            "decoder": decoder, "post": post, "legacy": legacy, "override": override or {}}  # fmt: skip


LLAMA3_TOKENS = [special(t) for t in ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")]
QWEN_TOKENS = [special(t) for t in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")]
SP_TOKENS = [special(t) for t in ("<unk>", "<s>", "</s>")]
SP_NAMES = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
END = "<|endoftext|>"
PHI3_TOKENS = [
    special("<unk>"), special("<s>"), AddedToken("</s>", special=False, rstrip=True, normalized=False), special("<|endoftext|>"),
    *(AddedToken(t, special=True, rstrip=True, normalized=False) for t in ("<|assistant|>", "<|system|>", "<|end|>", "<|user|>")),
]  # fmt: skip
GEMMA_TOKENS = [special(t) for t in ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")]
GEMMA_TURNS = [special(t) for t in ("<start_of_turn>", "<end_of_turn>")]
GEMMA_RUNS = [plain(t, normalized=False) for t in ("\n\n", "\n\n\n", "▁▁", "▁▁▁", "<table>")]
FLAGS = [
    special("<left>", lstrip=True), special("<right>", rstrip=True), special("<both>", lstrip=True, rstrip=True), special("<word>", single_word=True),
    special("word"), special("<|a|>"), special("<|a|><|b|>"), plain("norm é", normalized=True), plain("Ünorm", normalized=True, single_word=True),
    plain("  ", normalized=True), plain("\t\t", normalized=False), plain("한국", normalized=True, lstrip=True), special("<sp> ce>"), special("<nrm é>", normalized=True),
]  # fmt: skip

FAMILIES = {
    "gpt2": family("bytes", [special(END, normalized=True)], {"tokenizer_class": "GPT2Tokenizer", "model_max_length": 1024}, "gpt2", pre=byte_level(), post="bytes", legacy=True),
    "gpt2-added": family("bytes", [special(END)], {"tokenizer_class": "GPT2Tokenizer", "add_bos_token": True, "add_prefix_space": True, "bos_token": END, "eos_token": END, "unk_token": END, "clean_up_tokenization_spaces": True}, "gpt2", pre=byte_level(), post="bytes"),
    "llama3": family("bytes", LLAMA3_TOKENS, {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>", "clean_up_tokenization_spaces": True}, "llama", pre=byte_split(CL100K)),
    "smollm3": family("bytes", [*LLAMA3_TOKENS, *QWEN_TOKENS[1:], plain("<think>", normalized=False), plain("</think>", normalized=False)], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>", "pad_token": "<|im_end|>", "bos_token": None}, "smollm3", pre=byte_split(CL100K), post=None),
    "qwen2": family("bytes", QWEN_TOKENS, {"tokenizer_class": "Qwen2Tokenizer", "bos_token": None, "eos_token": "<|im_end|>", "pad_token": END, "additional_special_tokens": ["<|im_start|>", "<|im_end|>"]}, "qwen2", normalizer=normalizers.NFC(), pre=byte_split(QWEN), post="bytes"),
    "qwen3": family("bytes", [*QWEN_TOKENS, *(plain(t, normalized=False) for t in ("<tool_call>", "<think>", "</think>"))], {"tokenizer_class": "Qwen2Tokenizer", "bos_token": None, "eos_token": "<|im_end|>", "pad_token": END, "add_bos_token": False, "extra_special_tokens": ["<|im_start|>"]}, "qwen3", normalizer=normalizers.NFC(), pre=byte_split(QWEN), post="bytes"),
    "pythia": family("bytes", [special(END), special("<|padding|>"), *(plain(" " * n, normalized=True) for n in range(12, 1, -1))], {"tokenizer_class": "GPTNeoXTokenizer", "bos_token": END, "eos_token": END, "unk_token": END, "add_prefix_space": False}, "gpt_neox", normalizer=normalizers.NFC(), pre=byte_level(), post="bytes", legacy=True),
    "pythia-decoder": family("bytes", [special(END), special("<|padding|>"), *(plain(" " * n, normalized=True) for n in range(12, 1, -1))], {"tokenizer_class": "GPTNeoXTokenizer", "bos_token": END, "eos_token": END, "unk_token": END, "add_bos_token": True}, "gpt_neox", normalizer=normalizers.NFC(), pre=byte_level()),
    "smollm2": family("bytes", [*QWEN_TOKENS, special("<repo_name>")], {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False, "bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "unk_token": END, "pad_token": "<|im_end|>", "additional_special_tokens": ["<|im_start|>", "<|im_end|>"]}, "llama", pre=sequence(pre_tokenizers.Digits(True), byte_level()), post=None),
    "smollm2-resaved": family("bytes", [*QWEN_TOKENS, special("<repo_name>")], {"tokenizer_class": "TokenizersBackend", "backend": "tokenizers", "eos_token": "<|im_end|>", "extra_special_tokens": ["<|im_start|>"]}, "llama", pre=sequence(pre_tokenizers.Digits(True), byte_level()), post=None, legacy=True),
    "olmo2": family("bytes", [special(END), *(special(t) for t in ("<|fim_prefix|>", "<|endofprompt|>", "<|pad|>")), plain("|||IP_ADDRESS|||", normalized=False)], {"tokenizer_class": "GPT2Tokenizer", "bos_token": END, "eos_token": END, "unk_token": END, "pad_token": "<|pad|>"}, "olmo2", pre=sequence(split(CL100K, "removed", True), byte_level(use_regex=False)), post=None),
    "phi2": family("bytes", [special(END), *(plain(" " * n, normalized=True) for n in range(9, 1, -1)), *(plain("\t" * n, normalized=True) for n in (3, 2))], {"tokenizer_class": "CodeGenTokenizer", "bos_token": END, "eos_token": END, "unk_token": END}, "phi", pre=byte_level(), post="bytes"),
    "phi4-mini": family("bytes", [special(END, rstrip=True, lstrip=True), *(special(t, rstrip=True, lstrip=True) for t in ("<|user|>", "<|end|>"))], {"tokenizer_class": "GPT2TokenizerFast", "bos_token": END, "eos_token": END, "unk_token": END}, "phi3", pre=byte_split(O200K), post=None),
    "mistral-nemo": family("bytes", SP_TOKENS + [special("[INST]"), special("[/INST]")], {"tokenizer_class": "PreTrainedTokenizerFast", **SP_NAMES}, "mistral", pre=byte_split(TEKKEN)),
    "deepseek": family("bytes", [special("<｜begin▁of▁sentence｜>"), special("<｜end▁of▁sentence｜>"), plain("<｜User｜>", normalized=False)], {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": {"__type": "AddedToken", "content": "<｜begin▁of▁sentence｜>", "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}, "eos_token": {"__type": "AddedToken", "content": "<｜end▁of▁sentence｜>", "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}}, "llama", normalizer=normalizers.Sequence([]), pre=sequence(*(split(regex) for regex in DEEPSEEK), pre_tokenizers.Digits(True), byte_level(use_regex=False))),
    "r1-distill": family("bytes", [special("<｜begin▁of▁sentence｜>"), special("<｜end▁of▁sentence｜>"), plain("<think>", normalized=False)], {"tokenizer_class": "LlamaTokenizerFast", "legacy": True, "bos_token": "<｜begin▁of▁sentence｜>", "eos_token": "<｜end▁of▁sentence｜>", "unk_token": None}, "qwen2", pre=byte_split(QWEN)),
    "qwen3.5": family("bytes", QWEN_TOKENS, {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>"}, "llama", normalizer=normalizers.NFC(), pre=byte_split(QWEN35), post="bytes"),
    "starcoder": family("bytes", [special(END), special("<fim_prefix>")], {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": END, "eos_token": END}, "starcoder2", pre=sequence(pre_tokenizers.Digits(True), byte_level(use_regex=True)), post=None),
    "falcon": family("bytes", [special(END)], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}, "falcon", pre=sequence(pre_tokenizers.Punctuation("contiguous"), byte_level(), pre_tokenizers.Digits(False), split(r"[0-9][0-9][0-9]")), post=None),
    "prefix-space": family("bytes", [special(END)], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}, "llama", pre=pre_tokenizers.ByteLevel(add_prefix_space=True), post="bytes"),
    "llama2": family("pieces", SP_TOKENS, {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "add_eos_token": False, "legacy": False, **SP_NAMES, "sp_model_kwargs": {}}, "llama", normalizer=SP_NORMALIZER, decoder=SP_DECODER),
    "llama2-legacy": family("pieces", [*SP_TOKENS, special("[PAD]")], {"tokenizer_class": "LlamaTokenizer", **{key: {"__type": "AddedToken", "content": value, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False} for key, value in SP_NAMES.items()}, "pad_token": None}, "llama", normalizer=SP_NORMALIZER, decoder=SP_DECODER, legacy=True),
    "tinyllama": family("pieces", SP_TOKENS, {"tokenizer_class": "LlamaTokenizer", "legacy": True, "pad_token": "</s>", "padding_side": "right", **SP_NAMES}, "llama", normalizer=SP_NORMALIZER, decoder=SP_DECODER, override={"<s>": {"normalized": True}}),
    "llama-no-bytes": family("pieces-only", SP_TOKENS, {"tokenizer_class": "LlamaTokenizer", "legacy": False, **SP_NAMES}, "llama", normalizer=SP_NORMALIZER, decoder=SP_DECODER),
    "mistral-v1": family("pieces", SP_TOKENS, {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "legacy": False, **SP_NAMES}, "mistral", normalizer=SP_NORMALIZER, decoder=SP_DECODER),
    "mistral-v3": family("pieces", [*SP_TOKENS, special("[INST]"), special("[/INST]")], {"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "legacy": False, **SP_NAMES}, "mistral", pre=pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False), decoder=SP_DECODER),
    "zephyr": family("pieces", [*SP_TOKENS], {"tokenizer_class": "LlamaTokenizer", "pad_token": "</s>", "additional_special_tokens": ["<unk>", "<s>", "</s>"], "truncation_side": "left", **SP_NAMES}, "mistral", normalizer=SP_NORMALIZER, decoder=SP_DECODER),
    "phi3": family("pieces", PHI3_TOKENS, {"tokenizer_class": "LlamaTokenizer", "add_bos_token": False, "legacy": False, "bos_token": "<s>", "eos_token": END, "pad_token": END, "unk_token": "<unk>"}, "phi3", normalizer=SP_NORMALIZER, decoder=SP_DECODER, post=None),
    "phi3-config-flags": family("pieces", [*SP_TOKENS, special("<|user|>"), special("<|end|>")], {"tokenizer_class": "LlamaTokenizer", **SP_NAMES}, "phi3", normalizer=SP_NORMALIZER, decoder=SP_DECODER, override={"<|end|>": {"rstrip": True}, "<|user|>": {"lstrip": True, "special": False}}),
    "pieces-no-bytes": family("pieces-only", SP_TOKENS, {"tokenizer_class": "PreTrainedTokenizerFast", **SP_NAMES}, "mistral", pre=sequence(split(r"\s+", "merged_with_next"), pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False)), decoder=SP_DECODER),
    "gemma2": family("gemma", [*GEMMA_TOKENS, *GEMMA_TURNS, *GEMMA_RUNS], {"tokenizer_class": "GemmaTokenizer", "add_bos_token": True, "bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>", "additional_special_tokens": ["<start_of_turn>", "<end_of_turn>"]}, "gemma2", normalizer=normalizers.Replace(" ", "▁"), pre=pre_tokenizers.Split(" ", "merged_with_previous"), decoder=GEMMA_DECODER),
    "gemma3": family("gemma", [*GEMMA_TOKENS, *GEMMA_TURNS, *GEMMA_RUNS], {"tokenizer_class": "GemmaTokenizer", "bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>", "boi_token": "<table>"}, "gemma3_text", normalizer=normalizers.Replace(" ", "▁"), pre=pre_tokenizers.Split(" ", "merged_with_previous"), decoder=GEMMA_DECODER),
    "flags-bytes": family("bytes", [special(END), *FLAGS], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}, "llama", normalizer=normalizers.NFC(), pre=byte_level(), post="bytes"),
    "lowercase": family("bytes", [special(END), plain("ÉCOLE", normalized=True)], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}, "llama", normalizer=normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Replace("a", "$&"), normalizers.Strip()]), pre=sequence(pre_tokenizers.Whitespace(), pre_tokenizers.Split("o", "removed"), split(r"(e)(s)?", "removed"), split("l", "merged_with_previous"), split("i", "merged_with_next"), split("[.]", "contiguous"), byte_level(use_regex=False)), post="bytes"),
    "whitespace": family("bytes", [special(END)], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}, "llama", pre=sequence(pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("isolated"), byte_level(use_regex=False)), post="bytes"),
    "flags-pieces": family("pieces", [*SP_TOKENS, *FLAGS], {"tokenizer_class": "PreTrainedTokenizerFast", **SP_NAMES}, "mistral", normalizer=SP_NORMALIZER, decoder=SP_DECODER),
    "flags-metaspace": family("pieces", [*SP_TOKENS, *FLAGS], {"tokenizer_class": "LlamaTokenizerFast", "legacy": False, **SP_NAMES}, "llama", normalizer=SP_NORMALIZER, decoder=SP_DECODER),
    "new-tokens": family("bytes", [special(END)], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END, "pad_token": "<|pad|>", "additional_special_tokens": ["<|im_start|>"]}, "llama", pre=byte_level(), post="bytes"),
    "unigram": family("unigram", [special("<pad>"), special("</s>"), special("<unk>")], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "clean_up_tokenization_spaces": True}, "llama", normalizer="charsmap", pre=sequence(pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")), decoder=decoders.Metaspace("▁", prepend_scheme="always"), post="eos"),
    "unigram-bytes": family("unigram-bytes", [special("<pad>"), special("</s>"), special("<unk>")], {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "</s>", "unk_token": "<unk>"}, "llama", normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]), pre=pre_tokenizers.Metaspace("▁", prepend_scheme="always"), decoder=decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace("▁", prepend_scheme="never")]), post="eos"),
}


# --- files ------------------------------------------------------------------------------------


def build_models() -> dict[str, dict]:
    def model_of(tokenizer):
        return json.loads(tokenizer.to_str())["model"]

    pieces = model_of(pieces_model())
    gemma = json.loads(json.dumps(pieces))
    rename = {"<unk>": "<pad>", "<s>": "<eos>", "</s>": "<bos>"}
    gemma["vocab"] = {rename.get(token, token): id_ for token, id_ in gemma["vocab"].items()}
    for token in ("<unk>", "<mask>", "<start_of_turn>", "<end_of_turn>", "\n\n", "\n\n\n", "▁▁", "▁▁▁", "<table>"):
        gemma["vocab"].setdefault(token, len(gemma["vocab"]))
    unigram = model_of(unigram_model())
    fallback = {**unigram, "byte_fallback": True, "vocab": unigram["vocab"] + [[f"<0x{i:02X}>", 0.0] for i in range(256)]}
    return {"bytes": model_of(bytes_model()), "pieces": pieces, "pieces-only": model_of(pieces_model(False)), "gemma": gemma, "unigram": unigram, "unigram-bytes": fallback}


def post_processor(kind, ids, config):
    if kind is None:
        return None
    if kind == "bytes":
        return processors.ByteLevel(trim_offsets=False)

    def name(key):
        token = config.get(key)
        return token["content"] if isinstance(token, dict) else token

    bos, eos = name("bos_token"), name("eos_token")
    if kind == "eos":
        return processors.TemplateProcessing(single=f"$A {eos}", pair=f"$A {eos} $B {eos}", special_tokens=[(eos, ids[eos])])
    template = processors.TemplateProcessing(single=f"{bos} $A", pair=f"{bos} $A {bos} $B", special_tokens=[(bos, ids[bos])])
    return template if bos in ("<s>", "<bos>") else processors.Sequence([processors.ByteLevel(trim_offsets=False), template])


def tokenizer_files(spec: dict, model: dict) -> tuple[dict, dict, dict]:
    tokenizer = Tokenizer.from_str(json.dumps({"version": "1.0", "added_tokens": [], "model": model}))
    if spec["normalizer"] is not None:
        is_map = spec["normalizer"] == "charsmap"
        tokenizer.normalizer = normalizers.Precompiled(base64.b64decode(charsmap(nmt_mapping()))) if is_map else spec["normalizer"]
    if spec["pre"] is not None:
        tokenizer.pre_tokenizer = spec["pre"]
    tokenizer.decoder = spec["decoder"] or decoders.ByteLevel()
    tokenizer.add_tokens(spec["added"])
    ids = {str(token): tokenizer.token_to_id(str(token)) for token in spec["added"]}
    post = post_processor(spec["post"], ids, spec["config"])
    if post is not None:
        tokenizer.post_processor = post
    tokenizer_json = json.loads(tokenizer.to_str())
    config = dict(spec["config"])
    if not spec["legacy"]:
        config["added_tokens_decoder"] = {
            str(token["id"]): {**{key: token[key] for key in ("content", "lstrip", "normalized", "rstrip", "single_word", "special")}, **spec["override"].get(token["content"], {})}
            for token in tokenizer_json["added_tokens"]
        }
    return tokenizer_json, config, {"model_type": spec["model_type"], "vocab_size": tokenizer.get_vocab_size()}


def load(tokenizer_json, config, model_config):
    with tempfile.TemporaryDirectory() as directory:
        for name, content in (("tokenizer", tokenizer_json), ("tokenizer_config", config), ("config", model_config)):
            (Path(directory) / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
        return AutoTokenizer.from_pretrained(directory)


# --- goldens ----------------------------------------------------------------------------------


def golden(auto, texts):
    """[ids, bare, decoded, clean] a text, as far as each differs: null stands for bare = ids, decoded = text, clean = decoded."""
    rows = []
    for text in texts:
        ids, bare = auto(text)["input_ids"], auto(text, add_special_tokens=False)["input_ids"]
        decoded, clean = auto.decode(ids), auto.decode(ids, skip_special_tokens=True)
        rows.append([ids, None if bare == ids else bare, None if decoded == text else decoded, None if clean == decoded else clean])
    return rows


def random_decodes(auto, seed):
    """Ids in no order that a text would give: broken characters, special tokens anywhere."""
    draw = random.Random(seed)
    size = len(auto)
    rows = []
    for _ in range(8):
        ids = [draw.randrange(size) if draw.random() < 0.6 else draw.randrange(min(size, 260)) for _ in range(draw.randrange(1, 14))]
        rows.append([ids, auto.decode(ids), auto.decode(ids, skip_special_tokens=True)])
    return rows


def entry(name, spec, model):
    tokenizer_json, config, model_config = tokenizer_files(spec, model)
    auto = load(tokenizer_json, config, model_config)
    own = [text for token in dict.fromkeys(str(t) for t in spec["added"]) for text in around(token)]
    draw = random.Random(name)
    own = draw.sample(own, min(len(own), 36))
    rest = {key: value for key, value in tokenizer_json.items() if key not in ("version", "truncation", "padding", "model")}
    return {
        "class": type(auto).__name__,
        "model": spec["model"],
        "tokenizer_json": rest,
        "tokenizer_config": config,
        "model_config": model_config,
        "named": {key: getattr(auto, f"{key}_token") for key in ("bos", "eos", "pad")},
        "special_ids": sorted(set(auto.all_special_ids)),
        "length": len(auto),
        "texts": own,
        "rows": golden(auto, NASTY + own),
        "decodes": random_decodes(auto, name),
    }


def main() -> None:
    made = build_models()
    lines = [f' "made_by": {json.dumps(MADE_BY)}', f' "corpus": {json.dumps(NASTY)}']
    for model in made.values():
        if model["type"] == "BPE":
            model["merges"] = [merge if any(" " in part for part in merge) else " ".join(merge) for merge in model["merges"]]
            if any(isinstance(merge, list) for merge in model["merges"]):
                model["merges"] = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]

    def dump(content):
        return json.dumps(content, separators=(",", ":"))

    lines.append(' "models": {\n' + ",\n".join(f'  "{name}": {dump(model)}' for name, model in made.items()) + "\n }")
    entries = []
    for name, spec in FAMILIES.items():
        entries.append(f'  "{name}": {dump(entry(name, spec, made[spec["model"]]))}')
    lines.append(' "tokenizers": {\n' + ",\n".join(entries) + "\n }")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")
    print(f"{len(FAMILIES)} tokenizers, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
