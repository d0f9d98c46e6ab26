"""The protocols where a part can be swapped; each has two real uses, a fake in the tests counting as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Generator as Stream
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from rag.types import Hit, Message, Span

    Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors. ``embeddings.load_embedder`` gives the real one."""

    @property
    def name(self) -> str:
        """What a library remembers of the model."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the weights, in hex."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> Vectors:
        """Rows of unit length, float32 of shape (len(texts), dimension), in the order of ``texts``."""


class PassageSearch(Protocol):
    """One way to find passages: dense and keyword search are the two in use."""

    def search(self, query: str, limit: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The best ``(passage id, score)``, best first; ``allowed`` restricts the ids before the cut."""


class Support(Protocol):
    """Judges whether words bear a claim. ``rag.support.SupportScorer`` is the real one."""

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each (claim, source words) the probability, in [0, 1], that the source bears the claim."""


class Reader(Protocol):
    """Chooses the words that answer a question, from several passages, under one scale."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """Candidate spans, best first; empty where nothing in the passages could answer."""


class Generator(Protocol):
    """A language model that writes text. ``rag.generation`` holds the two in use: in this process, and on a server."""

    @property
    def name(self) -> str:
        """What an answer remembers of the model."""

    @property
    def context(self) -> int:
        """How many tokens it takes, its own answer included."""

    def count(self, text: str) -> int:
        """Tokens of a text, or somewhat more where they can only be estimated."""

    def write(self, messages: Sequence[Message], *, most: int) -> Stream[str, None, None]:
        """Pieces of text as they come, at most ``most`` tokens; closing the stream stops the model.

        Raises ModelError.
        """
