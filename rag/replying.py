"""From spans to what answers a question of its kind: a value, a list, a definition, a description, yes or no,
a comparison, a course of values. Each kind has its module; this one knows in which order they are tried and what they
fall back on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rag import changing, comparing, deciding, defining, describing, listing, temporal
from rag.asked_time import Asked, overlaps
from rag.questions import Kind, asked_for, kind_of
from rag.temporal import Statement
from rag.types import Document, Hit, Moment, Passage, Span

NEAR = 0.65  # of the best score: among answers this close the newest document's is given


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for one question: passages, best first, what they say likewise, and the documents they are of.

    ``said`` speaks of the time asked about, ``untimely`` of another.
    """

    hits: Sequence[Hit]
    said: Sequence[Statement]
    documents: Mapping[int, Document]
    asked: Asked = field(default_factory=Asked)
    untimely: Sequence[Statement] = ()

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


Find = Callable[[str], Found]


def reply_to(question: str, find: Find, least: float) -> Reply | None:
    """The answer with at least the confidence ``least``; None where there is none."""
    kind = kind_of(question)
    course = changing.course(question)
    if course:
        told = _course(course, find, least)
        if told or course.mark is not None:
            return told
    found = find(question)
    compared = _grown(question, found.asked, find, least) or _compared(question, find, least)
    if compared:
        return compared
    if kind is Kind.DEFINITION:
        defined = _defined(question, found)
        if defined:
            return defined
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    document = found.documents[best.passage.document_id]
    if kind is Kind.LIST:
        return _listed(question, best, found, least)
    if kind is Kind.YES_NO:
        return _decided(question, best, document)
    if kind in (Kind.DESCRIPTION, Kind.COMPARISON) or is_whole(best):  # one value is no comparison
        return _described(question, best, document)
    valued = _valued(question, best, found)
    return None if _ASKS_YEAR.search(question) and not _names_a_year(valued, found) else valued


def _valued(question: str, best: Span, found: Found) -> Reply:
    """A value: of a series the latest, with the whole of it; where sources differ about one moment, each of them."""
    series, chosen = _series(question, best, found)
    if found.asked.relation == "latest" and asked_for(question) == "date":
        series, chosen = [], temporal.latest_date(chosen, found.said)
    differing = temporal.conflicts(series, chosen)
    spans = tuple(one.given for one in (differing or [chosen]))
    if differing:
        short = "; ".join(one.words for one in differing)
        return Reply(spans, short, best.score, "The documents differ:", chosen.moment, tuple(series), tuple(differing))
    return Reply(
        spans, chosen.words, best.score, moment=chosen.moment, timeline=tuple(series) if len(series) > 1 else ()
    )


_ASKS_YEAR = re.compile(r"\b(?:which|what) year\b", re.IGNORECASE)


def _names_a_year(reply: Reply, found: Found) -> bool:
    """Whether the words tell the year: "today" in a paper without one does not."""
    given = next((one for one in found.said if one.given == reply.spans[0]), None)
    return given is None or temporal.named_day(given) is not None


def _series(question: str, best: Span, found: Found) -> tuple[list[Statement], Statement]:
    """The series the best span belongs to, and its latest value; of several for one moment the surest."""
    first = next(one for one in found.said if one.span == best)
    surest = max(found.said, key=lambda one: one.score)
    series = temporal.series(question, surest if surest.quantity else first, found.said)
    if len(series) < 2:
        return [first], first
    latest = max(one.when() for one in series)
    return series, max((one for one in series if one.when() == latest), key=lambda one: one.score)


def _course(course: changing.Course, find: Find, least: float) -> Reply | None:
    """How a value changed, or the first moment at which it is known to have passed a mark."""
    found = find(course.question)
    best = newest_of_the_best(found, least)
    if best is None:
        return None
    series, chosen = _series(course.question, best, found)
    if course.mark is not None:
        return _passed(series, course.mark, course.falls, best.score)
    if len(series) < 2:
        return None
    short = " → ".join(f"{one.words} ({one.moment.label})" for one in series)
    spans = tuple(one.given for one in series)
    return Reply(
        spans, short, best.score, f"{short}:", chosen.moment, tuple(series), tuple(temporal.conflicts(series, chosen))
    )


def _grown(question: str, asked: Asked, find: Find, least: float) -> Reply | None:
    """By how much a value changed between two moments, both taken from one series."""
    plain = changing.difference(question, asked.spans)
    if plain is None or len(asked.moments) != 2:
        return None
    found = find(plain)
    best = newest_of_the_best(found, least)
    series = _series(plain, best, found)[0] if best else []
    ends = [[one for one in series if overlaps(one.moment, moment) is not False] for moment in asked.moments]
    if not all(ends):
        return None
    first, second = (max(end, key=lambda one: one.score) for end in ends)
    comparison = comparing.Comparison(
        plain, plain, first.moment.label, second.moment.label, "difference", changing.grows(question)
    )
    outcome = comparing.outcome(comparison, first.words, second.words)
    if outcome is None or best is None:
        return None
    return Reply((first.given, second.given), outcome, best.score, f"{outcome}:", computed=(outcome,),
                 timeline=tuple(series))  # fmt: skip


def _passed(series: Sequence[Statement], mark: Decimal, falls: bool, confidence: float) -> Reply | None:
    for place, one in enumerate(series):
        if one.quantity and changing.passes(one.quantity, mark, falls=falls):
            before = [other for other in series[:place] if other.when() < one.when()][-1:]
            told = f", after {before[0].words} ({before[0].moment.label})" if before else " or earlier"
            short = f"{one.moment.label} ({one.words}{told})"
            spans = (one.given, *(other.given for other in before))
            return Reply(spans, short, confidence, f"First known by {short}:", one.moment, tuple(series))
    return None


def newest_of_the_best(found: Found, least: float) -> Span | None:
    """The best span; of those nearly as good the one in the newest document."""
    if not found.spans or found.spans[0].score < max(least, 1e-9):
        return None
    near = [span for span in found.spans if span.score >= max(least, NEAR * found.spans[0].score)]
    dates = {number: document.published.date.last() or dt.date.min for number, document in found.documents.items()}
    return max(near, key=lambda span: (dates[span.passage.document_id], span.score))


def is_whole(span: Span) -> bool:
    """Whether a reader gave a sentence for want of shorter words."""
    return (span.start, span.end) == (span.sentence_start, span.sentence_end)


def _listed(question: str, best: Span, found: Found, least: float) -> Reply:
    """The whole list that the best words stand in, or those nearly as good as they."""
    near = [span for span in found.spans if span.score >= max(least, NEAR * best.score) and span != best]
    for span in (best, *near):
        document = found.documents[span.passage.document_id]
        members = listing.members(question, span, document)
        if members:
            spans = tuple(_around(start, end, span, document) for start, end in members)
            return Reply(spans, "; ".join(document.text[start:end] for start, end in members), span.score)
    return _described(question, best, found.documents[best.passage.document_id], short=not is_whole(best))


def _described(question: str, best: Span, document: Document, *, short: bool = False) -> Reply:
    sentences = describing.sentences_around(question, best, document) or [(best.sentence_start, best.sentence_end)]
    spans = tuple(replace(best, start=s, end=e, sentence_start=s, sentence_end=e) for s, e in sentences)
    return Reply(spans, document.text[best.start : best.end] if short else None, best.score)


def _decided(question: str, best: Span, document: Document) -> Reply:
    sentence = document.text[best.sentence_start : best.sentence_end]
    says = deciding.verdict(question, sentence)
    word = None if says is None else "Yes" if says else "No"
    return Reply((best,), word, best.score, lead=f"{word}." if word else "")


def _defined(question: str, found: Found) -> Reply | None:
    """By the words beside a short form, wherever the passages define it."""
    passages = [hit.passage for hit in found.hits]
    short_form, long_form = defining.acronym_asked(question), defining.short_form_asked(question)
    spans: list[Span] = []
    if short_form:
        spans = defining.expansions(short_form, passages)
    elif long_form:
        spans = defining.short_forms(long_form, passages)
    if not spans:
        return None
    best = spans[0]
    return Reply((best,), _words(best), best.score)


def _compared(question: str, find: Find, least: float) -> Reply | None:
    """Both values found on their own, then set against each other."""
    comparison = comparing.parts(question)
    if comparison is None:
        return None
    both = []
    for part in (comparison.first, comparison.second):
        found = find(part)
        best = newest_of_the_best(found, least)
        if best is None:
            return None
        both.append(_series(part, best, found)[1])
    sure = both[0].score * both[1].score  # both must be right
    outcome = comparing.outcome(comparison, both[0].words, both[1].words) if sure >= least else None
    if outcome is None:
        return None
    computed = (outcome,) if comparison.asks == "difference" else ()
    return Reply((both[0].given, both[1].given), outcome, sure, f"{outcome}:", computed=computed)


def _words(span: Span) -> str:
    return span.passage.text[span.start - span.passage.start : span.end - span.passage.start]


def _around(start: int, end: int, best: Span, document: Document) -> Span:
    """A member of a list as a span: quoted with the sentence that was read, or where that lies elsewhere, its line."""
    if best.sentence_start <= start and end <= best.sentence_end:
        return replace(best, start=start, end=end)
    block = next((block for block in document.blocks if block.start <= start and end <= block.end), None)
    low, high = (block.start, block.end) if block and block.end - block.start <= 1_000 else (start, end)
    passage = best.passage
    if not (passage.start <= low and high <= passage.end):
        passage = Passage(passage.id, document.id, low, high, document.text[low:high])
    return Span(passage, start, end, low, high, best.score)
