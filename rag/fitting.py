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
from rag.stages import besides, counted_at_a_stage, other_stage, stages_asked
from rag.statements import Statement
from rag.types import Document

_SCHEMES = re.compile(r"\b(?:schemes?|programmes?|programs?)\b", re.IGNORECASE)
FITS = 0.5  # how far towards certainty it brings a figure
SENTENCES_BACK = 2


def surer(question: str, said: Sequence[Statement], documents: Mapping[int, Document]) -> list[Statement]:
    """The statements, best first; those that fit the question by their words are nearer to certain than they were."""
    stages = stages_asked(question)
    if len(stages) != 1 or next(iter(stages)).startswith("not "):
        return list(said)
    named = besides(question)
    raised = [_surer(one) if _fits(question, named, one, documents) else one for one in said]
    return sorted(raised, key=lambda one: -one.score)


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


def _surer(one: Statement) -> Statement:
    score = 1 - (1 - one.score) * (1 - FITS)
    return replace(one, span=replace(one.span, score=score), given=replace(one.given, score=score))
