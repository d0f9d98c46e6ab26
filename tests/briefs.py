"""What every brief and comparison owes its reader, whatever the documents hold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rag.citing import unsupported
from rag.store import reading
from rag.types import Brief, Comparison, Grounds, Moment


def inexact(told: Brief | Comparison, library: Path) -> list[str]:
    """Quotes that are not the exact words of the stored text."""
    with reading(library) as view:
        return [
            one.quote for one in told.citations if view.document(one.document_id).text[one.start : one.end] != one.quote
        ]


def invented(told: Brief | Comparison) -> list[str]:
    """Numbers, dates and names outside the quotes that no quote holds and that nothing tells or computes."""
    held = [told.topic, *(one.quote for one in told.citations), *(str(one.published) for one in told.citations)]
    lacking: list[str] = []
    for moment in _moments(told):
        relative = [moment.label] if moment.grounds is Grounds.RELATIVE and moment.words else []
        quoted = any(" ".join(moment.words.split()) in " ".join(quote.split()) for quote in held)
        lacking += unsupported(moment.label, held, relative if quoted else [])
    for said in _said(told):
        lacking += unsupported(said, held)
    if isinstance(told, Comparison):
        worked_out = [change.difference for change in told.changed if change.difference]
        assert all(any(digit.isdigit() for digit in one) for one in worked_out)
    return lacking


def unplaced(told: Brief | Comparison) -> list[str]:
    """Values that do not stand in the quote they are cited from, and citations that are not listed."""
    listed = set(told.citations)
    points = [
        point for point in _points(told) if point.value not in point.citation.quote or point.citation not in listed
    ]
    entries = [entry for entry in _entries(told) if {entry.citation, *entry.also} - listed]
    return [point.value for point in points] + [entry.citation.quote for entry in entries]


def _moments(told: Brief | Comparison) -> Iterable[Moment]:
    return [point.moment for point in _points(told)] + [entry.moment for entry in _entries(told)]


def _said(told: Brief | Comparison) -> Iterable[str]:
    if isinstance(told, Brief):
        return [series.label for series in told.figures]
    return [change.label for change in (*told.changed, *told.same)]


def _points(told: Brief | Comparison) -> list:
    if isinstance(told, Brief):
        return [point for series in told.figures for point in (*series.points, *series.conflicts)]
    return [p for change in (*told.changed, *told.same) for p in (change.first, change.second, *change.conflicts)]


def _entries(told: Brief | Comparison) -> list:
    if isinstance(told, Brief):
        plans = [entry for plan in told.plans for entry in (plan.entry, plan.later) if entry]
        return [*told.entries, *plans]
    return [*told.only_first, *told.only_second, *told.both]
