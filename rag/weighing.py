"""What was read for a question, and what became of it: of each possible answer, why it is or is not in the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.statements import Statement
from rag.types import Candidate, Fate, Grounds, Span

SHOWN = 12  # of the surest
FAINT = 0.01  # what a reader is less sure of it did not mean
_Place = tuple[int, int, int]  # document, start, end


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a reader marked for one question, by what was done with it: each is in one of the four."""

    unnamed: Sequence[Span]  # of documents that do not name a year, month or ordinal of the question
    other_office: Sequence[Statement]
    untimely: Sequence[Statement]
    timely: Sequence[Statement]


def candidates(all_weighed: Iterable[Weighed], used: Sequence[Span], least: float) -> tuple[Candidate, ...]:
    """The surest of all that was read, surest first; ``used`` are the spans that the answer rests on.

    ``least`` is the confidence below which nothing answers. Words that were read for two questions (a comparison asks
    for both of its values) are told once, by the better fate.
    """
    told: dict[_Place, Candidate] = {}
    for weighed in all_weighed:
        for one in _of(weighed, used, least):
            if one.score < FAINT:
                continue
            place = (one.document_id, one.start, one.end)
            if place not in told or _rank(one) < _rank(told[place]):
                told[place] = one
    return tuple(sorted(told.values(), key=lambda one: (one.fate is not Fate.ANSWERS, -one.score))[:SHOWN])


def _rank(one: Candidate) -> tuple[int, float]:
    return list(Fate).index(one.fate), -one.score


def _of(weighed: Weighed, used: Sequence[Span], least: float) -> Iterable[Candidate]:
    for span in weighed.unnamed:
        yield _candidate(span, Fate.UNNAMED)
    for one in weighed.other_office:
        yield _stated(one, Fate.ANOTHER_OFFICE)
    for one in weighed.untimely:
        yield _stated(one, Fate.UNDATED if one.moment.grounds is Grounds.UNKNOWN else Fate.ANOTHER_TIME)
    for one in weighed.timely:
        sure = Fate.PASSED_OVER if one.score >= least else Fate.UNSURE
        yield _stated(one, Fate.ANSWERS if any(_overlap(one.given, span) for span in used) else sure)


def _overlap(one: Span, other: Span) -> bool:
    same = one.passage.document_id == other.passage.document_id
    return same and one.start < other.end and other.start < one.end


def _stated(one: Statement, fate: Fate) -> Candidate:
    moment = None if one.moment.grounds is Grounds.UNKNOWN else one.moment
    document = one.given.passage.document_id
    return Candidate(document, one.given.start, one.given.end, one.words, one.score, fate, moment)


def _candidate(span: Span, fate: Fate) -> Candidate:
    words = span.passage.words(span.start, span.end)
    return Candidate(span.passage.document_id, span.start, span.end, words, span.score, fate)
