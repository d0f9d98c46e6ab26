"""The support score: the probability that words of a document bear a claim, by our own small network.

It is the reader's network with its upper layers trained on (train_support.py), so that a small file is all it adds. Two
heads say whether the claim as a whole is borne, and which of its words are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor

import embeddings
from embeddings.encoder import BertEncoder, Numerics
from rag.errors import ModelDamaged, ModelNotFound

MAX_TOKENS = 320
CLAIM_TOKENS = 128  # more of a claim is not read
STRIDE = 64  # tokens that neighbouring windows of a long source share
FILE = "support.safetensors"


class SupportScorer:
    """Scores claims against the words that are to bear them. Safe to use from several threads at once."""

    def __init__(
        self, reader: Path, folder: Path, *, sha256: str | None = None, numerics: Numerics | None = None
    ) -> None:
        """``reader`` is the folder whose lower layers it shares. Raises ModelNotFound and ModelDamaged."""
        file = folder / FILE
        try:
            with file.open("rb") as weights:
                self.fingerprint = hashlib.file_digest(weights, "sha256").hexdigest()
            tokenizer = Tokenizer.from_file(str(reader / "tokenizer.json"))
        except OSError as problem:
            raise ModelNotFound(f"no support score in {folder} ({problem}): install Vouch again") from problem
        except Exception as problem:  # the tokenizers package raises nothing narrower
            raise ModelDamaged(f"the reader in {reader} is damaged ({problem}): fetch it again") from problem
        if sha256 not in (None, self.fingerprint):
            raise ModelDamaged(f"{file} is not the support score that was shipped: install Vouch again")
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._plain = tokenizer
        self._cutting = Tokenizer.from_str(tokenizer.to_str())
        self._cutting.enable_truncation(MAX_TOKENS, stride=STRIDE, strategy="only_second")
        self.name = str(folder)
        try:
            self._encoder = BertEncoder(reader, numerics, over=file)
        except embeddings.ModelDamaged as problem:
            raise ModelDamaged(str(problem)) from problem
        self.path = self._encoder.path
        self._weight, self._bias = _heads(file)

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each (claim, source words) the probability that the source bears the claim.

        A source that is too long for one window is judged by the window that bears the claim best.
        """
        encodings = self._cutting.encode_batch([(self._cut(claim), source) for claim, source in pairs])
        windows = [(place, part) for place, one in enumerate(encodings) for part in (one, *one.overflowing)]
        best = np.full(len(pairs), -np.inf)
        ids, segments = [part.ids for _, part in windows], [part.type_ids for _, part in windows]
        for indices, logits in self._encoder.map(ids, self._apply, segments):
            parts = np.split(logits, np.cumsum([len(ids[index]) for index in indices])[:-1])
            for index, part in zip(indices, parts, strict=True):
                place = windows[index][0]
                best[place] = max(best[place], _logit(part, segments[index]))
        probabilities = 1 / (1 + np.exp(-best))
        return [float(value) for value in probabilities]

    def _cut(self, claim: str) -> str:
        offsets = self._plain.encode(claim, add_special_tokens=False).offsets[:CLAIM_TOKENS]
        return claim[: offsets[-1][1]] if offsets else ""

    def _apply(self, hidden: Tensor, lengths: list[int]) -> NDArray[np.float32]:
        del lengths
        weight = self._weight.to(hidden.device)
        return F.linear(hidden.float(), weight, self._bias.to(hidden.device)).cpu().numpy()


def _logit(logits: NDArray[np.float32], segments: Sequence[int]) -> float:
    """``logits`` of shape (tokens, 2): that the claim is borne, and for each token that it is wrong."""
    claim = segments.index(1) if 1 in segments else len(segments)
    wrong = logits[1 : claim - 1, 1].astype(np.float64)
    return float(logits[0, 0]) - float(np.logaddexp(0, np.logaddexp.reduce(wrong))) if len(wrong) else -np.inf


def _heads(file: Path) -> tuple[Tensor, Tensor]:
    """Borne and wrong as one matrix of two rows."""
    try:
        with safe_open(file, "pt") as weights:
            parts = [[weights.get_tensor(f"{head}.{kind}").float() for head in ("borne", "wrong")]
                     for kind in ("weight", "bias")]  # fmt: skip
    except (SafetensorError, OSError) as problem:
        raise ModelDamaged(f"{file} is no support score ({problem}): install Vouch again") from problem
    return torch.cat(parts[0]), torch.cat(parts[1])
