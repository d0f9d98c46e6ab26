"""Which words of a question tell the stage of what it counts: "got the nod" is approved, "tried their luck" received.

A small network of our own, the default embedder's with its upper layers trained on questions (train_stages.py). It
knows wordings that no list of words holds (stages.py), and how sure it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor

import embeddings
from embeddings.encoder import BertEncoder, Numerics
from rag.errors import ModelDamaged, ModelNotFound

STAGES = ("", "received", "approved", "arrived", "refused", "waiting", "planned")  # "" is none of them
MAX_TOKENS = 128  # of a question; more is not read
FILE = "stages.safetensors"


@dataclass(frozen=True, slots=True)
class Told:
    """The stage a question asks about, "" for none, with its probability.

    ``question[start:end]`` of each of ``words`` are the words that tell it.
    """

    stage: str
    probability: float
    words: tuple[tuple[int, int], ...] = ()


class StageTagger:
    """Reads questions one by one. Safe to use from several threads at once."""

    def __init__(
        self, base: Path, folder: Path, *, sha256: str | None = None, numerics: Numerics | None = None
    ) -> None:
        """``base`` is the model whose lower layers it shares. Raises ModelNotFound and ModelDamaged."""
        file = folder / FILE
        try:
            with file.open("rb") as weights:
                self.fingerprint = hashlib.file_digest(weights, "sha256").hexdigest()
            self._tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
        except OSError as problem:
            raise ModelNotFound(f"no stage tagger in {folder} ({problem}): install Vouch again") from problem
        except Exception as problem:  # the tokenizers package raises nothing narrower
            raise ModelDamaged(f"the model in {base} is damaged ({problem}): install it again") from problem
        if sha256 not in (None, self.fingerprint):
            raise ModelDamaged(f"{file} is not the stage tagger that was shipped: install Vouch again")
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        try:
            self._encoder = BertEncoder(base, numerics, over=file)
            with safe_open(file, "pt") as weights:
                self._heads = [
                    tuple(weights.get_tensor(f"{head}.{kind}").float() for kind in ("weight", "bias"))
                    for head in ("question", "words")
                ]
        except (embeddings.ModelDamaged, SafetensorError, OSError) as problem:
            raise ModelDamaged(f"{file} is no stage tagger ({problem}): install Vouch again") from problem
        self.path = self._encoder.path

    def tag(self, question: str) -> Told:
        """The stage that a question asks about, and where it says so."""
        encoding = self._tokenizer.encode(question)
        (_, (of_question, of_words)), *_ = self._encoder.map([encoding.ids], self._apply)
        number = int(of_question.argmax())
        words: list[tuple[int, int]] = []
        for (start, end), stage in zip(encoding.offsets, of_words.tolist(), strict=True):
            if stage != number or not number or end <= start:
                continue
            goes_on = words and not question[words[-1][1] : start].strip()
            words.append((words.pop()[0] if goes_on else start, end))
        return Told(STAGES[number], float(of_question[number]), tuple(words))

    def _apply(self, hidden: Tensor, lengths: list[int]) -> tuple[Tensor, Tensor]:
        """The probabilities of one question's stages, and the number of each token's."""
        del lengths
        question, words = (
            F.linear(hidden.float(), weight.to(hidden.device), bias.to(hidden.device)) for weight, bias in self._heads
        )
        return question.mean(0).softmax(-1).cpu(), words.argmax(-1).cpu()
