"""The models a path needs, their errors by our names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import ModelDamaged, ModelNotFound

if TYPE_CHECKING:
    from rag.seams import Embedder


def load_embedder(name: str | None = None) -> Embedder:
    """An embedding model by folder or hub name; the installed one by default.

    Raises ModelNotFound, ModelDamaged.
    """
    import embeddings

    try:
        return embeddings.load_embedder(name or embeddings.DEFAULT_MODEL)
    except embeddings.ModelNotFound as error:
        raise ModelNotFound(str(error)) from error
    except embeddings.ModelDamaged as error:
        raise ModelDamaged(str(error)) from error
