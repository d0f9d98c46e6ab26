"""Figures that fit a question by the words around them: of the stage asked about, with all else the question names.

A reader knows the words of a question and of a paper by their likeness; that "put in for" and "received" are one
thing, and "received" and "approved" two, it knows badly. Where a paper's own words say that a figure counts just what
is asked, that is a reason of its own to believe it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.picking import missing_words
from rag.quantities import quantities
from rag.questions import singular
from rag.stages import besides, counted_at_a_stage, other_stage, stages_asked
from rag.statements import Statement
from rag.types import Document

_SCHEMES = re.compile(r"\b(?:schemes?|programmes?|programs?)\b", re.IGNORECASE)
FITS = 0.5  # how far towards certainty it brings a figure
OTHER = 0.25  # what is left of the belief in a figure that is told to be of another stage
SENTENCES_BACK = 2


def surer(question: str, said: Sequence[Statement], documents: Mapping[int, Document]) -> list[Statement]:
    """The statements, best first: surer where their words fit the question, less sure where they tell another stage."""
    stages = stages_asked(question)
    one_stage = len(stages) == 1 and not next(iter(stages)).startswith("not ")
    named = besides(question)
    weighed = []
    for one in said:
        score = one.score
        if one.quantity and (other_stage(question, one.clause) or _counts_another(question, one.quantity.unit)):
            score *= OTHER
        elif one_stage and _fits(question, named, one, documents):
            score = 1 - (1 - score) * (1 - FITS)
        span, given = replace(one.span, score=score), replace(one.given, score=score)
        weighed.append(replace(one, span=span, given=given))
    return sorted(weighed, key=lambda one: -one.score)


def _counts_another(question: str, unit: str) -> bool:
    """Whether a figure counts a thing that the question names, but does not count: companies, not jobs."""
    counted = _COUNTED.search(question)
    if counted is None or not unit:
        return False
    named, asked = ({singular(word) for word in re.findall(r"[\w-]+", text.lower())} for text in (question, counted[1]))
    return singular(unit.lower()) in named - asked


_COUNTED = re.compile(
    r"\bhow many ((?:[\w'’-]+ ){0,4}?[\w'’-]+)"
    r"(?= (?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|of|in"
    r"|at|on|for|by|from|to|who|that|which|with|under)\b|\W*$)",
    re.IGNORECASE,
)


def _fits(question: str, named: Sequence[str], one: Statement, documents: Mapping[int, Document]) -> bool:
    if one.quantity is None or not counted_at_a_stage(one.quantity.unit) or len(quantities(one.words)) != 1:
        return False
    if other_stage(question, one.clause) is not False:
        return False
    around = _around(one, documents[one.span.passage.document_id])
    missing = missing_words(" ".join(named), [around, _SCHEMES.sub("scheme programme program", around)])
    initials = "".join(re.findall(r"\b([A-Z])\w", around))
    return all(word.upper() in named and word.upper() in initials for word in missing)


def _around(one: Statement, document: Document) -> str:
    """The sentence, those just before it, the headings and the title it stands under."""
    passage, offset = one.span.passage, one.span.passage.start
    starts = [start for start, _ in passage.sentences if start <= one.span.sentence_start]
    start = starts[-SENTENCES_BACK - 1 :][0] if starts else one.span.sentence_start
    return "\n".join((document.title, *passage.headings, passage.text[start - offset : one.span.sentence_end - offset]))
