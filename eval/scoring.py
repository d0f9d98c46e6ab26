"""Every question of a set asked once, and what became of it."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from eval import judging
from eval.judging import Places
from eval.sets import SetError
from eval.validate import Evidence, Question
from rag.store import Reading, reading
from rag.types import Answer, Hit, Passage, Span

if TYPE_CHECKING:
    from rag.seams import Reader

MEASURES = ("Success@1", "Success@5", "R@10", "RR@10", "nDCG@10")


@dataclass(frozen=True, slots=True)
class Quote:
    """A citation as the report shows it. ``exact``: the words stand in the stored text; ``supports``: rightly cited."""

    number: int
    doc: str
    published: str
    quote: str
    exact: bool
    supports: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """One question and what became of it. None stands for a figure that does not apply.

    ``ranks`` are those of the passages with gold evidence, ``lacking`` the evidence that no document holds;
    ``confidence`` is the product's; ``seconds`` are by stage.
    """

    question: Question
    text: str | None
    short: str | None
    reason: str | None
    confidence: float
    moment: str | None
    quotes: tuple[Quote, ...]
    right: bool
    exact: float | None
    f1: float | None
    set_f1: float | None
    citation_precision: float | None
    citation_recall: float | None
    stale: bool | None
    failure: str | None
    invented: tuple[str, ...]
    ranks: tuple[int, ...]
    retrieval: Mapping[str, float]
    lacking: tuple[Evidence, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether there was an answer, right or wrong."""
        return self.text is not None


class Asks(Protocol):
    """What answers questions from a library: Vouch, or a peer that is measured by the same rule."""

    @property
    def library(self) -> Path:
        """Where the documents are stored that it cites."""

    def ask(self, question: str, as_of: str | None = None, history: Sequence[tuple[str, str]] = ()) -> Answer:
        """One answer."""


class Recorder:
    """A reader that keeps what it offered for the last question; it stands where the reader stands."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.offered: list[Span] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        """As the reader does."""
        found = self._reader.read(question, hits)
        self.offered += found
        return found


class Library:
    """The documents that a set is scored against, as they are stored."""

    def __init__(self, view: Reading) -> None:
        self._view = view
        self.documents = {document.id: document for document in view.documents()}

    @cached_property
    def texts(self) -> dict[int, str]:
        """Stored texts by document."""
        return {number: document.text for number, document in self.documents.items()}

    @cached_property
    def passages(self) -> list[Passage]:
        """Every passage that can be found."""
        return self._view.passages(self._view.vectors()[0])

    def places(self, question: Question) -> dict[int, list[tuple[int, int]]]:
        """Where the evidence of a question stands, by document; see :meth:`lacks` for what stands nowhere."""
        found: dict[int, list[tuple[int, int]]] = {}
        for evidence in question.evidence:
            for number, span in self._spans(evidence):
                found.setdefault(number, []).append(span)
        return found

    def lacks(self, question: Question) -> tuple[Evidence, ...]:
        """The evidence that no document holds: it was not indexed, or its words are not those of the stored text."""
        return tuple(evidence for evidence in question.evidence if not self._spans(evidence))

    def _spans(self, evidence: Evidence) -> list[tuple[int, tuple[int, int]]]:
        words = re.compile(r"[\s\u200b]+".join(map(re.escape, evidence.quote.split())))
        named = [document for document in self.documents.values() if name_of(document.source) == evidence.doc]
        return [(document.id, match.span()) for document in named for match in words.finditer(document.text)]


def name_of(source: str) -> str:
    """A document as sets name it: its file name."""
    return Path(source).name


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    answer: Answer
    offered: tuple[Span, ...]
    seconds: float


def ask_all(assistant: Asks, recorder: Recorder, questions: Sequence[Question], name: str) -> list[Scored]:
    """Ask each question once, with a bar under ``name``, and judge what comes back. Raises SetError."""
    from tqdm import tqdm

    with reading(assistant.library) as view:
        library = Library(view)
        places = [library.places(question) for question in questions]
        if not any(places) and any(question.evidence for question in questions):
            raise SetError("the library holds none of the evidence: name the library that the questions are about")
        bar = tqdm(questions, desc=name, unit=" questions", leave=False, disable=None)
        asked = [_ask(assistant, recorder, question) for question in bar]
        retrieval = retrieval_measures(asked, places, library)
        return [_scored(*entry, library) for entry in zip(asked, places, retrieval, strict=True)]


def _ask(assistant: Asks, recorder: Recorder, question: Question) -> _Asked:
    recorder.offered = []
    started = time.perf_counter()
    answer = assistant.ask(question.question, question.as_of, question.history)
    return _Asked(question, answer, tuple(recorder.offered), time.perf_counter() - started)


def retrieval_measures(asked: Sequence[_Asked], places: Sequence[Places], library: Library) -> list[dict[str, float]]:
    """``MEASURES`` of the hits that each answer carries, against every passage with gold evidence, by ir_measures."""
    import ir_measures

    qrels, run = [], []
    for number, (one, where) in enumerate(zip(asked, places, strict=True)):
        relevant = [p for p in library.passages if judging.touches(where, p.document_id, p.start, p.end)]
        qrels += [ir_measures.Qrel(str(number), str(passage.id), 1) for passage in relevant]
        run += [
            ir_measures.ScoredDoc(str(number), str(hit.passage.id), -rank) for rank, hit in enumerate(one.answer.hits)
        ]
    found: list[dict[str, float]] = [{} for _ in asked]
    for metric in ir_measures.iter_calc([ir_measures.parse_measure(name) for name in MEASURES], qrels, run):
        found[int(metric.query_id)][str(metric.measure)] = float(metric.value)
    for values, one in zip(found, asked, strict=True):
        if one.question.unanswerable:
            values.clear()  # its evidence is the near miss
    return found


def _scored(one: _Asked, places: Places, retrieval: Mapping[str, float], library: Library) -> Scored:
    question, answer = one.question, one.answer
    exact, f1 = judging.nearness(question, answer) or (None, None)
    documents = {citation.document_id: library.documents[citation.document_id] for citation in answer.citations}
    return Scored(
        question=question,
        text=answer.text,
        short=answer.short,
        reason=answer.reason,
        confidence=answer.confidence,
        moment=answer.moment.label if answer.moment else None,
        quotes=_quotes(question, answer, places, library),
        right=judging.is_right(question, answer),
        exact=exact,
        f1=f1,
        set_f1=judging.set_nearness(question, answer),
        citation_precision=judging.citation_precision(question, answer, places),
        citation_recall=judging.citation_recall(question, answer, places),
        stale=judging.is_stale(question, answer),
        failure=judging.failure(question, answer, places, one.offered, library.texts),
        invented=tuple(judging.invented(answer, documents)),
        ranks=tuple(
            rank
            for rank, hit in enumerate(answer.hits, 1)
            if judging.touches(places, hit.passage.document_id, hit.passage.start, hit.passage.end)
        ),
        retrieval=retrieval,
        lacking=library.lacks(question),
        seconds={**answer.timings, "all": one.seconds},
    )


def _quotes(question: Question, answer: Answer, places: Places, library: Library) -> tuple[Quote, ...]:
    numbers = {citation.number for citation in judging.shown(answer)}
    return tuple(
        Quote(
            citation.number,
            name_of(citation.source),
            str(citation.published),
            citation.quote,
            library.texts[citation.document_id][citation.start : citation.end] == citation.quote,
            judging.supports(question, citation, places),
            citation.number in numbers,
        )
        for citation in answer.citations
    )
