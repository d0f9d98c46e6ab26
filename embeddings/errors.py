"""What can go wrong with a model; each message says what to do next.

This package imports nothing of ours, so it has its own small tree; the faces of ``rag`` tell it on in theirs.
"""


class EmbeddingError(Exception):
    """The root of this package's errors."""


class ModelNotFound(EmbeddingError):
    """Neither installed, nor in a folder of that name, nor reachable on the hub."""


class ModelDamaged(EmbeddingError):
    """Its files are not the published ones, or cannot be read as a model."""
