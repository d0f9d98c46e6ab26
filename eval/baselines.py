"""The product with a part taken out or replaced, so that each part shows what it earns.

What is replaced stands where the product's own part stands; the product has no switch for any of this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from rag import answering, asked_time
from rag.asked_time import Asked
from rag.retrieval import HybridRetriever

if TYPE_CHECKING:
    from rag.seams import PassageSearch
    from rag.store import Reading


class Nothing:
    """A search that finds nothing."""

    def search(self, query: str, limit: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """No passage."""
        return []


class InTurn:
    """Two searches taken in turn, without regard to their scores: both are there, but nothing is fused."""

    def __init__(self, one: PassageSearch, other: PassageSearch) -> None:
        self._one, self._other = one, other

    def search(self, query: str, limit: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """The first of each, then the second of each, and so on; ``score`` falls by rank."""
        found = zip_longest(self._one.search(query, limit, allowed), self._other.search(query, limit, allowed))
        ids = dict.fromkeys(entry[0] for entry in chain.from_iterable(found) if entry)
        return [(number, 1.0 - rank / len(ids)) for rank, number in enumerate(ids)][:limit]


@contextmanager
def _searching(build: Callable[[Any, Any], tuple[PassageSearch, PassageSearch]]) -> Iterator[None]:
    """Retrieval from what ``build`` makes of the dense and the keyword search."""

    def retriever(view: Reading, dense: PassageSearch, lexical: PassageSearch) -> HybridRetriever:
        return HybridRetriever(view, *build(dense, lexical))

    with patch("rag.answering.HybridRetriever", retriever):
        yield


@contextmanager
def without_time() -> Iterator[None]:
    """Every question read without its time, every figure without its series.

    The time that a question names is still no part of a name: else it would bar documents that do not mention it.
    """
    time_asked, spoken_of = asked_time.asked, answering._spoken_of
    with ExitStack() as patches:
        for name, nothing in (
            ("rag.asked_time.asked", lambda question, today: Asked()),
            ("rag.answering._spoken_of", lambda question, _, spans, documents:
                spoken_of(question, time_asked(question, dt.date.today()), spans, documents)),
            ("rag.temporal.latest_date", lambda best, said: best),
            ("rag.temporal.series", lambda question, best, said: [best]),
            ("rag.changing.course", lambda question: None),
            ("rag.changing.difference", lambda question, times: None),
        ):  # fmt: skip
            patches.enter_context(patch(name, nothing))
        yield


BASELINES: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "keywords only": lambda: _searching(lambda dense, lexical: (Nothing(), lexical)),
    "dense only": lambda: _searching(lambda dense, lexical: (dense, Nothing())),
    "both searches, not fused": lambda: _searching(lambda dense, lexical: (InTurn(dense, lexical), Nothing())),
    "without time": without_time,
}
"""Ways to search or answer, by what the report calls them; the sentence picker is a reader of its own."""
PICKER = "sentence picker for the reader"
