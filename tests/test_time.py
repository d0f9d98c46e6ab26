"""Questions about time, from documents to what a person sees; a fake reader offers every figure it meets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Assistant, index
from rag.errors import RagError
from rag.plotting import plot_timeline
from rag.quantities import quantities
from rag.rendering import answer_text, to_json
from rag.stages import other_stage, told_of
from rag.types import Answer, Hit, Span

NOTICES = {
    "march.txt": "Housing Board, 10 March 2023\n\nBy end-February 2023 the Board had received 900 applications for"
    " flats. Of these, about 500 applications had been granted.",
    "september.txt": "Housing Board, 1 September 2023\n\nTo date 1 400 applications for flats have been received and"
    " over 800 applications approved.",
    "february.txt": "Housing Board, 5 February 2024\n\nAs at the end of last month, the Board had approved more than"
    " 1 100 applications for flats.",
}  # fmt: skip


class FigureReader:
    """Every figure, those of the stage asked about with more confidence."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Span]:
        spans = []
        for passage in (hit.passage for hit in hits):
            for low, high in passage.sentences:
                sentence = passage.text[low - passage.start : high - passage.start]
                for figure in quantities(sentence):
                    other = other_stage(question, told_of(sentence, figure.start, figure.end))
                    score = {False: 0.8, None: 0.3, True: 0.1}[other]
                    spans.append(Span(passage, low + figure.start, low + figure.end, low, high, score))
        return sorted(spans, key=lambda span: -span.score)


@pytest.fixture
def assistant(tmp_path: Path, embedder: WordEmbedder) -> Assistant:
    folder = tmp_path / "notices"
    folder.mkdir()
    for name, text in NOTICES.items():
        (folder / name).write_text(text, "utf-8")
    index(folder, tmp_path / "library", embedder=embedder)
    return Assistant(tmp_path / "library", embedder=embedder, reader=FigureReader(), min_confidence=0.2)


QUESTION = "How many applications for flats have been approved?"


def timeline(answer: Answer) -> list[tuple[str, str]]:
    return [(point.value, point.moment.label) for point in answer.timeline]


def test_the_latest_value_answers_and_the_series_goes_with_it(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert answer.short == "more than 1 100"
    assert timeline(answer) == [
        ("about 500", "end-February 2023"),
        ("over 800", "1 September 2023"),
        ("more than 1 100", "end-January 2024"),
    ]
    for point in answer.timeline:
        assert point.value in point.citation.quote and point.citation in answer.citations
        assert point.quantity is not None
        assert point.value[point.quantity.start : point.quantity.end].replace(" ", "") == str(point.quantity.number)
    shown = answer_text(answer)
    assert "as at end-January 2024, published 5 February 2024" in shown
    assert "end-February 2023  about 500" in shown
    assert json.loads(json.dumps(to_json(answer)))["timeline"][0]["quantity"]["number"] == 500


@pytest.mark.parametrize(
    ("question", "as_of", "short"),
    [
        (QUESTION, "2023-12-31", "over 800"),
        (QUESTION, "2023-03-31", "about 500"),
        ("How many applications for flats had been approved by March 2023?", None, "about 500"),
        ("How many applications for flats had been approved at the end of January 2024?", None, "more than 1 100"),
        ("How many applications for flats had been approved by the end of last year?", "2024-03-01", "over 800"),
        ("How many applications for flats were received?", None, "1 400"),
        ("What is the latest number of applications received?", "2023-03-31", "900"),
    ],
)
def test_as_it_stood_then(assistant: Assistant, question: str, as_of: str | None, short: str) -> None:
    assert assistant.ask(question, as_of).short == short


def test_what_was_not_yet_known_says_when_it_came(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION, "2023-01-31")
    assert answer.text is None
    assert "31 January 2023" in str(answer.reason) and "10 March 2023" in str(answer.reason)


def test_beyond_the_last_document_the_latest_value_is_named(assistant: Assistant) -> None:
    answer = assistant.ask("How many applications for flats had been approved by the end of 2025?")
    assert answer.text is None and answer.short is None
    for words in ("end-2025", "more than 1 100", "as at end-January 2024", "published 5 February 2024"):
        assert words in str(answer.reason)
    assert timeline(answer)[-1] == ("more than 1 100", "end-January 2024")
    assert "more than 1 100" in answer_text(answer)


def test_a_change_is_computed_from_two_cited_values(assistant: Assistant) -> None:
    answer = assistant.ask(
        "By how much did the number of approved applications grow between end-February 2023 and end-January 2024?"
    )
    assert str(answer.short).startswith("about 600") and answer.computed
    assert {"about 500", "more than 1 100"} <= {quote for c in answer.citations for quote in
                                                ("about 500", "more than 1 100") if quote in c.quote}  # fmt: skip


def test_a_course_tells_the_whole_series(assistant: Assistant) -> None:
    answer = assistant.ask("How has the number of approved applications for flats changed over time?")
    assert answer.short == (
        "about 500 (end-February 2023) → over 800 (1 September 2023) → more than 1 100 (end-January 2024)"
    )
    assert len(answer.citations) == 3


def test_when_a_mark_was_passed(assistant: Assistant) -> None:
    answer = assistant.ask("When did the number of approved applications first exceed 800?")
    assert str(answer.short).startswith("1 September 2023 (over 800, after about 500")
    assert assistant.ask("When did the number of approved applications first exceed 5 000?").text is None


def test_sources_that_differ_stand_side_by_side(tmp_path: Path, embedder: WordEmbedder, assistant: Assistant) -> None:
    other = tmp_path / "notices" / "other.txt"
    other.write_text(
        "Housing Bureau, 12 March 2023\n\nBy end-February 2023 the Board had approved 650 applications for flats."
    )
    index(tmp_path / "notices", assistant.library, embedder=embedder)
    answer = assistant.ask("How many applications for flats had been approved by March 2023?")
    assert {point.value for point in answer.conflicts} == {"about 500", "650"}
    assert str(answer.text).startswith("The documents differ:") and len(answer.citations) >= 2


def test_a_series_is_drawn(assistant: Assistant, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    answer = assistant.ask(QUESTION)
    for name in ("series.png", "series.svg"):
        plot_timeline("Approved $ flats", answer.timeline, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 5_000
    with pytest.raises(RagError, match="PNG or SVG"):
        plot_timeline("", answer.timeline, tmp_path / "series.exe")
    with pytest.raises(RagError, match="no series"):
        plot_timeline("", (), tmp_path / "none.png")
