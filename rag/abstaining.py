"""Why there is no answer, in one sentence a person can act on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from rag.asked_time import Asked, as_of_day
from rag.picking import missing_words
from rag.statements import Statement
from rag.store import Reading
from rag.types import Document, Hit, Quantity, SearchFilter


def nothing_to_search(view: Reading, wanted: SearchFilter, hits: Sequence[Hit]) -> str | None:
    """Where no passage was read at all."""
    if not view.live():
        return "the library is empty: index some documents first"
    if view.allowed(wanted) == []:
        return f"no document in the library is {_named(wanted)}"
    return None if hits else "no passage in the library matches the question"


def known_later(first: Document, as_of: dt.date) -> str:
    """Where documents answer, but none that had been published by the as-of date."""
    return (
        f"nothing known to have been published by {_day(as_of)} says it; "
        f'the first document on it is "{" ".join(first.title.split())}", {first.published}'
    )


def another_time(asked: Asked, series: Sequence[Statement]) -> str:
    """Where the documents tell of other times than the one asked about: the latest value and its time.

    The first of ``series``, oldest first, where all of them are later than the time asked about.
    """
    labels = " and ".join(moment.label for moment in asked.moments)
    day = as_of_day(asked)
    earlier = day is not None and series[0].when() > day
    which, one = ("first", series[0]) if earlier else ("latest", series[-1])
    return (
        f"the documents don't say it for {labels}; the {which} they give is {' '.join(one.words.split())}, {as_at(one)}"
    )


def not_passed(mark: Quantity, falls: bool, nearest: Statement, as_of: dt.date | None) -> str:
    """Where values are known of what is asked, but none beyond the mark: the one that comes nearest to it."""
    known = f" published by {_day(as_of)}" if as_of else ""
    beyond, most = ("less", "lowest") if falls else ("more", "highest")
    words = " ".join(nearest.words.split())
    return (
        f"no document{known} tells of {beyond} than {_figure(mark)}; the {most} they give is {words}, {as_at(nearest)}"
    )


def unexplained(values: Sequence[Statement], titles: Sequence[str]) -> str:
    """Where it is asked why values differ, and no document says it; ``titles`` are of the documents that give them."""
    sides = " and ".join(
        f'{" ".join(one.words.split())} ("{" ".join(title.split())}")'
        for one, title in zip(values, titles, strict=True)
    )
    return f"the documents give {sides}, and do not say why they differ"


def _figure(quantity: Quantity) -> str:
    number = f"{quantity.number.normalize():,f}".replace(",", " ")
    if quantity.unit in ("", "%"):
        return number + quantity.unit
    return f"{number} {quantity.unit}" if quantity.unit[-1].islower() else f"{quantity.unit}{number}"


def as_at(one: Statement) -> str:
    """A statement's time: "as at end-November 2024, published 14 December 2024"."""
    published = f"published {one.published}"
    return published if str(one.published) == one.moment.label else f"{one.moment.told}, {published}"


def unsure(view: Reading, question: str, wanted: SearchFilter, hits: Sequence[Hit]) -> str:
    """Where nothing that was read is certain enough."""
    missing = missing_words(question, [hit.passage.search_text for hit in hits])
    because = "no sentence in the nearest passages answers with enough certainty"
    if missing:
        because = "the nearest passages do not mention " + ", ".join(f'"{word}"' for word in missing)
    undated = sum(d.published.date.last() is None for d in view.documents()) if wanted.as_of else 0
    left_out = f" ({undated} documents without a known year were left out)" if undated else ""
    return f"the documents don't say: {because}{left_out}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _named(wanted: SearchFilter) -> str:
    """A filter in words."""
    parts = [
        wanted.as_of and f"known to have been published by {wanted.as_of}",
        wanted.published_from and f"known to have been published on or after {wanted.published_from}",
        wanted.source and f"from a source whose name contains {wanted.source!r}",
        *(f"marked {key} = {value}" for key, value in wanted.metadata.items()),
    ]
    return " and ".join(part for part in parts if part)
