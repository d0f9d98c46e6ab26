"""What two sides say about a topic: what was known by two days, or two documents.

Statements are the same only where their words are close and no figure or time of theirs differs, so that what is in
doubt stands on one side alone. A difference of two figures is worked out and marked so; it stands in no document.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from rag import briefing, comparing, figures, gathering, temporal
from rag.chunking import chunk
from rag.gathering import Said, Shelf
from rag.picking import stems
from rag.statements import Statement
from rag.types import Change, Citation, Cleaned, Comparison, Document, Passage, Side

MOST = 6  # statements of a kind
LONGEST = 40  # passages of a document that are weighed: those with most of the topic's words


def compare_dates(topic: str, first: dt.date, second: dt.date, shelf: Shelf, most: int = MOST) -> Comparison:
    """What was known of a topic by two days; the earlier one is the first side."""
    early, late = sorted((first, second))
    known = [shelf.as_of(day).hits(topic) for day in (early, late)]
    hits = list({hit.passage.id: hit for hit in (*known[1], *known[0])}.values())
    said = shelf.weigh(shelf.names(topic, hits), [hit.passage for hit in hits])
    by = [{one.document.id for one in said if one.published <= day} for day in (early, late)]
    sides = [
        Side(f"by {day.day} {day:%B %Y}", day, None, len(documents))
        for day, documents in zip((early, late), by, strict=True)
    ]
    if not briefing.relevant(said):
        return Comparison(topic, sides[0], sides[1], reason=briefing.nothing_on(topic, shelf.as_of(late), hits))
    found = _Compared(topic, said, by[0], by[1] - by[0], by[1]).comparison(sides, shelf, most)
    return replace(found, left_out=shelf.as_of(late).left_out())


def compare_documents(topic: str, first: Document, second: Document, shelf: Shelf, most: int = MOST) -> Comparison:
    """What two documents say about a topic; also two versions of one."""
    both = [first, second]
    passages = [passage for document in both for passage in _passages(document, topic)]
    said = shelf.weigh(shelf.names(topic, [], passages), passages)
    alike = first.title == second.title
    names = [f"{one.title} (document {one.id})" if alike else one.title for one in both]
    sides = [Side(name, None, briefing.reference(one), 1) for name, one in zip(names, both, strict=True)]
    if not briefing.relevant(said):
        reason = f'neither document says anything about "{topic}"'
        return Comparison(topic, sides[0], sides[1], reason=reason)
    return _Compared(topic, said, {first.id}, {second.id}, {second.id}).comparison(sides, shelf, most)


def _passages(document: Document, topic: str) -> list[Passage]:
    """The passages of one version of a document, cut as they were when it was indexed."""
    cut = chunk(Cleaned(document.text, document.title, document.blocks, document.pages))
    named = [replace(passage, id=number, document_id=document.id) for number, passage in enumerate(cut, 1)]
    words = stems(topic)
    nearest = sorted(named, key=lambda passage: -len(words & stems(passage.search_text)))[:LONGEST]
    return sorted(nearest, key=lambda passage: passage.start)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A figure on both sides, with all that gives it."""

    row: Sequence[Statement]
    first: Statement
    second: Statement


@dataclass(frozen=True, slots=True)
class _Compared:
    """What is said on a topic; ``first`` and ``second`` are the documents of a side that the other side has not, and
    ``known`` those from which the second side's figures come."""

    topic: str
    said: Sequence[Said]
    first: Set[int]
    second: Set[int]
    known: Set[int]

    def comparison(self, sides: Sequence[Side], shelf: Shelf, most: int) -> Comparison:
        """Figures side by side, and statements of one side or of both, each with its citation."""
        pairs = self._pairs()
        counted = {value.quantity.number for pair in pairs for value in pair.row if value.quantity}
        groups = self._groups()
        here = [any(one.document.id in self.first for one in group) for group in groups]
        there = [any(one.document.id in self.second for one in group) for group in groups]
        placed = list(zip(groups, here, there, strict=True))

        def of(first: bool, second: bool) -> list[Sequence[Said]]:
            left = [group for group, one, other in placed if (one, other) == (first, second)]
            told = [group for group in left if not _only_counts(group[0], counted)]
            return briefing.joined(briefing.in_time(briefing.choose(told, most)))

        only_first, only_second, both = of(True, False), of(False, True), of(True, True)
        statements = [value for pair in pairs for value in (pair.first, pair.second, *briefing.disputed(pair.row))]
        spans = [briefing.quote(self.said, value) for value in statements]
        spans += [one.span() for group in (*only_second, *only_first, *both) for one in group]
        citations = gathering.numbered(spans, shelf.documents)
        changes = [change for pair in pairs for change in _changes(pair, citations)]
        return Comparison(
            self.topic,
            sides[0],
            sides[1],
            changed=tuple(one for one in changes if not _is_same(one)),
            same=tuple(one for one in changes if _is_same(one)),
            only_first=gathering.entries(only_first, citations),
            only_second=gathering.entries(only_second, citations),
            both=gathering.entries(both, citations),
            citations=tuple(citations),
        )

    def _groups(self) -> list[Sequence[Said]]:
        """What is said, each once; plans of one thing for one time are one."""
        groups = gathering.merged(briefing.relevant(self.said))
        plans = [group for group in groups if group[0].to_come()]
        done = [group for group in groups if not group[0].to_come()]
        return [*done, *briefing.each_plan(plans)]

    def _pairs(self) -> list[_Pair]:
        """The figures that both sides give."""
        pairs = []
        for row in figures.rows(self.topic, self.said):
            first = [one for one in row if one.span.passage.document_id in self.first]
            second = [one for one in row if one.span.passage.document_id in self.known]
            if first and second and (self.known == self.second or any(_is_of(one, self.second) for one in row)):
                pairs.append(_Pair(row, *_facing(first, second, at_one_time=self.known == self.second)))
        return pairs


def _is_of(one: Statement, documents: Set[int]) -> bool:
    return one.span.passage.document_id in documents


def _facing(
    first: Sequence[Statement], second: Sequence[Statement], *, at_one_time: bool
) -> tuple[Statement, Statement]:
    """The values to set side by side: of two documents those of one moment where there are some, else the latest."""
    if at_one_time:
        for one in sorted(first, key=_place, reverse=True):
            for other in sorted(second, key=_place, reverse=True):
                if one.when() == other.when() or one.moment.label == other.moment.label:
                    return one, other
    return _told_best(max(first, key=_place), first), _told_best(max(second, key=_place), second)


def _told_best(latest: Statement, values: Sequence[Statement]) -> Statement:
    """The same value where its words say more of it: "over 130 000" for "130 000"."""
    same = [
        one
        for one in values
        if temporal.same_value(one, latest) and gathering.one_time(one.moment, latest.moment) and _qualified(one)
    ]
    return latest if _qualified(latest) or not same else max(same, key=_place)


def _qualified(one: Statement) -> bool:
    return one.quantity is not None and bool(one.quantity.qualifier)


def _place(one: Statement) -> tuple[dt.date, float]:
    return one.when(), one.score


def _as_told(one: Statement) -> str:
    """A figure with what its verb makes of it: "had passed 130 000" is over it."""
    before = one.paper[max(0, one.given.start - 24) : one.given.start]
    return f"over {one.words}" if not _qualified(one) and _PASSED.search(before) else one.words


_PASSED = re.compile(r"\b(?:pass(?:ed)?|exceed(?:ed|s)?|topped|surpass(?:ed)?|cross(?:ed)?)\s+$", re.IGNORECASE)


def _only_counts(one: Said, counted: Set[object]) -> bool:
    """Whether a stretch gives only figures that are already side by side."""
    figures = gathering.numbers(one)
    return bool(figures) and figures <= counted


def _changes(pair: _Pair, citations: Sequence[Citation]) -> list[Change]:
    points = gathering.points([pair.first, pair.second], citations)
    if len(points) < 2:
        return []
    asked = comparing.Comparison("", "", "first", "second", "difference")
    worked_out = comparing.outcome(asked, _as_told(pair.first), _as_told(pair.second))
    same = temporal.same_value(pair.first, pair.second)
    difference = worked_out.partition(" (")[0] if worked_out and not same else None
    conflicts = gathering.points(briefing.disputed(pair.row), citations)
    return [Change(figures.label_of(pair.row), points[0], points[1], difference, conflicts)]


def _is_same(change: Change) -> bool:
    first, second = change.first.quantity, change.second.quantity
    return first is not None and second is not None and first.number == second.number
