"""Vouch: answers that show their source.

>>> from rag import ask, index
>>> index("reports/", library="my-library")  # doctest: +SKIP
>>> ask("Who chairs the committee?", library="my-library")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answering import Assistant, ask
    from rag.errors import RagError
    from rag.indexing import index, remove
    from rag.types import Answer, Citation, IndexReport

__version__ = "0.1.0"
__all__ = ["Answer", "Assistant", "Citation", "IndexReport", "RagError", "ask", "index", "remove"]

_ROOMS = {"Assistant": "answering", "ask": "answering", "RagError": "errors", "index": "indexing", "remove": "indexing"}


def __getattr__(name: str) -> Any:
    """Open a room when it is entered: importing all of them takes longer than ``rag --help`` may."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"rag.{_ROOMS.get(name, 'types')}"), name)
