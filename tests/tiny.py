"""Tiny models of random weights, built on the spot, that prove loading and arithmetic without a model hub."""

from __future__ import annotations

import json
import string
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

WORDS = (
    "the a of in on and to was were is are when who where how many did what year ferry harbour council opened built "
    "night depot people carried million bridge mayor city began ended first last more less north south"
).split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def tiny_tokenizer() -> Tokenizer:
    """WordPiece over a few words, all letters and digits."""
    letters = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = SPECIAL + WORDS + [c for c in letters if c not in WORDS] + [f"##{c}" for c in letters]
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def tiny_bert(folder: Path, *, positions: int = 384) -> Path:
    """The folder of a BERT encoder, two layers of 32."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
                        num_attention_heads=4, intermediate_size=64, max_position_embeddings=positions)  # fmt: skip
    return _saved(BertModel(config, add_pooling_layer=False), tokenizer, folder)


def tiny_reader(folder: Path) -> Path:
    """The folder of a BERT question-answering model with extreme enough heads to have opinions."""
    from transformers import BertConfig, BertForQuestionAnswering

    torch.manual_seed(1)
    tokenizer = tiny_tokenizer()
    config = BertConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
                        num_attention_heads=4, intermediate_size=64, max_position_embeddings=384)  # fmt: skip
    model = BertForQuestionAnswering(config)
    torch.nn.init.normal_(model.qa_outputs.weight, std=1.0)
    return _saved(model, tokenizer, folder)


def tiny_other(folder: Path) -> Path:
    """A question-answering model that is no BERT: DistilBERT."""
    from transformers import DistilBertConfig, DistilBertForQuestionAnswering

    torch.manual_seed(2)
    tokenizer = tiny_tokenizer()
    config = DistilBertConfig(vocab_size=tokenizer.get_vocab_size(), dim=32, n_layers=2, n_heads=4, hidden_dim=64,
                              max_position_embeddings=384)  # fmt: skip
    _saved(DistilBertForQuestionAnswering(config), tokenizer, folder)
    special = {"unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]"}
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **special}))
    return folder


def _saved(model: torch.nn.Module, tokenizer: Tokenizer, folder: Path) -> Path:
    model.save_pretrained(folder)  # type: ignore[operator]
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|> {{ message['content'] }} {% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def tiny_writer(folder: Path, *, template: str | None = TEMPLATE, positions: int = 512) -> Path:
    """The folder of a language model that writes, two layers of 32: what it writes makes no sense."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(3)
    tokenizer = tiny_tokenizer()
    tokenizer.add_special_tokens(["<|system|>", "<|user|>", "<|assistant|>"])
    config = LlamaConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=2,
                         num_attention_heads=4, intermediate_size=64, max_position_embeddings=positions,
                         bos_token_id=2, eos_token_id=3)  # fmt: skip
    whole = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", bos_token="[CLS]", eos_token="[SEP]"
    )
    whole.chat_template = template
    whole.save_pretrained(folder)
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
