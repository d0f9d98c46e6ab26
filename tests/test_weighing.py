"""Every possible answer that was read has a fate, and the fate is the true one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Assistant, index
from rag.types import Fate, Hit, Span

PAPER = (
    "Harbour figures\n\n4 March 2024\n\nAs at end-February 2024, 5 200 permits had been granted. "
    "As at end-March 2023, 3 100 permits had been granted.\n\n"
    "The Secretary for Tides, Mr Jo Field, spoke. The Secretary for Sails, Ms Ada May Wong, spoke too.\n"
)


class MarkingReader:
    """Marks given words, each as sure as told."""

    def __init__(self, **sure: float) -> None:
        self.sure = {words.replace("_", " "): score for words, score in sure.items()}

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        spans = []
        for passage in (hit.passage for hit in hits):
            for words, score in self.sure.items():
                at = passage.text.find(words)
                if at >= 0:
                    start = passage.start + at
                    around = passage.sentence_around(start, start + len(words))
                    spans.append(Span(passage, start, start + len(words), *around, score))
        return sorted(spans, key=lambda span: -span.score)


def fates(tmp_path: Path, embedder: WordEmbedder, question: str, **sure: float) -> dict[str, Fate]:
    (tmp_path / "paper.txt").write_text(PAPER)
    index(tmp_path / "paper.txt", tmp_path / "library", embedder=embedder)
    answer = Assistant(tmp_path / "library", embedder=embedder, reader=MarkingReader(**sure)).ask(question)
    for one in answer.candidates:
        assert PAPER.replace("\n\n", "\n\n")[one.start : one.end] == one.words
    return {one.words: one.fate for one in answer.candidates}


def test_figures_are_in_the_answer_or_told_why_not(tmp_path: Path, embedder: WordEmbedder) -> None:
    sure = {"5 200": 0.9, "3 100": 0.85, "end-February": 0.05}
    known = fates(tmp_path, embedder, "How many permits had been granted by end-March 2023?", **sure)
    assert known["3 100"] is Fate.ANSWERS
    assert known["5 200"] is Fate.ANOTHER_TIME
    assert "end-February" not in known  # it is no figure


def test_another_office_is_told_apart(tmp_path: Path, embedder: WordEmbedder) -> None:
    known = fates(tmp_path, embedder, "Who is the Secretary for Sails?", Jo_Field=0.6, Ada_May_Wong=0.8)
    assert known == {"Ms Ada May Wong": Fate.ANSWERS, "Jo Field": Fate.ANOTHER_OFFICE}


def test_what_is_less_sure_than_it_must_be_is_told_so(tmp_path: Path, embedder: WordEmbedder) -> None:
    known = fates(tmp_path, embedder, "Who spoke?", Jo_Field=0.1, Ada_May_Wong=0.004)
    assert known == {"Jo Field": Fate.UNSURE}  # what is hardly meant at all is not told


def test_a_document_that_names_no_such_session_is_told_so(tmp_path: Path, embedder: WordEmbedder) -> None:
    assert fates(tmp_path, embedder, "Who spoke at the sixth session?", Jo_Field=0.9) == {"Jo Field": Fate.UNNAMED}


@pytest.mark.parametrize("score", [0.7, 0.3])
def test_others_are_surer(tmp_path: Path, embedder: WordEmbedder, score: float) -> None:
    known = fates(tmp_path, embedder, "Who spoke?", Jo_Field=0.9, Ada_May_Wong=score)
    assert known["Jo Field"] is Fate.ANSWERS
    assert known["Ada May Wong"] is Fate.PASSED_OVER
