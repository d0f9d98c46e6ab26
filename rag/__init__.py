"""Vouch: answers that show their source.

>>> from rag import ask, index
>>> index("reports/", library="my-library")        # doctest: +SKIP
>>> ask("Who chairs the committee?", library="my-library")  # doctest: +SKIP
"""

from rag.answering import Assistant, ask
from rag.errors import RagError
from rag.indexing import index, remove
from rag.types import Answer, Citation, IndexReport

__all__ = ["Answer", "Assistant", "Citation", "IndexReport", "RagError", "ask", "index", "remove"]
