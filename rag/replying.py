"""From spans to what answers a question of its kind: a value, a list, a definition, a description, yes or no,
a comparison. Each kind has its module; this one knows in which order they are tried and what they fall back on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag import comparing, deciding, defining, describing, listing
from rag.questions import Kind, kind_of
from rag.types import Document, Hit, Passage, Span

NEAR = 0.65  # of the best score: among answers this close the newest document's is given


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for one question: passages, best first, spans likewise, and the documents they are of."""

    hits: Sequence[Hit]
    spans: Sequence[Span]
    documents: Mapping[int, Document]


@dataclass(frozen=True, slots=True)
class Reply:
    """What answers: the words to show, where there are short ones, and the spans they rest on, as they are cited.

    ``lead`` says what no document says in so many words: "Yes", a difference with its arithmetic.
    """

    spans: tuple[Span, ...]
    short: str | None
    confidence: float
    lead: str = ""


Find = Callable[[str], Found]


def reply_to(question: str, find: Find, least: float) -> Reply | None:
    """The answer with at least the confidence ``least``; None where there is none."""
    kind = kind_of(question)
    if kind is Kind.COMPARISON:
        compared = _compared(question, find, least)
        if compared:
            return compared
    found = find(question)
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
    start, end = with_qualifier(document.text, best.start, best.end)
    best = replace(best, start=max(start, best.sentence_start), end=end)
    return Reply((best,), document.text[best.start : best.end], best.score)


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
    both = [newest_of_the_best(find(part), least) for part in (comparison.first, comparison.second)]
    if both[0] is None or both[1] is None:
        return None
    sure = both[0].score * both[1].score  # both must be right
    if sure < least:
        return None
    words = [with_qualifier_words(span) for span in (both[0], both[1])]
    outcome = comparing.outcome(comparison, *words)
    if outcome is None:
        return None
    return Reply((both[0], both[1]), outcome, sure, lead=f"{outcome}:")


_QUALIFIER = re.compile(
    r"(?:over|about|around|nearly|almost|approximately|some|at least|at most|up to|more than|less than|fewer than"
    r"|close to|under|not more than|no more than|not less than|(?:HK|US|A|C)?[$£€¥])\s*$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s?(?:%|per cent\b|percent\b|million\b|billion\b|trillion\b)")


def with_qualifier(text: str, start: int, end: int) -> tuple[int, int]:
    """A figure with what changes its meaning: "over 260 000", "HK$1.2 million", "15 per cent"."""
    if re.match(r"[$£€¥]?\d", text[start:end]):
        for _ in range(2):  # "about HK$"
            before = _QUALIFIER.search(text[max(0, start - 16) : start])
            if before and (before.start() == 0 or not before.string[before.start() - 1].isalnum()):
                start -= len(before.group())
    if text[start:end] and text[end - 1].isdigit():
        after = _UNIT.match(text, end)
        end = after.end() if after else end
    return start, end


def with_qualifier_words(span: Span) -> str:
    """The span's words, a figure with its qualifier."""
    offset = span.passage.start
    start, end = with_qualifier(span.passage.text, span.start - offset, span.end - offset)
    return span.passage.text[start:end]


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
