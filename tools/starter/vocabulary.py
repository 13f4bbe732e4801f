"""The byte-level BPE tokenizer, trained on the corpus; each digit is a token of its own."""

from __future__ import annotations

from collections.abc import Iterator

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from .corpus import CHAT_TEMPLATE, END_OF_TEXT, IM_END, IM_START, Document

SEED = 11
DOCUMENTS = 30_000


def train_tokenizer(documents: Iterator[Document], vocabulary: int) -> PreTrainedTokenizerFast:
    """Adds neither BOS nor EOS by itself; EOS is the end of a chat turn."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    texts = (d.prompt.replace(IM_START, "").replace(IM_END, "") + d.completion.replace(IM_END, "") for d in documents)
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocabulary,
            special_tokens=[END_OF_TEXT, IM_START, IM_END],
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        ),
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END_OF_TEXT,
        eos_token=IM_END,
        pad_token=END_OF_TEXT,
        additional_special_tokens=[IM_START],
        model_max_length=512,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast
