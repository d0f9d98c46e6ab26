"""Answers and reports as plain text and as JSON values. Document text is data: control characters never get out."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from rag.types import Answer, Brief, Citation, Comparison, Document, Grounds, IndexReport, PartialDate, Point

# A file name or title may hold what a terminal obeys (escape sequences) or what turns text around.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Text that is safe to print."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def line(text: str) -> str:
    """Text that is safe to print within a line: a name with a line break cannot forge another line."""
    return plain(" ".join(text.split()))


def to_json(value: Any) -> Any:
    """Nouns to JSON values: the field names of the dataclasses, dates in ISO 8601 at their known precision."""
    if isinstance(value, PartialDate):
        return value.isoformat() or None
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(entry) for entry in value]
    return value


def streamed(piece: str) -> str:
    """A piece of an answer's text as it is printed while more of it is on its way."""
    lead = piece[: len(piece) - len(piece.lstrip())]
    return ("\n" if "\n" in lead else lead) + line(piece)


def answer_text(answer: Answer, *, told: bool = False, removed: bool = False) -> str:
    """An answer as a person reads it on a terminal: words, sentence, series, then where each quote stands.

    With ``told`` its text has been printed already. ``removed`` also lists the sentences of a model that were not
    shown; without it they are counted.
    """
    if answer.text is None:
        lines = [line(f"No answer: {answer.reason}."), ""]
        if not answer.timeline:
            lines += [
                f'nearest: "{_shortened(hit.passage.text)}" (document {hit.passage.document_id})'
                for hit in answer.hits[:3]
            ]
    else:
        lines = [("in short: " if told else "") + line(answer.short), ""] if answer.short else []
        lines += [] if told else [*_lines_of(answer), ""]
    if answer.timeline:
        lines += [timeline_text(answer.timeline), ""]
    for citation in answer.citations:
        lines += _citation_lines(citation, shown=answer.text is not None and citation.quote in answer.text)
    lines += writing_lines(answer, removed)
    facts = [
        f"confidence {answer.confidence:.2f}",
        _age(answer),
        answer.as_of and f"as of {answer.as_of}",
        answer.written_by and f"written by {line(answer.written_by)}",
    ]
    return plain("\n".join([*lines, " · ".join(fact for fact in facts if fact)]))


def _lines_of(answer: Answer) -> list[str]:
    """The text; what a model wrote keeps its lines, what a document wrote cannot forge one."""
    text = answer.text or ""
    return [line(part) for part in text.split("\n")] if answer.written_by else [line(text)]


def writing_lines(answer: Answer | Brief | Comparison, removed: bool) -> list[str]:
    """What is to be known of an answer that a model wrote, or should have written."""
    lines = [f"note: {line(note)}" for note in answer.notes]
    if removed:
        lines += [f'removed: "{line(_shortened(one.sentence, 300))}" - {line(one.reason)}' for one in answer.removed]
    elif answer.removed:
        count = len(answer.removed)
        lines.append(f"{count} sentence{'s' if count > 1 else ''} of the model not shown; --show-removed says why")
    return [*lines, ""] if lines else []


def timeline_text(points: Sequence[Point]) -> str:
    """A series as a small table, oldest first: moment, value, and the number of the citation."""
    rows = [(line(point.moment.label), line(point.value), f"[{point.citation.number}]") for point in points]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"  {moment:<{widths[0]}}  {value:<{widths[1]}}  {mark}" for moment, value, mark in rows)


def _age(answer: Answer) -> str | None:
    """When what is answered was true, and when it was published, where that is another day."""
    if answer.text is None or answer.moment is None or answer.moment.grounds is Grounds.UNKNOWN:
        return None
    points = (*answer.conflicts, *answer.timeline)
    carrier = next((point.citation for point in points if point.moment == answer.moment), answer.citations[0])
    published = str(carrier.published)
    if published == answer.moment.label:
        return f"published {published}"
    return f"{answer.moment.told}, published {published}"


def _citation_lines(citation: Citation, shown: bool) -> list[str]:
    """Document, date, page and offsets; the quote itself where the answer does not already show it."""
    page = f", page {citation.page}" if citation.page else ""
    span = f"characters {citation.start}-{citation.end} of document {citation.document_id}"
    return [
        f"[{citation.number}] {line(citation.title)} · {citation.published}",
        *([] if shown else [f'    "{line(citation.quote)}"']),
        f"    {line(citation.source)}{page}, {span}",
        "",
    ]


def _shortened(text: str, width: int = 100) -> str:
    return textwrap.shorten(text, width, placeholder=" …")


def report_text(report: IndexReport) -> str:
    """What an indexing run did, with every failure on a line of its own."""
    counts = ", ".join(
        f"{len(group)} {name}"
        for name, group in (
            ("added", report.added),
            ("updated", report.updated),
            ("removed", report.removed),
            ("unchanged", report.unchanged),
            ("failed", report.failed),
        )
        if group
    )
    lines = [f"{counts or 'nothing to index'} · {report.passages} passages · {report.seconds:.1f} s"]
    lines += [f"  warning: {line(warning)}" for warning in report.warnings]
    lines += [
        f"  failed: {line(failure.source)}: {line(failure.reason)} ({failure.error})" for failure in report.failed
    ]
    return plain("\n".join(lines))


def document_line(document: Document, passages: int) -> str:
    """A document as one line of a list: number, date, passages, title, source."""
    name = f"{line(document.title)}  ({line(document.source)})"
    return f"{document.id:>4}  {document.published!s:<28} {passages:>5}  {name}"


def document_text(document: Document) -> str:
    """A document with what is known of it, then its stored text."""
    words = f', from "{document.published.words}"' if document.published.words else ""
    facts = [
        f"document  {document.id}",
        f"title     {line(document.title)}",
        f"source    {line(document.source)}",
        f"published {document.published} ({document.published.basis.value}{words})",
        f"format    {document.format}, {len(document.pages)} page(s), {len(document.text)} characters",
        f"sha256    {document.sha256}",
        *(f"warning   {warning}" for warning in document.warnings),
    ]
    return plain("\n".join([*facts, "", document.text]))
