"""A model tells a brief or a comparison in its own words, from the very statements that are quoted in it.

Each sentence is checked as those of an answer are (see writing.py). Figures, series and quotes stay as they were
found, and stand alone where the model fails or nothing that it wrote stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from rag import writing
from rag.prompting import Form
from rag.seams import Generator, Support
from rag.types import Answer, Brief, Citation, Comparison, Document, Passage, Side

Retold = TypeVar("Retold", Brief, Comparison)


def retell(
    told: Retold,
    quoted: Sequence[tuple[Passage, Document]],
    generator: Generator,
    support: Support | None,
    stopped: Callable[[], bool],
) -> Iterator[str | Retold]:
    """The text piece by piece, then what was told with it; nothing at the end where ``stopped`` said so.

    ``quoted`` holds what is cited, as passages.
    """
    if isinstance(told, Brief):
        form, asked, as_of = Form.BRIEF, told.topic, told.as_of
    else:
        form, as_of = Form.COMPARISON, None
        asked = f"{told.topic} - one side: {_named(told.first)}; the other side: {_named(told.second)}"
    task = writing.Task(asked, Answer(told.topic, "", as_of=as_of), quoted, in_time=True, form=form)
    for part in writing.write(generator, support, task, stopped):
        yield _with(told, part) if isinstance(part, Answer) else part


def _named(side: Side) -> str:
    return f'"{side.name}"' if side.document else f"what had been published {side.name}"


def _with(told: Retold, written: Answer) -> Retold:
    """What was told, its citations numbered on from those of the text."""
    told = replace(told, removed=written.removed, notes=written.notes)
    if written.written_by is None:
        return told
    citations = list(written.citations)
    numbers = {_place(one): one.number for one in citations}
    for one in told.citations:
        if _place(one) not in numbers:
            numbers[_place(one)] = len(numbers) + 1
            citations.append(one)
    told = _numbered(replace(told, citations=tuple(citations)), numbers)
    return replace(told, text=written.text, written_by=written.written_by)


def _place(citation: Citation) -> tuple[int, int, int]:
    return citation.document_id, citation.start, citation.end


def _numbered(value: Any, numbers: Mapping[tuple[int, int, int], int]) -> Any:
    """The same with every citation in it under its new number."""
    if isinstance(value, Citation):
        return replace(value, number=numbers[_place(value)])
    if isinstance(value, tuple):
        return tuple(_numbered(one, numbers) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _numbered(getattr(value, one.name), numbers) for one in fields(value)})
    return value
