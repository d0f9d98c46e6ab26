"""Text to vectors: the door.

>>> from embeddings import load_embedder
>>> vectors = load_embedder().embed(["A man is eating food.", "Someone has a meal."])  # doctest: +SKIP

Knows models, devices, precision and batching, and imports nothing of ours. torch is imported on loading a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from embeddings.errors import EmbeddingError, ModelDamaged, ModelNotFound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DEFAULT_MODEL", "Embedder", "EmbeddingError", "ModelDamaged", "ModelNotFound", "load_embedder"]

DEFAULT_MODEL = "all-MiniLM-L6-v2"


class Embedder(Protocol):
    """Turns texts into unit vectors, of which the dot product is the cosine similarity."""

    @property
    def name(self) -> str:
        """What it was loaded by; loads it again."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the weights in hexadecimal: equal for equal models, whatever they are called."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens of a text that count, the special ones included; the rest is cut off."""

    @property
    def path(self) -> str:
        """What it computes with, such as ``bf16 on CPU (AMX), 2 threads``."""

    def embed(self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        """One unit vector a text, (len(texts), dimension), in the order given.

        ``progress`` is called with the number of texts newly done; the numbers sum to ``len(texts)``.
        """

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text before any cut, the special ones included."""


@lru_cache(maxsize=4)
def load_embedder(name: str = DEFAULT_MODEL) -> Embedder:
    """The embedder of that name, loaded once a process.

    ``name`` is the default model (which comes as a package, so needs no network), the folder of a
    sentence-transformers model, or a model's name on the hub. A model's own code is never run, and nothing is
    unpickled. Raises ModelNotFound and ModelDamaged.
    """
    from embeddings.models import find_and_load

    return find_and_load(name)
