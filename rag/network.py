"""The reader's network: question and context as tokens in, how well each token begins or ends an answer out.

BERT models run on our own encoder (bf16 where the processor multiplies it fast); any other question-answering model
that ``transformers`` knows runs as that does it, in fp32. Weights are read from safetensors only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Encoding, Tokenizer
from torch import Tensor

import embeddings
from embeddings.encoder import BertEncoder, Numerics, choose_numerics
from rag.errors import ModelDamaged, ModelNotFound

MAX_TOKENS = 384
LEAST_TOKENS = 16  # fewer hold no question and no words beside it
STRIDE = 96  # tokens that neighbouring windows share
QUESTION_TOKENS = 128  # more of a question is not read

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """Question and a stretch of context as one sequence of tokens.

    Token ``first + i`` of the sequence covers ``context[offsets[i][0]:offsets[i][1]]``.
    """

    ids: Sequence[int]
    segments: Sequence[int]
    first: int
    offsets: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits for one window.

    ``starts`` and ``ends``, of shape (offsets,), belong to the context's tokens; ``nowhere`` is start plus end logit
    of the first token, which stands for "not here"; ``answerable`` that of the whole window, 0 where a network has
    no such head.
    """

    starts: Floats
    ends: Floats
    nowhere: float
    answerable: float


class Network(Protocol):
    """A question-answering model."""

    name: str
    path: str  # what it computes with

    def windows(self, question: str, contexts: Sequence[str]) -> list[list[Window]]:
        """For each context its overlapping windows."""

    def score(self, windows: Sequence[Window]) -> list[Scores]:
        """Scores in the order of ``windows``."""


class _Windows:
    """Cuts contexts by a tokenizer."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._plain = tokenizer
        self._cutting = Tokenizer.from_str(tokenizer.to_str())
        question = min(QUESTION_TOKENS, max_tokens // 3)
        self._question_tokens = question
        self._cutting.enable_truncation(
            max_tokens, stride=min(STRIDE, (max_tokens - question) // 4), strategy="only_second"
        )

    def windows(self, question: str, contexts: Sequence[str]) -> list[list[Window]]:
        """See :class:`Network`."""
        asked = self._plain.encode(question, add_special_tokens=False).offsets[: self._question_tokens]
        question = question[: asked[-1][1]] if asked else ""
        encodings = self._cutting.encode_batch([(question, context) for context in contexts])
        return [[_window(part) for part in (encoding, *encoding.overflowing)] for encoding in encodings]


def _window(encoding: Encoding) -> Window:
    places = [place for place, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
    first = places[0] if places else 0
    return Window(encoding.ids, encoding.type_ids, first, encoding.offsets[first : first + len(places)])


def _scores(logits: Floats, window: Window, answerable: float) -> Scores:
    """``logits`` of shape (tokens, 2)."""
    inside = logits[window.first : window.first + len(window.offsets)]
    return Scores(inside[:, 0], inside[:, 1], float(logits[0].sum()), answerable)


class BertNetwork(_Windows):
    """A BERT question-answering model in a folder, on our own encoder."""

    def __init__(self, folder: Path, *, sha256: str | None = None, numerics: Numerics | None = None) -> None:
        """Raises ModelNotFound and ModelDamaged, for other weights than ``sha256`` too."""
        file = folder / "model.safetensors"
        try:
            with file.open("rb") as weights:
                self.fingerprint = hashlib.file_digest(weights, "sha256").hexdigest()
            config = json.loads((folder / "config.json").read_text("utf-8"))
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except OSError as problem:
            raise ModelNotFound(f"no reader in {folder} ({problem}): give the folder of a whole one") from problem
        except Exception as problem:  # the tokenizers package raises nothing narrower
            raise ModelDamaged(f"the reader in {folder} is damaged ({problem}): fetch it again") from problem
        if sha256 not in (None, self.fingerprint):
            raise ModelDamaged(f"{file} is not the reader that was shipped: install Vouch again")
        limit = config.get("max_position_embeddings") if isinstance(config, dict) else None
        if not isinstance(limit, int) or limit < LEAST_TOKENS:
            raise ModelDamaged(
                f"{folder / 'config.json'} gives no usable max_position_embeddings: fetch the reader again"
            )
        super().__init__(tokenizer, min(MAX_TOKENS, limit))
        self.name = str(folder)
        try:
            self._encoder = BertEncoder(folder, numerics)
        except embeddings.ModelDamaged as problem:
            raise ModelDamaged(str(problem)) from problem
        self.path = self._encoder.path
        self._weight, self._bias = _heads(file)

    def score(self, windows: Sequence[Window]) -> list[Scores]:
        """See :class:`Network`. Batched by length, a batch a core."""
        found: list[Scores | None] = [None] * len(windows)
        ids, segments = [window.ids for window in windows], [window.segments for window in windows]
        for indices, logits in self._encoder.map(ids, self._apply, segments):
            parts = np.split(logits, np.cumsum([len(ids[index]) for index in indices])[:-1])
            for index, part in zip(indices, parts, strict=True):
                found[index] = _scores(part[:, :2], windows[index], float(part[0, 2]))
        return [scores for scores in found if scores is not None]

    def _apply(self, hidden: Tensor, lengths: list[int]) -> Floats:
        del lengths
        weight = self._weight.to(hidden.device)
        return F.linear(hidden.float(), weight, self._bias.to(hidden.device)).cpu().numpy()


def _heads(file: Path) -> tuple[Tensor, Tensor]:
    """Start, end and answerable as one matrix of three rows; zeros where there is no head for the last."""
    try:
        with safe_open(file, "pt") as weights:
            weight, bias = (weights.get_tensor(f"qa_outputs.{kind}").float() for kind in ("weight", "bias"))
            last = torch.zeros_like(weight[:1]), torch.zeros(1)
            if "answerable.weight" in weights.keys():  # noqa: SIM118 - not a dict
                last = weights.get_tensor("answerable.weight").float(), weights.get_tensor("answerable.bias").float()
    except (SafetensorError, OSError) as problem:
        raise ModelDamaged(f"{file} is not a question-answering model ({problem})") from problem
    return torch.cat([weight, last[0]]), torch.cat([bias, last[1]])


class OtherNetwork(_Windows):
    """Any other question-answering model, by folder or hub name, run by ``transformers`` in float32."""

    def __init__(self, name: str) -> None:
        """Raises ModelNotFound, and ModelDamaged for a folder that is there but holds no whole model."""
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        numerics = choose_numerics()
        self._device = numerics.device
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
            model: Any = AutoModelForQuestionAnswering.from_pretrained(
                name, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
            )
            tokenizer = Tokenizer.from_str(self._tokenizer.backend_tokenizer.to_str())
        except (OSError, ValueError, KeyError, ImportError, RuntimeError, AttributeError, SafetensorError) as problem:
            error = ModelDamaged if Path(name).is_dir() else ModelNotFound
            raise error(
                f"{name!r} cannot be loaded as a question-answering model ({' '.join(str(problem).split())[:200]}). "
                "Give the folder of a whole one, or fetch it from the hub once while online."
            ) from problem
        self._model = model.to(self._device).eval()
        limit = getattr(model.config, "max_position_embeddings", MAX_TOKENS) or MAX_TOKENS
        super().__init__(tokenizer, min(MAX_TOKENS, int(limit) - 2))  # some models count positions from 2
        self.name = name
        self.path = str(Numerics(self._device, torch.float32, numerics.threads)) + ", by transformers"

    def score(self, windows: Sequence[Window]) -> list[Scores]:
        """See :class:`Network`. One window at a time."""
        segmented = getattr(self._model.config, "type_vocab_size", 0) > 1
        found = []
        for window in windows:
            inputs: dict[str, Any] = {"input_ids": torch.tensor([window.ids], device=self._device)}
            if segmented:
                inputs["token_type_ids"] = torch.tensor([window.segments], device=self._device)
            with torch.inference_mode():
                output = self._model(**inputs)
            logits = torch.stack([output.start_logits[0], output.end_logits[0]], -1).float().cpu().numpy()
            found.append(_scores(logits, window, 0.0))
        return found
