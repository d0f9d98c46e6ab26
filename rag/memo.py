"""Briefs and comparisons as a person reads them on a terminal, or pastes them into a memo."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rag.rendering import line, plain, writing_lines
from rag.types import Brief, Change, Citation, Comparison, Entry, Grounds, Moment, Plan, Point, Series, Side

WIDTH = 100
UNDATED = "Without a known year"


def brief_text(brief: Brief, *, told: bool = False, removed: bool = False) -> str:
    """Figures, then what is said in the order of time, what was still to come, and the sources.

    Above them stands what a model wrote, unless it has been printed already (``told``). ``removed`` also lists its
    sentences that are not shown; without it they are counted.
    """
    if brief.abstained:
        return plain(f"No brief: {line(brief.reason or '')}.")
    lines = [_title(brief), "", *_written(brief, told, removed)]
    if brief.figures:
        lines += ["Figures, latest first", *(row for series in brief.figures for row in _series(series)), ""]
    for year, entries in groupby(brief.entries, key=lambda entry: _year(entry.moment)):
        lines += [year, *(row for entry in entries for row in _entry(entry)), ""]
    if brief.plans:
        lines += ["Still to come when it was written", *(row for plan in brief.plans for row in _plan(plan)), ""]
    later = [plan.later.citation for plan in brief.plans if plan.later]
    shown = [*(entry.citation for entry in brief.entries), *(plan.entry.citation for plan in brief.plans), *later]
    return plain("\n".join([*lines, *_sources(brief.citations, shown), *_left_out(brief.left_out)]))


def comparison_text(comparison: Comparison, *, told: bool = False, removed: bool = False) -> str:
    """Figures side by side, then what is new, what is not repeated and what both say, and the sources.

    ``told`` and ``removed`` are as in :func:`brief_text`.
    """
    if comparison.abstained:
        return plain(f"No comparison: {line(comparison.reason or '')}.")
    first, second = comparison.first, comparison.second
    lines = [line(f"{_capital(comparison.topic)}: {_named(first)} and {_named(second)}"), ""]
    lines += _written(comparison, told, removed)
    if first.as_of:
        headings = [
            "Figures that changed",
            "Figures that are the same",
            f"First found after {first.name.removeprefix('by ')}",
            "Not repeated since then (which does not make it untrue)",
            "Said before and since",
        ]
    else:
        headings = [
            "Figures that differ",
            "Figures that are the same",
            f"Only in {_quoted(second)}",
            f"Only in {_quoted(first)}",
            "In both",
        ]
    parts = [
        *(_changes(changes) for changes in (comparison.changed, comparison.same)),
        *(_entries(said) for said in (comparison.only_second, comparison.only_first, comparison.both)),
    ]
    for heading, rows in zip(headings, parts, strict=True):
        lines += [heading, *rows, ""] if rows else []
    said = (*comparison.only_first, *comparison.only_second, *comparison.both)
    shown = [entry.citation for entry in said]
    return plain("\n".join([*lines, *_sources(comparison.citations, shown), *_left_out(comparison.left_out)]))


def _written(told: Brief | Comparison, printed: bool, removed: bool) -> list[str]:
    """What a model wrote, or why it did not; then the documents' own words follow."""
    lines = writing_lines(told, removed)
    if told.text is None:
        return lines
    text = [] if printed else [part for row in told.text.split("\n") for part in _wrapped(line(row), 0)] + [""]
    return [*text, *lines, f"Written by {line(told.written_by or '')}. In the documents' own words:", ""]


# --- parts -------------------------------------------------------------------------------------------------------


def _title(brief: Brief) -> str:
    count = "1 document" if brief.documents == 1 else f"{brief.documents} documents"
    dates = list(dict.fromkeys(str(one.published) for one in (brief.first, brief.last) if one))
    when = f", {' to '.join(dates)}" if dates else ""
    known = f" (as of {brief.as_of})" if brief.as_of else ""
    return line(f"{_capital(brief.topic)}: what {count} say{'s' if brief.documents == 1 else ''}{when}{known}")


def _capital(topic: str) -> str:
    return topic[:1].upper() + topic[1:]


def _year(moment: Moment) -> str:
    if moment.first is None or moment.last is None:
        return UNDATED
    return str(moment.first.year if moment.since is None else moment.last.year)


def _label(moment: Moment) -> str:
    """When something was true; in brackets where that is only known to be when it was published."""
    label = line(moment.label)
    return f"{label} (published)" if moment.grounds is Grounds.PUBLISHED else label


def _series(series: Series) -> Iterator[str]:
    yield from _wrapped(line(series.label), 2)
    rows = [(line(point.value), line(point.moment.label), point.citation.number) for point in series.points]
    width = max((len(value) for value, _, _ in rows), default=0)
    yield from (f"    {value:<{width}}  {label} [{number}]" for value, label, number in rows)
    yield from _conflicts(series.conflicts)


def _conflicts(points: Sequence[Point]) -> Iterable[str]:
    if not points:
        return []
    values = ", ".join(f"{line(point.value)} [{point.citation.number}]" for point in points)
    return _wrapped(f"The documents differ for {line(points[0].moment.label)}: {values}", 4)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"  {_label(entry.moment)}"
    yield from _quote(entry.citation)
    if entry.also:
        marks = " ".join(f"[{one.number}]" for one in entry.also)
        dated = entry.also[0].published.date.last()
        yield f"    said since {entry.also[0].published}: {marks}" if dated else f"    also in {marks}"


def _entries(entries: Sequence[Entry]) -> list[str]:
    return [row for entry in entries for row in _entry(entry)]


def _plan(plan: Plan) -> Iterator[str]:
    yield from _entry(plan.entry)
    if plan.later:
        yield f"    Later, {_label(plan.later.moment)}:"
        yield from _quote(plan.later.citation, 6)
    elif plan.entry.citation.published.date.last():
        yield "    No later document that was found says whether it was done."


def _changes(changes: Sequence[Change]) -> list[str]:
    rows: list[str] = []
    for change in changes:
        rows += _wrapped(line(change.label), 2)
        sides = [
            f"{line(one.value)}, {line(one.moment.label)} [{one.citation.number}]"
            for one in (change.first, change.second)
        ]
        rows += _wrapped(" -> ".join(sides), 4)
        if change.difference:
            rows.append(f"    {_direction(change)} by {line(change.difference)} (worked out; it stands in no document)")
        rows += _conflicts(change.conflicts)
    return rows


def _dated_value(point: Point) -> str:
    return f"{line(point.value)}, {line(point.moment.label)} [{point.citation.number}]"


def _direction(change: Change) -> str:
    first, second = change.first.quantity, change.second.quantity
    return "lower" if first and second and second.number < first.number else "higher"


def _named(side: Side) -> str:
    if side.document:
        return f"{_quoted(side)}, {side.document.published}"
    return f"{side.name} ({side.documents} document{'' if side.documents == 1 else 's'})"


def _quoted(side: Side) -> str:
    return f'"{line(side.name)}"'


def _quote(citation: Citation, indent: int = 4) -> list[str]:
    """The exact words, each item of a list on its line."""
    rows = [line(row) for row in citation.quote.splitlines() if row.strip()]
    rows = [f'"{rows[0]}', *rows[1:]]
    rows[-1] = f'{rows[-1]}" [{citation.number}]'
    return [part for row in rows for part in _wrapped(row, indent)]


def _sources(citations: Sequence[Citation], shown: Iterable[Citation]) -> Iterator[str]:
    """Where each quote stands, and the quote itself where it is not shown above."""
    known = set(shown)
    yield "Sources"
    for one in citations:
        page = f", page {one.page}" if one.page else ""
        yield f"  [{one.number}] {line(one.title)} · {one.published}"
        if one not in known:
            yield from _wrapped(f'"{line(one.quote)}"', 6)
        yield f"      {line(one.source)}{page}, characters {one.start}-{one.end} of document {one.document_id}"


def _left_out(count: int) -> list[str]:
    return ["", f"Left out, as nobody knows their year: {count} document{'' if count == 1 else 's'}."] if count else []


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=space, subsequent_indent=space, break_long_words=False, break_on_hyphens=False
    )
