"""SQuAD 1.1 and 2.0: each question read over its own passage, scored by the official definition."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from eval.metrics import agreement, exact_match, f1
from eval.reading import as_hit
from eval.scoring import Scored
from eval.sets import choice, squad
from eval.validate import Question
from rag.answering import MIN_CONFIDENCE

if TYPE_CHECKING:
    from rag.seams import Reader


@dataclass(frozen=True, slots=True)
class Official:
    """The official figures, from 0 to 1; None where no question is of that kind."""

    exact: float
    f1: float
    has_answer_f1: float | None
    no_answer: float | None


def official(given: Mapping[str, str], gold: Mapping[str, Sequence[str]]) -> Official:
    """As SQuAD 2.0 defines them: the empty answer is right exactly where there is none; a missing one is empty."""
    matches = {key: exact_match(given.get(key, ""), answers) for key, answers in gold.items()}
    overlaps = {key: f1(given.get(key, ""), answers) for key, answers in gold.items()}
    has = [overlaps[key] for key, answers in gold.items() if answers]
    none = [overlaps[key] for key, answers in gold.items() if not answers]
    return Official(
        mean(matches.values()), mean(overlaps.values()), mean(has) if has else None, mean(none) if none else None
    )


def score(path: Path, reader: Reader, limit: int | None = None) -> tuple[list[Scored], Official]:
    """Every question (or a choice of ``limit``) read and scored; below the default confidence nothing is answered."""
    from tqdm import tqdm

    asked = choice(squad(path), limit)
    scored = [_ask(question, passage, reader) for question, passage in tqdm(asked, desc=path.stem, disable=None)]
    given = {one.question.id: one.short or "" for one in scored}
    return scored, official(given, {question.id: question.answers for question, _ in asked})


def _ask(question: Question, passage: str, reader: Reader) -> Scored:
    started = time.perf_counter()
    spans = reader.read(question.question, [as_hit(passage)])
    seconds = time.perf_counter() - started
    sure = bool(spans) and spans[0].score >= MIN_CONFIDENCE
    short = passage[spans[0].start : spans[0].end] if sure else None
    exact, overlap = agreement(short or "", question.answers)
    right = short is None if question.unanswerable else exact == 1
    return Scored(
        question=question,
        text=short,
        short=short,
        reason=None if sure else "no words of the passage answer with enough certainty",
        confidence=spans[0].score if spans else 0.0,
        moment=None,
        quotes=(),
        right=right,
        exact=None if question.unanswerable else exact,
        f1=None if question.unanswerable else overlap,
        set_f1=None,
        citation_precision=None,
        citation_recall=None,
        stale=None,
        failure=None if right else _failure(question, sure),
        invented=(),
        ranks=(),
        retrieval={},
        seconds={"all": seconds},
    )


def _failure(question: Question, sure: bool) -> str:
    from eval.judging import ABSTAINED, INVENTED, NOT_CHOSEN

    if question.unanswerable:
        return INVENTED
    return NOT_CHOSEN if sure else ABSTAINED
