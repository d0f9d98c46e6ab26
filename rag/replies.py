"""What was found for a question and what answers it, as every room of replies hands it on, and the readings of it
that these rooms share.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag import temporal
from rag.asked_time import Asked
from rag.statements import Statement
from rag.types import Document, Hit, Moment, Quantity, Span

if TYPE_CHECKING:
    from rag.seams import Support


NEAR = 0.65  # of the best score: among answers this close the newest document's is given
IN_SERIES = 0.75  # of the best score: what a figure is worth at least that continues the series of the best


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for one question: passages, best first, what they say likewise, and the documents they are of.

    ``said`` speaks of the time asked about, ``untimely`` of another; ``question`` is the question as it was put to the
    papers, where that is in other words. ``judge`` gives the support score, if any.
    """

    hits: Sequence[Hit]
    said: Sequence[Statement]
    documents: Mapping[int, Document]
    asked: Asked = field(default_factory=Asked)
    untimely: Sequence[Statement] = ()
    question: str = ""
    judge: Callable[[], Support | None] = lambda: None

    @property
    def spans(self) -> list[Span]:
        """What the statements were read from."""
        return [one.span for one in self.said]


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers: the words to show, where there are short ones, and the spans they rest on, as they are cited.

    ``lead`` says what no document says in so many words: "Yes", a difference with its arithmetic, of which ``computed``
    holds the figures. ``moment`` is that of the answer, ``timeline`` the series it is taken from, ``conflicts`` the
    values that contradict each other.
    """

    spans: tuple[Span, ...]
    short: str | None
    confidence: float
    lead: str = ""
    moment: Moment | None = None
    timeline: tuple[Statement, ...] = ()
    conflicts: tuple[Statement, ...] = ()
    computed: tuple[str, ...] = ()

    @property
    def cited(self) -> tuple[Span, ...]:
        """All spans to cite, those of the answer first."""
        return (*self.spans, *(one.given for one in (*self.conflicts, *self.timeline)))


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The values known of what was asked, oldest first, none of which is beyond the mark; ``nearest`` comes nearest."""

    mark: Quantity
    falls: bool
    nearest: Statement
    values: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Unexplained:
    """Values of one moment that differ, where it is asked why and no document says it."""

    values: tuple[Statement, ...]


Find = Callable[[str], Found]
Ask = Callable[[str, Find, float], Reply | None]  # a plain question asked anew, with the least confidence


def newest_of_the_best(found: Found, least: float) -> Span | None:
    """The best span; of those nearly as good the one in the newest document."""
    if not found.spans or found.spans[0].score < max(least, 1e-9):
        return None
    near = [span for span in found.spans if span.score >= max(least, NEAR * found.spans[0].score)]
    return max(near, key=lambda span: (published_on(span, found), span.score))


def published_on(span: Span, found: Found) -> dt.date:
    """The last day that the document of a span can be of; the first of all where its year is unknown."""
    return found.documents[span.passage.document_id].published.date.last() or dt.date.min


def is_whole(span: Span) -> bool:
    """Whether a reader gave a sentence for want of shorter words."""
    return (span.start, span.end) == (span.sentence_start, span.sentence_end)


def words_of(span: Span) -> str:
    """The words of a span, as they stand in its passage."""
    return span.passage.words(span.start, span.end)


def place_of(span: Span) -> tuple[int, int, int]:
    """Where words stand, however much they are believed."""
    return span.passage.document_id, span.start, span.end


def series_of(question: str, best: Span, found: Found) -> tuple[list[Statement], Statement]:
    """The series the best span belongs to, and its latest value; of several for one moment the surest."""
    question = found.question or question
    first = next(one for one in found.said if one.span == best)
    surest = max(found.said, key=lambda one: one.score)
    series = temporal.series(question, surest if surest.quantity else first, found.said)
    if len(series) < 2:
        return [first], first
    latest = max(one.when() for one in series)
    return series, max((one for one in series if one.when() == latest), key=lambda one: one.score)


def sureness(chosen: Statement, series: Sequence[Statement], best: float) -> float:
    """A faint figure is surer as one more of a series that a better one belongs to; a name or a date is not."""
    continues = len(series) > 1 and chosen.quantity is not None
    return max(chosen.score, IN_SERIES * best if continues else 0.0)


def side_by_side(differing: Sequence[Statement], series: Sequence[Statement], confidence: float) -> Reply:
    """Values of one moment side by side."""
    spans, short = tuple(one.given for one in differing), "; ".join(one.words for one in differing)
    return Reply(
        spans, short, confidence, "The documents differ:", differing[0].moment, tuple(series), tuple(differing)
    )


def all_conflicts(series: Sequence[Statement]) -> tuple[Statement, ...]:
    """Every value of a series that another of the same moment contradicts."""
    return tuple(one for one in series if temporal.conflicts(series, one))


def best_backed(differing: Sequence[Statement], said: Sequence[Statement]) -> list[Statement]:
    """Of values of one moment those that most documents give; of these the ones about as sure as the surest."""
    backed = [
        len({other.span.passage.document_id for other in said
             if other.when() == one.when() and other.quantity and temporal.same_value(one, other)})
        for one in differing
    ]  # fmt: skip
    most = [one for one, count in zip(differing, backed, strict=True) if count == max(backed)]
    return [one for one in most if one.score >= NEAR * max(other.score for other in most)]


def as_rough(one: Statement, said: Sequence[Statement]) -> Statement:
    """The same value of the same moment where a paper says that it is rough: a difference must not be told exactly."""
    rough = [
        other
        for other in said
        if other.quantity and other.quantity.qualifier and other.score >= NEAR * one.score
        if other.when() == one.when() and temporal.same_value(one, other)
    ]
    return one if one.quantity and one.quantity.qualifier else next(iter(rough), one)


def computed_figure(outcome: str) -> str:
    """The figure that was computed, without the values it was computed from."""
    return re.split(r" \(|:", outcome, maxsplit=1)[0]
