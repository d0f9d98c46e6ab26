"""An answer against what is right: right or not, how near, rightly cited or not, and what went wrong.

"Right" asks whether a person got the answer: the gold words stand in the short answer or, where there is none, in the
sentences shown. Exact match and F1 beside it count every word too many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import mean

from eval.metrics import agreement, holds, set_f1
from eval.validate import DatedValue, Question
from rag.citing import unsupported, without_titles
from rag.moments import mentions, of_document
from rag.quantities import number_of, quantities
from rag.types import Answer, Citation, Document, Passage, Span

Places = Mapping[int, Sequence[tuple[int, int]]]
"""Where the gold evidence of a question stands: ``(start, end)`` in the stored text, by document number."""

NOT_RETRIEVED = "not retrieved"
NOT_READ = "retrieved but not read"
NOT_CHOSEN = "read but not chosen"
ABSTAINED = "abstained wrongly"
WRONG_TIME = "wrong time"
INVENTED = "answered what no document says"
FAILURES = (NOT_RETRIEVED, NOT_READ, NOT_CHOSEN, ABSTAINED, WRONG_TIME, INVENTED)

WORDS_BEFORE = 600  # characters in which a sentence before the quote may name the time it goes on about

_DECISIONS = frozenset({"yes", "no"})
_MARKS = re.compile(r"\s*\[(\d+)\]")
_BETWEEN_MEMBERS = re.compile(r"; | → ")


def given_by(answer: Answer) -> str:
    """What a person takes as the answer: the short words, or else the sentences without their marks; or nothing."""
    return answer.short or _MARKS.sub("", answer.text or "")


def is_right(question: Question, answer: Answer) -> bool:
    """Whether a person got the answer; where there is none, whether Vouch abstained."""
    if question.unanswerable or answer.text is None:
        return question.unanswerable and answer.text is None
    if decides(question):
        return bool(re.match(rf"{question.answers[0]}\b", answer.short or "", re.IGNORECASE))
    if question.all:
        return all(_is_given(gold, given_by(answer)) for gold in question.answers)
    if answer.short is None:
        return any(_is_given(gold, given_by(answer)) for gold in question.answers)
    return all(
        any(_is_given(gold, member) and not _other_figures(gold, member) for gold in question.answers)
        for member in answer.short.split("; ")
    )


def _is_given(gold: str, given: str) -> bool:
    return holds(given, gold) or agreement(given, [gold])[0] == 1


def _other_figures(gold: str, given: str) -> bool:
    """Whether a figure is asked for and others are given beside it: "250 000, of which 160 000" does not answer.

    What stands in brackets only tells how the answer came about.
    """
    wanted = number_of(gold)
    while given != (plain := re.sub(r"\([^()]*\)", "", given)):
        given = plain
    return wanted is not None and any(found.number != wanted.number for found in quantities(given))


def decides(question: Question) -> bool:
    """Whether yes or no is asked for."""
    return bool(question.answers) and _DECISIONS.issuperset(question.answers)


def nearness(question: Question, answer: Answer) -> tuple[float, float] | None:
    """Exact match and F1 of the words; None where no short answer, or a set, is wanted."""
    if question.unanswerable or question.all or question.category == "describe":
        return None
    return agreement(given_by(answer), question.answers) if answer.text else (0.0, 0.0)


def set_nearness(question: Question, answer: Answer) -> float | None:
    """F1 of the members; None where no set is wanted."""
    if question.unanswerable or not question.all:
        return None
    return set_f1(_BETWEEN_MEMBERS.split(given_by(answer)), question.answers) if answer.text else 0.0


def shown(answer: Answer) -> list[Citation]:
    """The citations whose marks stand in the text; the others belong to its series."""
    marks = set(map(int, _MARKS.findall(answer.text or "")))
    return [citation for citation in answer.citations if citation.number in marks]


def supports(question: Question, citation: Citation, places: Places) -> bool:
    """Whether cited words are gold evidence, or hold a right answer that can be told from other words."""
    if touches(places, citation.document_id, citation.start, citation.end):
        return True
    return not decides(question) and any(holds(citation.quote, gold) for gold in question.answers)


def touches(places: Places, document: int, start: int, end: int) -> bool:
    """Whether ``document.text[start:end]`` has half of a piece of evidence in it, or lies within one."""
    return any(
        min(end, high) - max(start, low) >= min(high - low, end - start) / 2 for low, high in places.get(document, ())
    )


def citation_precision(question: Question, answer: Answer, places: Places) -> float | None:
    """Share of the citations shown that support a right answer; None where nothing should or does answer."""
    cited = shown(answer)
    if question.unanswerable or not cited:
        return None
    return mean(float(supports(question, citation, places)) for citation in cited)


def citation_recall(question: Question, answer: Answer, places: Places) -> float | None:
    """Share of what must be shown that is cited: every member of a set, else the answer once; 0 for an abstention."""
    if question.unanswerable:
        return None
    cited = [citation for citation in answer.citations if supports(question, citation, places)] if answer.text else []
    if question.all:
        return mean(float(any(holds(citation.quote, gold) for citation in cited)) for gold in question.answers)
    return float(bool(cited))


def invented(answer: Answer, documents: Mapping[int, Document]) -> list[str]:
    """What a person reads as the answer and no cited words say; ``documents`` are those cited, by number.

    Moments count as told where the quote, the sentences before it or the document's date are read to name them.
    """
    named = {citation: _moments_named(citation, documents[citation.document_id]) for citation in answer.citations}
    shown = [(point.moment.label, named[point.citation]) for point in (*answer.timeline, *answer.conflicts)]
    if answer.moment:
        shown.append((answer.moment.label, [label for labels in named.values() for label in labels]))
    wrong = [label for label, labels in shown if label not in labels and unsupported(label, labels)]
    told = [label for label, _ in shown if label not in wrong]
    held = [answer.question, *(citation.quote for citation in answer.citations)]
    short = without_titles(answer.short or "", answer.citations)
    return wrong + unsupported(short, held, [*answer.computed, *told])


def _moments_named(citation: Citation, document: Document) -> list[str]:
    """The quote, its document's date, and the moments that the quote and the words before it name."""
    published = document.published.date
    words = (citation.quote, document.text[max(0, citation.start - WORDS_BEFORE) : citation.start])
    labels = [moment.label for text in words for mention in mentions(text, published) for moment in mention.named]
    return [citation.quote, str(published), of_document(published).label, *labels]


def other_time(question: Question, answer: Answer) -> DatedValue | None:
    """The value of another time that was given instead of the right one; None where there is none."""
    if question.all or question.computed or answer.text is None or is_right(question, answer):
        return None
    own = {row.moment for row in question.timeline if any(holds(gold, row.value) for gold in question.answers)}
    given = given_by(answer)
    return next((row for row in question.timeline if row.moment not in own and holds(given, row.value)), None)


def is_stale(question: Question, answer: Answer) -> bool | None:
    """Whether an older value was given as the one asked for; None where there is no older one or no answer."""
    values = [row.value for row in question.timeline]
    own = next((i for i, value in enumerate(values) if any(holds(gold, value) for gold in question.answers)), None)
    if own in (None, 0) or question.all or question.computed or answer.text is None:
        return None
    given = other_time(question, answer)
    return given is not None and given.value in values[:own]


def failure(
    question: Question, answer: Answer, places: Places, read: Sequence[Span], texts: Mapping[int, str]
) -> str | None:
    """Why an answer is not right, the earliest step first; None where it is right.

    ``read`` holds what the reader offered, ``texts`` the stored texts by document.
    """
    if is_right(question, answer):
        return None
    if question.unanswerable:
        return INVENTED
    if other_time(question, answer):
        return WRONG_TIME
    if not any(_is_evidence(question, places, hit.passage, texts) for hit in answer.hits):
        return NOT_RETRIEVED
    if not any(_is_offered(question, places, one, texts) for one in read):
        return NOT_READ
    return ABSTAINED if answer.text is None else NOT_CHOSEN


def _is_evidence(question: Question, places: Places, passage: Passage, texts: Mapping[int, str]) -> bool:
    """Whether a passage has gold evidence in it; without gold evidence, a right answer."""
    if places:
        return touches(places, passage.document_id, passage.start, passage.end)
    return any(holds(texts[passage.document_id][passage.start : passage.end], gold) for gold in question.answers)


def _is_offered(question: Question, places: Places, one: Span, texts: Mapping[int, str]) -> bool:
    """Whether the reader offered the right words, and from the evidence."""
    number = one.passage.document_id
    if places and not touches(places, number, one.sentence_start, one.sentence_end):
        return False
    words = texts[number][one.start : one.end]
    spelled = not (decides(question) or question.computed or question.category == "describe")
    return not spelled or any(holds(words, gold) or holds(gold, words) for gold in question.answers)
